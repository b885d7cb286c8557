/**
 * Finds and loads the native part: the addon of a local build or a matching prebuild, and for it the Python to run
 * scripts with.
 * @packageDocumentation
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { PythonNotFoundError } from "./errors.js";
import type { NativeLimits } from "./limits.js";
import type { Packer } from "./packer.js";
import type { UnloadReport, Zombie } from "./unload-report.js";

/** A Python, as binding/find-python.sh describes it. */
interface Python {
  readonly version: string;
  /** `cp312` and the like: the folder of the wrapper library made for it. */
  readonly tag: string;
  readonly executable: string;
  readonly library: string;
}

/** `[type, message, traceback]` of a Python exception. */
export type NativeFailure = [type: string, message: string, traceback: string];

/** `[id, name, version, path]` of a script. */
export type NativeInfo = [id: number, name: string, version: string, path: string];

/** What a script did; a row for each hook that was called. */
export type NativeStats = [
  vhCalls: number,
  ...[hook: number, calls: number, errors: number, ms: number][],
];

/** What all hosts of the process hold. */
export interface NativePopulation {
  readonly interpreters: number;
  readonly threads: number;
}

/** Why {@link NativeHost.call} failed; the numbers of the core's `Outcome`. */
export const enum Outcome {
  NoScript = 1,
  NoFunction,
  Raised,
  Unsupported,
}

/** The failure is empty unless the script's function raised or returned what has no counterpart. */
export type NativeCallFailure = [outcome: Outcome, failure: NativeFailure];

/** What became of a script that was to be unloaded; the numbers of the core's `Unloading`. */
export const enum Unloading {
  NoScript,
  Gone,
  Waiting,
  Kept,
}

/** Where a script lives; the numbers of the core's `Home`. */
export const enum Home {
  Own,
  Main,
  MainShared,
}

/** A host of the native core. Ids and numbers as there. */
export interface NativeHost {
  reserve(): number;
  load(options: NativeLoadOptions): NativeInfo | NativeFailure;
  unload(id: number): [Unloading, UnloadReport];
  /** Begins what {@link stepUnload} goes on with, unless the script is running. */
  startUnload(id: number): Unloading;
  /** To be called every few milliseconds until it is over and there is a report. */
  stepUnload(id: number): UnloadReport | null;
  zombies(): Zombie[];
  population(): NativePopulation;
  dispatch(hook: number, ...args: unknown[]): boolean | [allowed: boolean, ...unknown[]];
  /** Returns what no result is, an Error, with a {@link NativeCallFailure} as its cause, if the call fails. */
  call(id: number, name: string, ...args: unknown[]): unknown;
  query(command: string, data: string, recipient: string, sender: string): string[];
  register(id: number, name: string, fn: (...args: never[]) => unknown): void;
  unregister(id: number, name: string): boolean;
  hasHook(id: number, hook: number): boolean;
  info(id: number): NativeInfo | null;
  stats(id: number): NativeStats | null;
  /** What kept the plugin from being loaded; undefined when nothing did. */
  loadPlugin(file: string): string | undefined;
  close(exitCode: number): void;
  /** The process stays alive until {@link unref}. */
  ref(): void;
  unref(): void;
}

export interface NativeLoadOptions {
  path: string;
  botName: string;
  opChatName: string;
  baseDir: string;
  configName: string;
  /** Seconds since the epoch. */
  startTime: number;
  venv: string;
  home: Home;
  limits: NativeLimits;
  id: number;
  order: number;
}

export interface NativeSetup {
  self: object;
  /** By function number. */
  functions: readonly unknown[];
  hookCounts: Uint32Array;
  packer: Packer;
  encode(value: unknown, where: string): string;
  decode(text: string): unknown;
  error(id: number, hook: number, type: string, message: string, traceback: string): void;
  warning(id: number, message: string): void;
  slow(id: number, hook: number, timeMs: number): void;
  /** A warning that has been written to stderr already. */
  stuck(id: number, message: string): void;
  output(id: number, descriptor: 1 | 2, line: string): void;
  unloaded(id: number): void;
}

