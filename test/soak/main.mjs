// `npm run soak -- [--minutes N] [--seed S]`: a hub that loads, reloads and unloads scripts at random, whose threads block
// in every way there is and whose hooks hang. Exit code 1 when an invariant broke, or when the hub was silent too long:
// then the threads' stacks are printed, as far as gdb is there to read them.
import { fork, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { parseArgs } from "node:util";

const SILENCE_MS = 20_000;
const MOST_LATE = 0.1; // of what has a deadline, which the machine may be too busy for
const MOST_KB_PER_LOAD = 800; // CPython keeps 470 of an interpreter with asyncio, 3.13 735

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const folder = mkdtempSync(path.join(tmpdir(), "vh-soak-"));
const child = fork(
  path.join(import.meta.dirname, "hub.mjs"),
  [String(Number(values.minutes) * 60), String(seed)],
  { cwd: folder, execArgv: ["--expose-gc"], detached: true }, // a group, to end with all that it has started
);
let last = { doing: "its start" };
let round = 0;
let bad; // the first round with a problem
let result;
let watch;

child.on("message", (message) => {
  if (message.doing) last = message;
  else if (message.problem) {
    console.log(`PROBLEM: ${message.problem}`);
    bad ??= round;
  } else if (message.result) result = message.result;
  else {
    round = message.round + 1;
    console.log(`round ${message.round}: ${megabytes(message.rssKb)}, ${list(message.counts)}`);
  }
  rewind();
});
child.on("exit", (code, signal) => {
  clearTimeout(watch);
  endAll();
  rmSync(folder, { recursive: true, force: true });
  const good = report() && code === 0;
  if (!result) console.log(`The hub ended with ${signal ?? `exit code ${code}`} in: ${last.doing}`);
  if (!good) console.log(`Again: npm run soak -- --minutes 1 --seed ${seed + (bad ?? round)}`);
  console.log(good ? "soak: passed" : "soak: FAILED");
  process.exit(good ? 0 : 1);
});
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    endAll();
    process.exit(130);
  });
rewind();

function endAll() {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // None is left.
  }
}

/** The hub has told something: the wait begins anew. */
function rewind() {
  clearTimeout(watch);
  watch = setTimeout(() => {
    console.log(`No word for ${SILENCE_MS / 1000} s. The last: ${last.doing}`);
    printState();
    endAll();
  }, SILENCE_MS);
}

function printState() {
  const tasks = `/proc/${child.pid}/task`;
  for (const task of readdirSync(tasks)) {
    const [name, where] = ["comm", "wchan"].map((file) =>
      readFileSync(path.join(tasks, task, file), "utf8").trim(),
    );
    console.log(`thread ${task} ${name}: ${where}`);
  }
  const stacks = ["-batch", "-ex", "thread apply all backtrace 15"];
  spawnSync("gdb", ["-p", String(child.pid), ...stacks], { stdio: "inherit", timeout: 60_000 });
}

/** Prints what came of it; whether it is good. */
function report() {
  if (!result) return false;
  const { python, counts, worst, levels, problems } = result;
  const growth = growthPerLoad(levels);
  const slowest = Object.fromEntries(Object.entries(worst).map(([k, v]) => [k, Math.round(v)]));
  console.log(`Python ${python}, seed ${seed}, ${values.minutes} min, ${levels.length} rounds`);
  console.log(`${list(counts)}\nlongest, in ms: ${list(slowest)}`);
  console.log(`memory: ${growth.toFixed()} KB a load; at most ${MOST_KB_PER_LOAD}`);
  const late = shareOfLate(counts);
  console.log(`${problems.length} problems, ${(late * 100).toFixed(1)} % late`);
  return problems.length === 0 && late <= MOST_LATE && growth <= MOST_KB_PER_LOAD;
}

/** Of loads, thread starts and ends. */
function shareOfLate(counts) {
  const late = Object.keys(counts).filter((what) => what.endsWith("in time no more"));
  const sum = (names) => names.reduce((total, name) => total + (counts[name] ?? 0), 0);
  return sum(late) / Math.max(sum(["loads", "thread starts", "ends", ...late]), 1);
}

/** Of the line through the levels after a warm-up of a third of them. */
function growthPerLoad(levels) {
  const points = levels.slice(Math.floor(levels.length / 3));
  const mean = (key) => points.reduce((sum, point) => sum + point[key], 0) / points.length;
  const [x, y] = [mean("loads"), mean("rssKb")];
  const sum = (term) => points.reduce((total, point) => total + term(point), 0);
  const spread = sum(({ loads }) => (loads - x) ** 2);
  return spread === 0 ? 0 : sum(({ loads, rssKb }) => (loads - x) * (rssKb - y)) / spread;
}

function list(numbers) {
  return Object.entries(numbers)
    .map(([name, number]) => `${name} ${number}`)
    .join(", ");
}

function megabytes(kb) {
  return `${(kb / 1024).toFixed()} MB`;
}
