// Counts the hot paths with every suitable Python.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { buildFacade, buildNative, findPythons } from "../../tools/common.mjs";
import { buildBench, built } from "../build.mjs";
import { countInstructions } from "./callgrind.mjs";

const NODE_OPTIONS = [
  "--no-concurrent-recompilation", // a function is optimized at the same call each time
  "--hash-seed=1",
  "--random-seed=1",
];
const PYTHON = `import platform, sysconfig
configured = sysconfig.get_config_var("CONFIG_ARGS") or ""
optimized = [o for o in ("--enable-optimizations", "--with-lto") if o in configured]
print(platform.python_version(), platform.python_compiler(), *optimized)`;

const here = (...names) => path.join(import.meta.dirname, ...names);

/** By minor version: `{ "3.12": { tools, paths: { dispatch: { subject, floor }, … } }, … }`. */
export function countAll() {
  buildNative({ options: { VH_ALL_PYTHONS: "ON" } });
  buildFacade();
  const counted = {};
  for (const python of findPythons("--all")) {
    buildBench(python, ["floor", "instructions"]);
    const minor = python.version.split(".").slice(0, 2).join(".");
    counted[minor] = { tools: tools(python), paths: countPaths(python) };
  }
  return counted;
}

/** What else the numbers depend on. */
function tools({ tag, executable }) {
  return {
    compiler: readFileSync(built(tag, "instructions", "compiler"), "utf8"),
    python: execFileSync(executable, ["-I", "-c", PYTHON], { encoding: "utf8" }).trim(),
    node: process.versions.node,
    machine: process.arch,
  };
}

function countPaths({ tag, executable }) {
  const node = [...NODE_OPTIONS, here("node.mjs"), tag];
  const program = built(tag, "instructions", "native_paths");
  return {
    ...countInstructions(process.execPath, node, { VH_PYTHON: executable }),
    ...countInstructions(program, [here("..", "native", "script.py")]),
  };
}
