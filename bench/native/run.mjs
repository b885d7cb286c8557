// `npm run bench:native`: the C API beside its floors, several processes of each trial. Prints medians and spread, and
// exits with 1 when a goal is missed.
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import path from "node:path";
import { buildNative, findPythons, root, run } from "../../tools/common.mjs";
import { median } from "../statistics.mjs";

const REPETITIONS = 7;
const GOALS = {
  hook: { what: "w_CallHook, two strings", against: "bare vectorcall with the GIL", ratio: 2 },
  "vh-call": { what: "vh.GetUserClass to a C callback", against: "bare METH_FASTCALL", ratio: 2.2 },
  "dynamic-function": {
    what: 'CallDynamicFunction("add", 1, 2)',
    against: "bare METH_FASTCALL",
    value: 200,
  },
  dict: { what: "1 KB dict, echoed through C++", against: "Python's own json", value: 15_000 },
  "two-threads": {
    what: "w_CallHook by two threads on two scripts, both together",
    against: "one thread",
    ratio: 1.1, // no slower, within what the clock on the wall can tell
  },
};

const [python] = findPythons();
buildNative();
const folder = path.join(root, "build", "bench", "native");
const definitions = {
  CMAKE_BUILD_TYPE: "Release",
  WRAPPER: path.join(root, "build", "Release", python.tag, "libvh_python_wrapper.so"),
  WRAPPER_INCLUDE: path.join(root, "binding", "include"),
  PYTHON_INCLUDE: python.include,
  PYTHON_LIBRARY: python.library,
};
const defined = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
run("cmake", ["-S", import.meta.dirname, "-B", folder, "--log-level=NOTICE", ...defined]);
run("cmake", ["--build", folder]);

const program = path.join(folder, "native_bench");
const script = path.join(import.meta.dirname, "script.py");
const runs = Array.from({ length: REPETITIONS }, () =>
  JSON.parse(execFileSync(program, [script], { encoding: "utf8", timeout: 300_000 })),
);

console.log(`\nPython ${python.version}, ${cpus()[0]?.model ?? ""}`);
console.log("Medians of several processes, the least and the most in brackets.\n");
let met = true;
for (const [name, { what, against, ratio, value }] of Object.entries(GOALS)) {
  const of = (key) => runs.map((trials) => trials.find((trial) => trial.name === name)[key]);
  const good = ratio === undefined ? median(of("subject")) < value : median(of("ratio")) < ratio;
  met &&= good;
  console.log(`${what}\n  ${spread(of("subject"))} ns`);
  console.log(`  ${against}: ${spread(of("floor"))} ns; ratio ${spread(of("ratio"))}`);
  const goal = ratio === undefined ? `${String(value)} ns` : `${String(ratio)} times`;
  console.log(`  goal: under ${goal}: ${good ? "met" : "MISSED"}\n`);
}
process.exit(met ? 0 : 1);

function spread(values) {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(
    (v) => v.toFixed(v < 100 ? 2 : 0),
  );
  return `${middle} [${least} … ${most}]`;
}
