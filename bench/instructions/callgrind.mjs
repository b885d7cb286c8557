// Counts instructions: what a program's thread executes between the marks that it sets.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const OPTIONS = [
  "--tool=callgrind",
  "--instr-atstart=no", // outside the marks nothing is counted, which is ten times as fast
  "--separate-threads=yes", // the watchdog, V8's compilers and its collectors depend on the time
  "--combine-dumps=yes", // into one file
];
const COUNT = /^desc: Trigger: Client Request: (\S+) (\S+) (\d+)$[^]*?^totals: (\d+)$/gm;

/**
 * Instructions of one call, by path and side: `{ dispatch: { subject, floor }, … }`. The marks have the form
 * `<path> <side> <calls>`. Of the batches with the same mark the least counts: no memory was collected in it.
 */
export function countInstructions(command, args, env) {
  const folder = mkdtempSync(path.join(tmpdir(), "vh-python-instructions-"));
  const file = path.join(folder, "counts");
  const options = [...OPTIONS, `--callgrind-out-file=${file}`, command, ...args];
  const { status, stderr, error } = spawnSync("valgrind", options, {
    encoding: "utf8",
    env: { ...process.env, PYTHONHASHSEED: "0", ...env },
    timeout: 300_000,
  });
  try {
    if (status !== 0) throw new Error(`${command} in callgrind: ${error ?? stderr}`);
    const counts = {};
    for (const [, name, side, calls, total] of readFileSync(file, "utf8").matchAll(COUNT)) {
      const sides = (counts[name] ??= {});
      sides[side] = Math.min(sides[side] ?? Infinity, Math.round(total / calls));
    }
    return counts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
