// `npm run bench [-- TRIAL…]`: runs the trials, each beside its floor, in processes of their own and in turn, several
// times over. Prints medians and spread, writes build/bench.json, and exits with 1 when a goal is missed.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { fail, findPythons, require, root, run } from "../tools/common.mjs";
import { median } from "./statistics.mjs";
import { trials } from "./trials.mjs";

const REPETITIONS = { time: 5, growth: 3, delay: 3 };
const UNITS = { time: "ns", growth: "KB", delay: "µs" };
const out = path.join(root, "build");

const wanted = process.argv.slice(2);
const chosen = trials.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (chosen.length === 0) fail(`No such trial. There are: ${trials.map((t) => t.name).join(", ")}`);

const [python] = findPythons();
buildFloor();
const results = runAll().map(({ trial, figures }) => judge(trial, figures));
const machine = { python: python.version, node: process.version, cpu: cpus()[0]?.model ?? "" };
writeFileSync(path.join(out, "bench.json"), JSON.stringify({ ...machine, results }, null, 2));
print();
process.exit(results.every(({ met }) => met) ? 0 : 1);

function buildFloor() {
  const folder = path.join(out, "bench", "floor");
  const definitions = {
    CMAKE_BUILD_TYPE: "Release",
    NODE_API_INCLUDE: require("node-api-headers").include_dir,
    PYTHON_INCLUDE: python.include,
    PYTHON_LIBRARY: python.library,
  };
  const defined = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  const source = path.join(import.meta.dirname, "floor");
  run("cmake", ["-S", source, "-B", folder, "--log-level=NOTICE", ...defined]);
  run("cmake", ["--build", folder]);
}

/** The figures of every repetition; the trials take turns, so that a slow minute does not hit one alone. */
function runAll() {
  const all = chosen.map((trial) => ({ trial, figures: [] }));
  for (let i = 0; i < Math.max(...Object.values(REPETITIONS)); i++)
    for (const { trial, figures } of all)
      if (i < REPETITIONS[trial.kind]) figures.push(runOnce(trial));
  return all;
}

function runOnce({ kind, name }) {
  if (kind !== "growth") return runChild(name);
  const { subject } = runChild(name, "subject");
  const { floor } = runChild(name, "floor");
  return { subject, floor, ratio: subject / floor };
}

function runChild(...args) {
  const file = path.join(import.meta.dirname, "trial.mjs");
  const text = execFileSync(process.execPath, ["--expose-gc", file, ...args], {
    encoding: "utf8",
    env: { ...process.env, VH_PYTHON: python.executable },
    timeout: 600_000,
  });
  return JSON.parse(text);
}

function judge({ name, what, against, kind, goal }, figures) {
  const of = (key) => {
    const values = figures.map((f) => f[key]);
    return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
  };
  const [subject, floor, ratio] = [of("subject"), of("floor"), of("ratio")];
  const met = goal.ratio === undefined ? subject.median < goal.value : ratio.median < goal.ratio;
  return {
    name,
    what,
    against,
    unit: UNITS[kind],
    goal,
    subject,
    floor,
    ratio,
    ...(kind === "delay" && { most: of("most"), share: of("share") }),
    met,
  };
}

function print() {
  console.log(`\nPython ${machine.python}, Node ${machine.node}, ${machine.cpu}`);
  console.log(
    "Processor time, but delays by the clock; medians of several processes, the least and the most in brackets.\n",
  );
  for (const { what, against, unit, goal, subject, floor, ratio, most, share, met } of results) {
    const limit = goal.ratio === undefined ? `${goal.value} ${unit}` : `${goal.ratio} times`;
    console.log(`${what}\n  ${spread(subject, unit)}`);
    console.log(`  ${against}: ${spread(floor, unit)}; ratio ${spread(ratio, "")}`);
    if (most)
      console.log(
        `  at most ${spread(most, unit)}; threads' speed ${spread(share, "times that alone")}`,
      );
    console.log(`  goal: under ${limit}: ${met ? "met" : "MISSED"}\n`);
  }
}

function spread({ median, min, max }, unit) {
  const [middle, least, most] = [median, min, max].map((v) => v.toFixed(v < 100 ? 2 : 0));
  return `${middle} ${unit}`.trim() + ` [${least} … ${most}]`;
}
