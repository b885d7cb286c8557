// Proves that the package loads and runs a script that needs one of Python's extension modules. VH_PYTHON chooses the Python.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ScriptHost } from "../dist/index.js";

const folder = mkdtempSync(path.join(tmpdir(), "vh-python-"));
const file = path.join(folder, "check.py");
writeFileSync(file, "import math, vh\ndef root(x): return math.sqrt(x)\n");
try {
  const host = new ScriptHost();
  if (host.load(file).call("root", 9) !== 3) throw new Error("math.sqrt(9) is not 3 here");
  host.close();
} finally {
  rmSync(folder, { recursive: true });
}
