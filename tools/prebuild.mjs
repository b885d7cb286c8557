// Fills prebuilds/<platform>-<arch>/ with the addon and a wrapper for every suitable Python, and proves that they load.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { buildFacade, buildNative, fail, findPythons, root, succeeds } from "./common.mjs";

const pythons = findPythons("--all");
const out = path.join(root, "build", "prebuild");
const target = path.join(root, "prebuilds", `${process.platform}-${process.arch}`);

buildNative({ out, options: { VH_ALL_PYTHONS: "ON", VH_PREBUILD: "ON" } });
rmSync(target, { recursive: true, force: true });
for (const file of [
  "vh_python.node",
  ...pythons.map(({ tag }) => `${tag}/libvh_python_wrapper.so`),
]) {
  mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
  cpSync(path.join(out, "Release", file), path.join(target, file));
}

buildFacade();
for (const { version, executable } of pythons) {
  const check = [path.join(root, "tools", "check-load.mjs")];
  // PREBUILDS_ONLY makes node-gyp-build pass over build/.
  const loads = succeeds(process.execPath, check, { PREBUILDS_ONLY: "1", VH_PYTHON: executable });
  if (!loads) fail(`the prebuild for Python ${version} does not load`);
  console.log(`prebuild for Python ${version}: loads`);
}
