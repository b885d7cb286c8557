import { median } from "../statistics.mjs";
import { takeTurns } from "./time.mjs";

const ROUNDS = 15;

/** Nanoseconds of one execution of each line of a series, point by point. */
export async function measureSeries({ points, lines }, bench) {
  const names = Object.keys(lines);
  const measured = [];
  for (const x of points) {
    const runs = Object.values(lines).map((line) => line(bench, x));
    const samples = await takeTurns(runs, { rounds: ROUNDS });
    const medians = names.map((name, i) => [name, median(samples[i])]);
    measured.push({ x, ...Object.fromEntries(medians) });
  }
  return measured;
}
