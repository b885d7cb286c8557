// One trial in a process of its own: `node --expose-gc bench/trial.mjs NAME [subject|floor]` prints its figures as JSON.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { ScriptHost } from "../dist/index.js";
import { measureDelay } from "./delay.mjs";
import { median } from "./statistics.mjs";
import { getUserClass, trials } from "./trials.mjs";

const WARM_UP_MS = 300;
const BATCH_MS = 5;
const ROUNDS = 60;
const WARM_UP_CYCLES = 50;

const [name, side] = process.argv.slice(2);
const trial = trials.find((t) => t.name === name);
const bench = setUp();
const measures = { time: compareTimes, growth: measureGrowth, delay: measureDelay };
const figures = await measures[trial.kind](bench, trial.threads);
bench.host.close();
rmSync(bench.folder, { recursive: true });
console.log(JSON.stringify(figures));

function setUp() {
  const host = new ScriptHost({ hub: { GetUserClass: getUserClass } });
  const script = host.load(path.join(import.meta.dirname, "script.py"));
  const floor = createRequire(import.meta.url)("../build/bench/floor/floor.node");
  const folder = mkdtempSync(path.join(tmpdir(), "vh-bench-"));
  const write = (source) => {
    const file = path.join(folder, "trial.py");
    writeFileSync(file, source);
    return file;
  };
  return { host, script, floor, folder, write };
}

/** Nanoseconds of one execution, subject and floor in turn. */
function compareTimes() {
  const sides = [trial.subject(bench), trial.floor(bench)].map((run) => ({ run, samples: [] }));
  for (const side of sides) side.batch = warmUp(side.run);
  for (let round = 0; round < ROUNDS; round++)
    for (const { run, batch, samples } of sides) samples.push(timed(run, batch) / batch);
  const [subject, floor] = sides.map(({ samples }) => samples);
  return {
    subject: median(subject),
    floor: median(floor),
    ratio: median(subject.map((ns, i) => ns / floor[i])),
  };
}

/** Runs until the machine code is settled; returns how many executions fill a batch. */
function warmUp(run) {
  let batch = 1;
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end;) {
    const ms = timed(run, batch) / 1e6;
    batch = Math.max(1, Math.round((batch * BATCH_MS) / Math.max(ms, BATCH_MS / 10)));
  }
  return batch;
}

/** Nanoseconds of processor time, which what else runs on the machine takes nothing of. */
function timed(run, n) {
  const start = process.cpuUsage();
  run(n);
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}

/** KB by which the process grows with one execution of one side. */
function measureGrowth() {
  const run = trial[side](bench);
  run(WARM_UP_CYCLES);
  const before = residentKb();
  run(trial.times);
  return { [side]: (residentKb() - before) / trial.times };
}

function residentKb() {
  globalThis.gc();
  return process.memoryUsage.rss() / 1024;
}
