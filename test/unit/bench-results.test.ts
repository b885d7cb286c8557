// What `npm run bench` makes of the repetitions of a trial.
import { expect, it } from "vitest";
import { judge } from "../../bench/results.mjs";

/** Repetitions with a floor of 100 each. */
const took = (...subjects: number[]) =>
  subjects.map((subject) => ({ subject, floor: 100, ratio: subject / 100 }));

const peer = (...figures: number[]) => ({ name: "peer", version: "1", why: null, figures });

it("holds the median of the ratios against the goal", () => {
  const trial = { kind: "time", goal: { ratio: 1.7 } };
  expect(judge(trial, took(160, 900, 170), []).met).toBe(true);
  expect(judge(trial, took(160, 180, 171), []).met).toBe(false);
});

it("holds an amount against a goal that is one", () => {
  const trial = { kind: "delay", goal: { value: 15 } };
  expect(judge(trial, took(15), []).met).toBe(true);
  expect(judge(trial, took(16), []).met).toBe(false);
});

it("has no opinion of a trial without a goal", () => {
  expect(judge({ kind: "time" }, took(900), []).met).toBeUndefined();
});

it("wants each peer beaten by as much as the trial says", () => {
  const trial = { kind: "time", goal: { ratio: 2 }, peers: 2 };
  expect(judge(trial, took(100), [peer(200)]).met).toBe(true);
  expect(judge(trial, took(100), [peer(900), peer(190)]).met).toBe(false);
});

it("tells why a peer has no figures, and does not count it", () => {
  const absent = { ...peer(), why: "not installed" };
  const result = judge({ kind: "time", goal: { ratio: 2 }, peers: 2 }, took(100), [absent]);
  expect(result.met).toBe(true);
  expect(result.peers).toEqual([{ name: "peer", version: "1", why: "not installed" }]);
});

it("takes the middle of each point of a series", () => {
  const series = [1, 5, 3].map((ns) => [{ x: 10, dispatch: ns }]);
  expect(judge({ kind: "series" }, series, []).points).toEqual([
    { x: 10, lines: { dispatch: { median: 3, min: 1, max: 5 } } },
  ]);
});
