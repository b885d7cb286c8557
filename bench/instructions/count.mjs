// Counts the hot paths with every suitable Python.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { buildFacade, buildNative, findPythons, require, root, run } from "../../tools/common.mjs";
import { countInstructions } from "./callgrind.mjs";

const NODE_OPTIONS = [
  "--no-concurrent-recompilation", // a function is optimized at the same call each time
  "--hash-seed=1",
  "--random-seed=1",
];

/** By minor version: `{ "3.12": { tools, paths: { dispatch: { subject, floor }, … } }, … }`. */
export function countAll() {
  const pythons = findPythons("--all");
  buildNative({ options: { VH_ALL_PYTHONS: "ON" } });
  buildFacade();
  return Object.fromEntries(
    pythons.map((python) => {
      const folder = build(python);
      const minor = python.version.split(".").slice(0, 2).join(".");
      return [minor, { tools: tools(python, folder), paths: count(python, folder) }];
    }),
  );
}

function build(python) {
  const folder = path.join(root, "build", "bench", "instructions", python.tag);
  const definitions = {
    CMAKE_BUILD_TYPE: "Release",
    NODE_API_INCLUDE: require("node-api-headers").include_dir,
    PYTHON_INCLUDE: python.include,
    PYTHON_LIBRARY: python.library,
    WRAPPER: path.join(root, "build", "Release", python.tag, "libvh_python_wrapper.so"),
    WRAPPER_INCLUDE: path.join(root, "binding", "include"),
  };
  const defined = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  run("cmake", ["-S", import.meta.dirname, "-B", folder, "--log-level=NOTICE", ...defined]);
  run("cmake", ["--build", folder]);
  return folder;
}

/** What else decides how many instructions there are. */
function tools({ executable }, folder) {
  const built = `import platform, sysconfig
options = (sysconfig.get_config_var("CONFIG_ARGS") or "")
speed = [o for o in ("--enable-optimizations", "--with-lto") if o in options]
print(platform.python_version(), platform.python_compiler(), *speed)`;
  return {
    python: execFileSync(executable, ["-I", "-c", built], { encoding: "utf8" }).trim(),
    node: process.versions.node,
    compiler: readFileSync(path.join(folder, "compiler"), "utf8"),
    machine: process.arch,
  };
}

function count({ executable }, folder) {
  const here = import.meta.dirname;
  const inNode = [...NODE_OPTIONS, path.join(here, "calls.mjs"), folder];
  const script = path.join(here, "..", "native", "script.py");
  return {
    ...countInstructions(process.execPath, inNode, { VH_PYTHON: executable }),
    ...countInstructions(path.join(folder, "calls"), [script]),
  };
}
