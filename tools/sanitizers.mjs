// The native tests under sanitizers: each in a build tree of its own, made by plain CMake.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildPlain, findPythons, root } from "./common.mjs";
import { runNative } from "./tally.mjs";

const suppressions = (name) => `suppressions=${path.join(root, "test/sanitizers", name)}`;

/** What programs that are built with `address,undefined` run with. */
export const addressEnv = {
  ASAN_OPTIONS: "detect_leaks=1:check_initialization_order=1:strict_string_checks=1",
  UBSAN_OPTIONS: "print_stacktrace=1",
  LSAN_OPTIONS: `${suppressions("lsan.supp")}:print_suppressions=0`,
};

/** Builds the native tests and the fuzzers with these sanitizers, which takes Clang; returns where. */
export function buildWithAsan() {
  const out = path.join(root, "build/asan");
  buildPlain(out, {
    CMAKE_CXX_COMPILER: "clang++",
    VH_SANITIZE: "address,undefined",
    VH_BUILD_TESTS: "ON",
    VH_BUILD_FUZZERS: "ON",
  });
  return out;
}

/** All native tests, with the default Python: memory errors, leaks, undefined behaviour. */
export function asan() {
  const out = buildWithAsan();
  const [{ version, tag }] = findPythons();
  console.log(`\nAddressSanitizer, UndefinedBehaviorSanitizer: Python ${version}`);
  runNative(path.join(out, tag, "vh_python_tests"), [], addressEnv);
}

/** The test suites of threads, with the default Python: data races. */
export function tsan() {
  const out = path.join(root, "build/tsan");
  buildPlain(out, { VH_SANITIZE: "thread", VH_BUILD_TESTS: "ON" });
  const [{ version, tag }] = findPythons();
  console.log(`\nThreadSanitizer: Python ${version}`);
  const program = [path.join(out, tag, "vh_python_tests"), "--test-suite=threads,waits"];
  // It dies where the kernel spreads addresses wider than it knows, unless the kernel may be told not to.
  const canFix = spawnSync("setarch", ["-R", "true"]).status === 0;
  const [command, ...args] = canFix ? ["setarch", "-R", ...program] : program;
  runNative(command, args, { TSAN_OPTIONS: `${suppressions("tsan.supp")}:halt_on_error=1` });
}
