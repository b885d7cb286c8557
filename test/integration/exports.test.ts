/** The wrapper library exports the C API, what json_marshal.h declares, and the core's accessor; nothing else, without versions. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: "utf8", cwd: root });

/** The names that a library exports, C++ ones as they are written. */
function exported(library: string): string[] {
  const lines = run("nm", "-DC", "--defined-only", library).trim().split("\n");
  return lines.map((line) => line.replace(/^[0-9a-f]+ . /, ""));
}

const { tag } = JSON.parse(run("sh", "binding/find-python.sh")) as { tag: string };
const names = exported(path.join("build/Release", tag, "libvh_python_wrapper.so"));

it("exports nothing that is not its own, and no version", () => {
  const ours = /^(vh_core_v1|w_\w+|nVerliHub::nPythonPlugin::[^@]+)$/;
  expect(names.filter((name) => !ours.test(name))).toEqual([]);
});

it("exports every function of wrapper.h, and no other w_", () => {
  const header = readFileSync(path.join(root, "binding/include/wrapper.h"), "utf8");
  const declared = [...header.matchAll(/^W_API [^(]*?(w_\w+)\(/gm)].map(([, name]) => name);
  declared.push("w_PluginApi"); // what the addon asks for, to hand it to plugins
  expect(names.filter((name) => name.startsWith("w_")).sort()).toEqual(declared.sort());
});

it("exports every function of json_marshal.h", () => {
  const header = readFileSync(path.join(root, "binding/include/json_marshal.h"), "utf8");
  const functions = header.slice(header.indexOf("bool parseJson"));
  const declared = [...functions.matchAll(/^[\w:]+[*&]? (\w+)\(/gm)].map(([, name]) => name);
  const defined = names.map((name) => /^nVerliHub::nPythonPlugin::(\w+)[[(]/.exec(name)?.[1]);
  expect(declared).toHaveLength(10);
  expect(declared.filter((name) => !defined.includes(name))).toEqual([]);
});
