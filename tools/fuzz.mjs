// The fuzzers, each file of test/fuzz a program, with the default Python.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findPythons, root } from "./common.mjs";
import { addressEnv, buildWithAsan } from "./sanitizers.mjs";
import { count, tail } from "./tally.mjs";

const sources = path.join(root, "test/fuzz");

/** Runs each fuzzer for some seconds, from its seeds in test/fuzz/corpus/<name>/. Each counts as one test. */
export function fuzz(seconds) {
  const out = buildWithAsan();
  const [{ version, tag }] = findPythons();
  console.log(`\nFuzzers, ${seconds} s each: Python ${version}`);
  for (const file of readdirSync(sources).filter((file) => file.endsWith(".cpp"))) {
    const name = path.basename(file, ".cpp");
    runFuzzer(name, path.join(out, tag, `fuzz_${name}`), path.join(out, "findings"), seconds);
  }
}

function runFuzzer(name, program, findings, seconds) {
  const seeds = path.join(sources, "corpus", name);
  const corpus = mkdtempSync(path.join(tmpdir(), `vh-fuzz-${name}-`)); // grows while it runs
  if (existsSync(seeds)) cpSync(seeds, corpus, { recursive: true });
  mkdirSync(findings, { recursive: true });
  const options = [
    corpus,
    `-max_total_time=${seconds}`,
    `-artifact_prefix=${findings}/${name}-`,
    "-timeout=10",
    "-close_fd_mask=3", // what the library says about bad input
  ];
  const { status, stderr } = spawnSync(program, options, {
    encoding: "utf8",
    stdio: ["ignore", "inherit", "pipe"],
    env: { ...process.env, ...addressEnv },
    maxBuffer: Infinity,
    timeout: (seconds + 120) * 1000,
    killSignal: "SIGKILL",
  });
  const ok = status === 0;
  const [runs = "it did not run to its end"] = /Done \d+ runs in \d+ second/.exec(stderr) ?? [];
  if (ok) console.log(`fuzz_${name}: ${runs}(s), ${readdirSync(corpus).length} inputs kept`);
  else console.log(`${stderr}\nfuzz_${name}: failed; its findings are in ${findings}`);
  rmSync(corpus, { recursive: true });
  count(ok, ok ? 1 : 0, ok ? 0 : 1, `fuzz_${name}: ${tail(stderr)}`);
}
