// What the trials need besides `npm run compile`: the floors' addon, the program of the C API's trials, and what marks
// the code to be counted for bench/instructions.
import { existsSync } from "node:fs";
import path from "node:path";
import { fail, require, root, run } from "../tools/common.mjs";

/** Builds folders of bench against a Python, as find-python.sh describes it. */
export function buildBench(python, parts = ["floor", "native"]) {
  const wrapper = path.join(root, "build", "Release", python.tag, "libvh_python_wrapper.so");
  if (!existsSync(wrapper)) fail(`${wrapper} is missing: npm run compile makes it.`);
  const embedded = { PYTHON_INCLUDE: python.include, PYTHON_LIBRARY: python.library };
  const addon = { NODE_API_INCLUDE: require("node-api-headers").include_dir };
  const include = path.join(root, "binding", "include");
  const program = { ...embedded, WRAPPER: wrapper, WRAPPER_INCLUDE: include };
  const definitions = {
    floor: { ...embedded, ...addon },
    native: program,
    instructions: { ...program, ...addon },
  };
  for (const part of parts) cmake(part, python, definitions[part]);
}

/** Where the addon or the program is, once built. */
export const built = (tag, part, file) => path.join(root, "build", "bench", tag, part, file);

function cmake(part, { tag }, definitions) {
  const source = path.join(import.meta.dirname, part);
  const folder = built(tag, part, "");
  const defined = Object.entries({ CMAKE_BUILD_TYPE: "Release", ...definitions });
  const options = defined.map(([name, value]) => `-D${name}=${value}`);
  run("cmake", ["-S", source, "-B", folder, "--log-level=NOTICE", ...options]);
  run("cmake", ["--build", folder]);
}
