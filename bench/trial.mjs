// One trial in a process of its own: `node --expose-gc bench/trial.mjs TAG NAME [subject|floor]` prints its figures as
// JSON. TAG is that of the Python, which VH_PYTHON names.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { ScriptHost } from "../dist/index.js";
import { built } from "./build.mjs";
import { measureGrowth } from "./measures/growth.mjs";
import { measureSeries } from "./measures/series.mjs";
import { compareTimes } from "./measures/time.mjs";
import { addInts, getUserClass } from "./trials/functions.mjs";
import { trials } from "./trials/index.mjs";

const HOOKS = path.join(import.meta.dirname, "scripts", "hooks.py");

const [tag, name, side] = process.argv.slice(2);
const trial = trials.find((t) => t.name === name);
const ends = [];
const folder = mkdtempSync(path.join(tmpdir(), "vh-bench-"));
const measures = { time: compareTimes, growth: measureGrowth, series: measureSeries };
const measure = trial.measure ?? measures[trial.kind];
const figures = await measure(trial, setUp(), side);
for (const end of ends) await end();
rmSync(folder, { recursive: true });
console.log(JSON.stringify(figures));

/** What trials get: a host with scripts/hooks.py, the floors' addon, and what makes more. */
function setUp() {
  // Before the addon, which needs a Python that runs.
  const host = open();
  const script = host.load(HOOKS);
  const floor = createRequire(import.meta.url)(built(tag, "floor", "floor.node"));
  return { host, script, floor, openWith, write, atEnd: (end) => ends.push(end) };
}

function open() {
  const host = new ScriptHost({ hub: { GetUserClass: getUserClass } });
  host.register("add", addInts);
  ends.push(() => host.close());
  return host;
}

/** A host of its own for so many copies of the script. */
function openWith(scripts) {
  const host = open();
  for (let i = 0; i < scripts; i++) host.load(HOOKS);
  return host;
}

/** A script of the given source, to be loaded. */
function write(source) {
  const file = path.join(folder, "trial.py");
  writeFileSync(file, source);
  return file;
}