/** The core's tables. */
export interface NativeTables {
  readonly hooks: readonly { name: string; format: string }[];
  readonly functions: readonly {
    name: string;
    parameters: readonly { name: string; type: string; default?: string }[];
    result: string;
    ofHub: boolean;
    doc: string;
  }[];
  readonly constants: Readonly<Record<string, number>>;
}

interface Addon {
  start(library: string, wrapper: string, executable: string): string;
  describe(): NativeTables;
  open(setup: NativeSetup): NativeHost;
}

/** The native part, ready to open hosts. */
export interface Native {
  readonly pythonVersion: string;
  readonly tables: NativeTables;
  open(setup: NativeSetup): NativeHost;
}

const root = path.dirname(import.meta.dirname);
const require = createRequire(import.meta.url);
let loaded: Native | undefined;

/**
 * Loads the native part and starts Python, once a thread.
 * @throws PythonNotFoundError when there is no Python to run scripts with
 */
export function loadNative(): Native {
  loaded ??= load();
  return loaded;
}

function load(): Native {
  const { path: resolve } = require("node-gyp-build") as { path: (root: string) => string };
  const file = resolve(root);
  const folder = path.dirname(file);
  const python = choosePython(folder);
  const wrapper = path.join(folder, python.tag, "libvh_python_wrapper.so");
  const addon = require(file) as Addon;
  let pythonVersion: string;
  try {
    pythonVersion = addon.start(python.library, wrapper, python.executable);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PythonNotFoundError(
      `Python ${python.version} (${python.executable}) cannot be used: ${reason}`,
      { cause: error },
    );
  }
  return { pythonVersion, tables: addon.describe(), open: (setup) => addon.open(setup) };
}

/** VH_PYTHON if it is set; else what the local build was made for; else what is found on this machine. */
function choosePython(folder: string): Python {
  const tags = readdirSync(folder).filter((name) => /^cp3\d+$/.test(name));
  const recorded = tags
    .map((tag) => path.join(folder, tag, "python.json"))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as Python)
    .filter((python) => existsSync(python.library) && existsSync(python.executable));
  const wanted = process.env["VH_PYTHON"] ?? "";
  const known =
    wanted === "" ? preferred(recorded) : recorded.find((python) => python.executable === wanted);
  const python = known ?? findPython(tags);
  if (tags.includes(python.tag)) return python;
  throw new PythonNotFoundError(
    `Python ${python.version} (${python.executable}) was found, but this installation was built for ` +
      `${tags.length === 0 ? "none" : tags.join(", ")}: run "npm rebuild vh-python" to build for it`,
  );
}

/** The newest 3.12 if there is one, else the newest. */
function preferred(pythons: readonly Python[]): Python | undefined {
  const part = (python: Python, i: number): number => Number(python.version.split(".")[i]);
  const newestFirst = pythons.toSorted(
    (a, b) => part(b, 1) - part(a, 1) || part(b, 2) - part(a, 2),
  );
  return newestFirst.find((python) => python.tag === "cp312") ?? newestFirst[0];
}

/** The preferred Python of this machine, among those that a wrapper was made for if there is any. */
function findPython(tags: readonly string[]): Python {
  const search = path.join(root, "binding", "find-python.sh");
  const result = spawnSync("sh", [search, "--all", "--runtime"], { encoding: "utf8" });
  if (result.status !== 0) throw new PythonNotFoundError(result.stderr.trim());
  const lines = result.stdout.trim().split("\n");
  const found = lines.map((line) => JSON.parse(line) as Python);
  const python = preferred(found.filter(({ tag }) => tags.includes(tag))) ?? preferred(found);
  if (python === undefined) throw new PythonNotFoundError(result.stderr.trim());
  return python;
}
