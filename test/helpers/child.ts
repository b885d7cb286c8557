/**
 * Runs a test's body in a process of its own, so that what crashes, hangs or exits there fails that test alone.
 * The body travels as its source text: it sees its kit and its arguments, and nothing of the file it stands in (nor can it import).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type * as fs from "node:fs";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Worker, WorkerOptions } from "node:worker_threads";
import { expect, test } from "vitest";
import type * as facade from "../../lib/index.js";

/** Of node:assert/strict; not as its assertion functions, which TypeScript takes from no parameter. */
interface Assert {
  ok(value: unknown, message?: string): void;
  equal(actual: unknown, expected: unknown, message?: string): void;
  notEqual(actual: unknown, expected: unknown, message?: string): void;
  deepEqual(actual: unknown, expected: unknown, message?: string): void;
  match(text: string, expected: RegExp, message?: string): void;
  throws(
    block: () => unknown,
    error?: object | ((error: unknown) => boolean),
    message?: string,
  ): void;
}

/** What a worker's body works with; made in child-worker.mjs. Its host has a Topic, "worker". */
export interface WorkerKit {
  readonly host: facade.ScriptHost;
  readonly load: (source: string, options?: facade.LoadOptions) => facade.Script;
  /** Also tells what scripts print and which exceptions they raise. */
  readonly post: (message: unknown) => void;
  readonly data: Json;
}

/** What a body works with; made in child-kit.mjs. */
export interface Kit {
  readonly assert: Assert;
  readonly facade: typeof facade;
  readonly fs: typeof fs;
  /** Imports a module of lib/ as it is compiled, by its path there without the extension. */
  readonly module: (path: string) => Promise<unknown>;
  /** The folder of this case's files. */
  readonly folder: string;
  /** Runs a body in a worker thread; like any body, it sees nothing around it. `ended`: the exit code. */
  readonly worker: (
    body: (kit: WorkerKit) => unknown,
    data?: Json,
    options?: WorkerOptions,
  ) => { worker: Worker; messages: unknown[]; ended: Promise<number> };
  /** The host that was opened last, or else one without hub functions. */
  readonly host: facade.ScriptHost;
  /**
   * Opens a host. A witness script in it, loaded with `witness`, must still be whole when the body has returned.
   * Functions of a hub may do what they like here, so they are not typed as HubApi.
   */
  readonly open: (hub?: Record<string, unknown>, witness?: facade.LoadOptions) => facade.ScriptHost;
  /** Opens a host that loads a plugin; returns vh.CallDynamicFunction of a script there. */
  readonly plugin: (
    file: string,
    hub?: Record<string, unknown>,
  ) => (name: string, ...args: unknown[]) => unknown;
  /** Writes a file, its common indentation taken off; returns its path. Without a name: a new script's. */
  readonly write: (source: string | Uint8Array, name?: string) => string;
  /** Writes a script and loads it. */
  readonly load: (
    source: string,
    options?: facade.LoadOptions & { name?: string },
  ) => facade.Script;
  /** Writes a script that must not load; returns why it does not. */
  readonly fails: (source: string | Uint8Array, name?: string) => facade.ScriptLoadError;
  /** What the `error` events said: exception class, and hook or "". */
  readonly errors: string[];
  readonly warnings: string[];
  /** The lines printed. */
  readonly prints: string[];
  /** Sends a chat line through every script's OnParsedMsgChat. */
  readonly chat: (msg?: string) => facade.Verdict<"OnParsedMsgChat">;
  /** Ends when the condition holds; fails when it does not within some seconds. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Fails when it took much longer than so long since `start`: by more seconds than a busy machine costs. */
  readonly inTime: (start: number, ms: number) => void;
  /** How many interpreters there are. */
  readonly interpreters: () => number;
  /** Opens a host with mc and pm whose scripts have had threads before: what is made but once has been made. */
  readonly warm: () => Promise<facade.ScriptHost>;
  /** What this process has at the moment. */
  readonly census: () => Census;
  /** Ends when the process has again what it had before; fails when it does not within some seconds. */
  readonly settles: (before: Census, meanwhile?: () => unknown) => Promise<void>;
  /** How many interpreters this case may leave behind, kept because of their threads. */
  kept: number;
}

export interface Census {
  readonly interpreters: number;
  /** What the host says: interpreters, threads, zombies. */
  readonly held: readonly number[];
  /** The kernel's names of the threads. */
  readonly threads: readonly string[];
  /** What the descriptors stand for. */
  readonly files: readonly string[];
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** How a process ended. */
export interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Options {
  /** After this many seconds the process is killed. */
  deadline?: number;
  env?: NodeJS.ProcessEnv;
  node?: readonly string[];
  /** The body ends the process: nothing is proved after it. */
  bare?: boolean;
  /** Called with all that came on stdout and stderr so far. */
  watch?: (stdout: string, kill: (signal: NodeJS.Signals) => void, stderr: string) => void;
}

const KIT = new URL("child-kit.mjs", import.meta.url).href;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a program text in a process of its own, with a folder of its own. */
export async function program(text: string, options: Options = {}): Promise<End> {
  const folder = mkdtempSync(join(tmpdir(), "vh-child-"));
  const main = join(folder, "main.mjs");
  writeFileSync(main, text);
  const child = spawn(process.execPath, [...(options.node ?? []), main], {
    cwd: folder,
    env: { ...process.env, ...options.env, VH_TEST_ROOT: ROOT },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, to end with all that it has started
  });
  const killAll = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // None is left.
    }
  };
  const deadline = setTimeout(killAll, (options.deadline ?? 30) * 1000);
  const end: End = { code: null, signal: null, stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      end[stream] += text;
      options.watch?.(end.stdout, (signal) => child.kill(signal), end.stderr);
    });
  child.on("exit", (code, signal) => {
    Object.assign(end, { code, signal });
    clearTimeout(deadline);
    killAll();
  });
  await once(child, "close");
  rmSync(folder, { recursive: true, force: true });
  return end;
}

export type Body<A extends readonly Json[]> = (kit: Kit, ...args: A) => unknown;

/** Runs bodies, one after the other, in a process of their own. */
export function run<A extends readonly Json[]>(
  bodies: Body<A> | Readonly<Record<string, Body<A>>>,
  args: A,
  options: Options = {},
): Promise<End> {
  const all = typeof bodies === "function" ? { body: bodies } : bodies;
  const texts = Object.entries(all).map(
    ([name, body]) => `${JSON.stringify(name)}: ${String(body)}`,
  );
  const call = `await run({\n${texts.join(",\n")}\n}, ${JSON.stringify(args)}, ${String(!options.bare)});`;
  return program(`import { run } from ${JSON.stringify(KIT)};\n${call}`, options);
}

/** Fails, with all that the process said, unless it ended by itself after its body and its witnesses were well. */
export function expectWell(end: End): void {
  const { code, signal, stdout, stderr } = end;
  const well = code === 0 && signal === null && /^done$/m.test(stdout);
  const how = `ended by ${signal === "SIGKILL" ? "its deadline" : (signal ?? `exit code ${String(code)}`)}`;
  expect(well, `${how}\n${stdout}\n${stderr}`).toBe(true);
}

/** A test whose bodies run in a process of their own, which has to come through them unharmed. */
export function survives<A extends readonly Json[]>(
  name: string,
  bodies: Body<A> | Readonly<Record<string, Body<A>>>,
  ...args: A
): void {
  test(name, async () => {
    expectWell(await run(bodies, args));
  });
}
