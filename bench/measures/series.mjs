import { median } from "../statistics.mjs";
import { takeTurns } from "./time.mjs";

const ROUNDS = 15;

/** Nanoseconds of one execution of each line of a series, point by point. */
export function measureSeries({ points, lines }, bench) {
  return points.map((x) => {
    const samples = takeTurns(
      Object.values(lines).map((line) => line(bench, x)),
      ROUNDS,
    );
    return {
      x,
      ...Object.fromEntries(Object.keys(lines).map((name, i) => [name, median(samples[i])])),
    };
  });
}
