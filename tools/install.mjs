// npm's install script: a prebuild that loads here and fits a Python here is used, else the native part is built.
import { existsSync } from "node:fs";
import path from "node:path";
import { buildNative, findPythons, require, root } from "./common.mjs";

// A local build takes precedence when the package is loaded, so bring that up to date where there is one.
if (existsSync(path.join(root, "build")) || !prebuildFits()) buildNative();

function prebuildFits() {
  let addon;
  try {
    addon = require("node-gyp-build").resolve(root);
    require(addon);
  } catch {
    return false; // none for this platform, or made for another libc
  }
  return findPythons("--all", "--runtime").some(({ tag }) =>
    existsSync(path.join(path.dirname(addon), tag, "libvh_python_wrapper.so")),
  );
}
