// Builds everything, then runs every test: those that need Python once for each suitable one.
// The last line is `N passed, N failed`, of all runs together; the exit code is 0 when none failed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildFacade, buildNative, findPythons, require, root } from "./common.mjs";

// A deadlock in native code is beyond any test's own timeout, so each run has one as well.
const deadline = { timeout: 720_000, killSignal: "SIGKILL" };
const total = { passed: 0, failed: 0 };

/** Adds up the outcome of one test run. One that ran nothing, or failed without saying what, counts as a failure. */
function count(ok, passed, failed) {
  total.passed += passed;
  total.failed += ok && passed > 0 ? failed : Math.max(failed, 1);
}

function runNative({ tag }) {
  const program = path.join(root, "build", "Release", tag, "vh_python_tests");
  const { status, stdout } = spawnSync(program, ["--no-colors"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    ...deadline,
  });
  process.stdout.write(stdout);
  const [, passed = 0, failed = 0] =
    /test cases:.*\| *(\d+) passed \| *(\d+) failed/.exec(stdout) ?? [];
  count(status === 0, Number(passed), Number(failed));
}

function runVitest(projects, env = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "vh-python-test-"));
  const report = path.join(folder, "report.json");
  const vitest = path.join(path.dirname(require.resolve("vitest/package.json")), "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const selected = projects.flatMap((project) => ["--project", project]);
  const { status } = spawnSync(process.execPath, [vitest, "run", ...reporters, ...selected], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
    ...deadline,
  });
  let result = { numPassedTests: 0, numFailedTests: 0 };
  try {
    result = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    // It died before it could write; its status tells.
  }
  rmSync(folder, { recursive: true });
  count(status === 0, result.numPassedTests, result.numFailedTests);
}

const pythons = findPythons("--all");
buildNative({ options: { VH_ALL_PYTHONS: "ON", VH_BUILD_TESTS: "ON" } });
buildFacade();

runVitest(["unit", "types"]);
for (const python of pythons) {
  console.log(`\nPython ${python.version}: ${python.executable}`);
  runNative(python);
  runVitest(["integration", "lifecycle", "stress"], { VH_PYTHON: python.executable });
}

console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
