// The peers, and where they are installed: build/peers/VERSION, by the version of the Python they are built against.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "../../tools/common.mjs";

const { dependencies } = createRequire(import.meta.url)("./package.json");

/** Each has an adapter of its name; JSON lines need no package. */
export const peers = [
  ...Object.entries(dependencies).map(([name, version]) => ({ name, version })),
  { name: "json-lines", version: null },
];

/** The Python functions that the trials call, the same for all. */
export const script = path.join(import.meta.dirname, "script.py");

/** The JavaScript function that Python calls, as in vh-python's own trials. */
export const getUserClass = (nick) => nick.length;

export const folderOf = (python) => path.join(root, "build", "peers", python.version);

/** A module of a peer that was installed for this Python. */
export function load(python, name) {
  return createRequire(path.join(folderOf(python), "package.json"))(name);
}

/** What a peer, and this bench in a process of its own, finds this Python by. */
export const environmentOf = (python) => ({
  PATH: `${path.join(folderOf(python), "bin")}${path.delimiter}${process.env.PATH}`,
  PYTHONHOME: python.prefix,
  PYTHON_BIN: python.executable,
  VH_PYTHON: python.executable,
});

/** What the installation found: {name, version, installed, why} of every peer. */
export function readInstalled(python) {
  try {
    return JSON.parse(readFileSync(path.join(folderOf(python), "peers.json"), "utf8"));
  } catch {
    const why = `not installed for Python ${python.version}: run npm run bench:peers`;
    return peers.map((peer) => ({ ...peer, installed: false, why }));
  }
}
