// What comes of a trial's repetitions, and build/bench.json, which keeps it for each Python.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../tools/common.mjs";
import { spreadOf } from "./statistics.mjs";

const FILE = path.join(root, "build", "bench.json");
const UNITS = { time: "ns", native: "ns", growth: "KB", delay: "µs", series: "ns" };

/** Medians, spread, and whether the goals are met; `met` is undefined where there is none. */
export function judge({ name, theme, what, against, kind, goal, x, peers }, figures, ofPeers) {
  const common = { name, theme, what, unit: UNITS[kind], date: new Date().toISOString() };
  if (kind === "series") return { ...common, x, points: mergePoints(figures) };
  const of = (key) => spreadOf(figures.map((each) => each[key]));
  const [subject, floor, ratio] = [of("subject"), of("floor"), of("ratio")];
  const beside = ofPeers.map((peer) => comparePeer(peer, subject));
  const [value, limit] = goal?.ratio ? [ratio, goal.ratio] : [subject, goal?.value];
  const met = goal && value.median <= limit && beside.every(({ faster }) => !(faster < peers));
  return {
    ...common,
    against,
    ...(goal && { goal, met }),
    subject,
    floor,
    ratio,
    ...(kind === "delay" && "most" in figures[0] && { most: of("most"), share: of("share") }),
    ...(beside.length > 0 && { peers: beside, timesAsFast: peers }),
  };
}

/** How many times as fast as a peer; without a number where the peer cannot do it. */
function comparePeer({ name, version, figures, why }, subject) {
  if (!figures?.length) return { name, version, why };
  const spread = spreadOf(figures);
  return { name, version, subject: spread, faster: spread.median / subject.median };
}

function mergePoints(repetitions) {
  return repetitions[0].map((point, i) => {
    const { x, ...lines } = point;
    const merged = Object.keys(lines).map((line) => [
      line,
      spreadOf(repetitions.map((points) => points[i][line])),
    ]);
    return { x, lines: Object.fromEntries(merged) };
  });
}

/** All results that are kept, by Python's tag. */
export function readResults() {
  try {
    return JSON.parse(readFileSync(FILE, "utf8")).pythons ?? {};
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

/** Keeps results in place of earlier ones of the same trials. */
export function keepResults(tag, machine, results) {
  const all = readResults();
  const byName = new Map((all[tag]?.results ?? []).map((result) => [result.name, result]));
  for (const result of results) byName.set(result.name, result);
  all[tag] = { machine, results: [...byName.values()] };
  mkdirSync(path.dirname(FILE), { recursive: true });
  writeFileSync(FILE, JSON.stringify({ pythons: all }, null, 2));
}
