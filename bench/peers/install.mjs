// `npm run bench:peers`: installs the peers for the Python that the bench uses (VH_PYTHON chooses), and tries each.
// Says which did not install and why, and writes that to build/peers/VERSION/peers.json.
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { findPythons } from "../../tools/common.mjs";
import { environmentOf, folderOf, peers } from "./peers.mjs";

const [python] = findPythons();
const folder = folderOf(python);
const env = { ...process.env, ...environmentOf(python), ...buildFlags(), ...headersOfNode() };

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writePrograms();
installPackages();
const installed = peers.map(install);
writeFileSync(path.join(folder, "peers.json"), JSON.stringify(installed, null, 2));
console.log(`Python ${python.version}, Node ${process.version}`);
for (const { name, version, installed: is, why } of installed)
  console.log(
    `  ${[name, version].join(" ").trim()}: ${is ? "installed" : `NOT INSTALLED, ${why}`}`,
  );

/** pymport's documented way to a Python of one's choice; it asks for C++14, but its node-addon-api needs C++17. */
function buildFlags() {
  return {
    npm_config_build_from_source: "true",
    npm_config_external_python: "true",
    CXXFLAGS: `-std=c++17 -I${python.include}`,
    LIBS: `${python.library} -Wl,-rpath,${path.dirname(python.library)}`,
  };
}

/** node-gyp fetches the headers from nodejs.org, unless they came with Node or the user says where they are. */
function headersOfNode() {
  const prefix = path.dirname(path.dirname(process.execPath));
  const there = existsSync(path.join(prefix, "include", "node", "common.gypi"));
  return there && !process.env.npm_config_nodedir ? { npm_config_nodedir: prefix } : {};
}

/** node-calls-python takes the Python whose python3 and python3-config are first in the PATH. */
function writePrograms() {
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(python.executable, path.join(bin, "python3"));
  const config = `#!/bin/sh\nexec "${python.executable}-config" "$@"\n`;
  writeFileSync(path.join(bin, "python3-config"), config, { mode: 0o755 });
}

function installPackages() {
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(path.join(import.meta.dirname, file), path.join(folder, file));
  const { ok, output } = run("npm", ["ci", "--ignore-scripts"]);
  if (!ok) console.error(`npm cannot install the packages:\n${output}`);
}

/** Builds a peer (there is nothing to build of those that start a process) and tries it. */
function install({ name, version }) {
  const steps = [
    ["npm", ["rebuild", name, "--foreground-scripts"]],
    [process.execPath, [path.join(import.meta.dirname, "run.mjs"), name, "check"]],
  ];
  const log = path.join(folder, `${name}.log`);
  for (const [command, args] of steps) {
    const { ok, output } = run(command, args);
    appendFileSync(log, output);
    if (!ok) return { name, version, installed: false, why: reason(output) };
  }
  return { name, version, installed: true, why: null };
}

function run(command, args) {
  const options = { cwd: folder, encoding: "utf8", env, timeout: 600_000 };
  const { status, signal, stdout, stderr } = spawnSync(command, args, options);
  const end = signal === null ? "" : `error: ended by ${signal}\n`;
  return { ok: status === 0, output: stdout + stderr + end };
}

/** The first line of the output that tells of an error. */
function reason(output) {
  const lines = output.trim().split("\n");
  return (lines.find((line) => /error( \[\w+\])?: |error \d+$/i.test(line)) ?? lines.at(-1)).trim();
}
