// How long a hook that makes three vh calls takes while threads of other scripts compute, and how much they get done.
import { readFileSync, rmSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "./statistics.mjs";

const HOOKS = 2000;
const ALONE_MS = 1000;

/** Microseconds: the 99th percentile and the most, without threads and with them; `share`: the threads' speed beside the
 * hub's hooks, about 1,000 of them a second, as a part of their speed alone. */
export async function measureDelay({ host }, threads) {
  const floor = await serve(host);
  const folder = mkdtempSync(path.join(os.tmpdir(), "vh-bench-"));
  const source = readFileSync(path.join(import.meta.dirname, "computing.py"));
  const scripts = Array.from({ length: threads }, (_, i) => {
    const file = path.join(folder, `computing${i}.py`);
    writeFileSync(file, source);
    return host.load(file);
  });
  const alone = await speed(scripts, () => sleep(ALONE_MS));
  let subject;
  const beside = await speed(scripts, async () => {
    subject = await serve(host);
  });
  for (const script of scripts) script.unload();
  rmSync(folder, { recursive: true });
  return {
    subject: subject.p99,
    floor: floor.p99,
    ratio: subject.p99 / floor.p99,
    most: subject.most,
    share: beside / alone,
  };
}

async function serve(host) {
  const times = [];
  for (let i = 0; i < HOOKS; i++) {
    await sleep(1);
    const start = performance.now();
    host.dispatch("OnUserCommand", "alice", "three calls");
    times.push((performance.now() - start) * 1000);
  }
  return { p99: quantile(times, 0.99), most: Math.max(...times) };
}

/** What the scripts' threads count in a second while `action` runs. */
async function speed(scripts, action) {
  const counted = () => scripts.reduce((sum, script) => sum + script.call("counted"), 0);
  const [before, start] = [counted(), performance.now()];
  await action();
  return ((counted() - before) / (performance.now() - start)) * 1000;
}
