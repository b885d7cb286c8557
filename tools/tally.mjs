// Adds up the outcome of test runs, for a last line of `N passed, N failed`.
import { spawnSync } from "node:child_process";
import path from "node:path";

/** A deadlock in native code is beyond any test's own timeout, so each run has one as well. */
export const deadline = { timeout: 720_000, killSignal: "SIGKILL" };
const total = { passed: 0, failed: 0 };
const failures = [];

/**
 * Adds up one test run. One that ran nothing, or failed without saying what, counts as a failure.
 * `said` is what is shown of its failures once more at the end, where they are not looked for in vain.
 */
export function count(ok, passed, failed, said = "") {
  const failedAtLeast = ok && passed > 0 ? failed : Math.max(failed, 1);
  total.passed += passed;
  total.failed += failedAtLeast;
  if (failedAtLeast > 0) failures.push(said);
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
  const said = `${path.relative(process.cwd(), command)}, status ${status}:\n${tail(stdout ?? "")}`;
  count(status === 0, Number(passed), Number(failed), said);
}

/** The end of a long text. */
export function tail(text, length = 4000) {
  return text.length > length ? `...${text.slice(-length)}` : text;
}

/** Ends the tool with the sum. */
export function conclude() {
  if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join("\n")}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 ? 0 : 1);
}
