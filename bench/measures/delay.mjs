// How long hooks take while threads of other scripts compute, and how much those get done.
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MESSAGE, NICK } from "../payloads.mjs";
import { median, quantile } from "../statistics.mjs";

const HOOKS = 2000;
const HOOKS_A_POINT = 300;
const ALONE_MS = 1000;

/** Microseconds: the 99th percentile and the most, without threads and with them; `share`: the threads' speed beside the
 * hub's hooks, about 1,000 of them a second, as a part of their speed alone. */
export async function measureDelay(bench, threads) {
  const threeCalls = () => bench.host.dispatch("OnUserCommand", "alice", "three calls");
  const floor = await serve(threeCalls, HOOKS);
  const scripts = compute(bench, threads);
  const alone = await speed(scripts, () => sleep(ALONE_MS));
  let subject;
  const beside = await speed(scripts, async () => {
    subject = await serve(threeCalls, HOOKS);
  });
  for (const script of scripts) script.unload();
  const [p99, p99Alone] = [subject, floor].map((times) => quantile(times, 0.99));
  return {
    subject: p99,
    floor: p99Alone,
    ratio: p99 / p99Alone,
    most: Math.max(...subject),
    share: beside / alone,
  };
}

/** Nanoseconds of a dispatch beside each number of threads. */
export async function measureBeside(bench, numbers) {
  const scripts = [];
  const points = [];
  for (const x of numbers) {
    scripts.push(...compute(bench, x - scripts.length));
    const dispatch = () => bench.host.dispatch("OnParsedMsgChat", NICK, MESSAGE);
    const times = (await serve(dispatch, HOOKS_A_POINT)).map((us) => us * 1000);
    points.push({ x, median: median(times), "99th percentile": quantile(times, 0.99) });
  }
  for (const script of scripts) script.unload();
  return points;
}

/** Scripts with a computing thread each. */
function compute({ host, write }, threads) {
  const source = readFileSync(path.join(import.meta.dirname, "..", "scripts", "computing.py"));
  return Array.from({ length: threads }, () => host.load(write(source)));
}

/** Microseconds of each of so many hooks, one a millisecond. */
async function serve(hook, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    await sleep(1);
    const start = performance.now();
    hook();
    times.push((performance.now() - start) * 1000);
  }
  return times;
}

/** What the scripts' threads count in a second while `action` runs. */
async function speed(scripts, action) {
  const counted = () => scripts.reduce((sum, script) => sum + script.call("counted"), 0);
  const [before, start] = [counted(), performance.now()];
  await action();
  return ((counted() - before) / (performance.now() - start)) * 1000;
}
