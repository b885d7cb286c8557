// Adds up the outcome of test runs, for a last line of `N passed, N failed`.
import { spawnSync } from "node:child_process";

/** A deadlock in native code is beyond any test's own timeout, so each run has one as well. */
export const deadline = { timeout: 720_000, killSignal: "SIGKILL" };
const total = { passed: 0, failed: 0 };

/** Adds up one test run. One that ran nothing, or failed without saying what, counts as a failure. */
export function count(ok, passed, failed) {
  total.passed += passed;
  total.failed += ok && passed > 0 ? failed : Math.max(failed, 1);
}

/** Runs a program with native tests, and adds up its cases. */
export function runNative(command, args = [], env = {}) {
  const { status, stdout } = spawnSync(command, [...args, "--no-colors"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
    ...deadline,
  });
  process.stdout.write(stdout ?? "");
  const [, passed = 0, failed = 0] =
    /test cases:.*\| *(\d+) passed \| *(\d+) failed/.exec(stdout ?? "") ?? [];
  count(status === 0, Number(passed), Number(failed));
}

/** Ends the tool with the sum. */
export function conclude() {
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 ? 0 : 1);
}
