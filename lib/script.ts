import path from "node:path";

import { MarshalError, PythonError, ScriptLoadError, ScriptUnloadedError } from "./errors.js";
import { HOOK_NAMES, hookNumber, type HookName } from "./hooks.js";
import {
  Outcome,
  Unloading,
  type NativeFailure,
  type NativeHost,
  type NativeLoadOptions,
} from "./native.js";
import type { ScriptHost } from "./script-host.js";

/** What one hook of a script did so far. */
export interface HookStats {
  /** How often it was called. */
  readonly calls: number;
  /** How often it raised. */
  readonly errors: number;
  /** Milliseconds spent in it, estimated from every 64th call. */
  readonly timeMs: number;
}

/** What a script did since it was loaded. */
export interface ScriptStats extends HookStats {
  /** Calls of vh functions. */
  readonly vhCalls: number;
  /** By hook; those called at least once. */
  readonly hooks: Readonly<Partial<Record<HookName, HookStats>>>;
}

/** A function that scripts call by `vh.CallDynamicFunction(name, ...)`. */
// What a script passes is known to the function alone, so its parameters are its own to type.
export type DynamicFunction = (...args: never[]) => unknown;

/** Where a script lives. */
export interface LoadOptions {
  /** `"own"` (the default): an interpreter of its own. `"main"`: the main one, modules shared with others there. */
  readonly interpreter?: "own" | "main";
  /** `"shared"`: all such scripts run in one `__main__` and see each other's names; needs `interpreter: "main"`. */
  readonly globals?: "own" | "shared";
  /** The folder of a virtual environment whose packages the script may import. */
  readonly venv?: string;
  /** `vh.botname` of this script; the host's by default. */
  readonly botName?: string;
  /** `vh.opchatname` of this script; the host's by default. */
  readonly opChatName?: string;
  /** `vh.config_name` of this script; the host's by default. */
  readonly configName?: string;
}

/** What a script and its host share. @internal */
export interface Household {
  readonly native: NativeHost;
  /** The scripts that are loaded or being loaded, by id. */
  readonly scripts: Map<number, Script>;
  onLoad(script: Script): void;
  onUnload(script: Script): void;
  onError(error: Error, script: Script): void;
}

/** @internal */
export function checkDynamicFunction(name: string, fn: DynamicFunction): void {
  if (typeof name !== "string" || !name.isWellFormed())
    throw new TypeError("the name of a dynamic function must be a well-formed string");
  if (typeof fn !== "function") throw new TypeError(`${name} must be a function, not ${typeof fn}`);
}

const NO_STATS: ScriptStats = { calls: 0, errors: 0, timeMs: 0, vhCalls: 0, hooks: {} };

/** A script of a {@link ScriptHost}. It stays the same object when it is reloaded, with another id. */
export class Script {
  readonly #household: Household;
  readonly #options: Omit<NativeLoadOptions, "id" | "order">;
  /** By name; registered anew with each id. */
  readonly #functions = new Map<string, DynamicFunction>();
  #id = -1;
  #order = -1;
  #name: string;
  #loaded = false;
  #reloading = false;

  /** @internal */
  constructor(
    /** The host that loaded it. */
    readonly host: ScriptHost,
    household: Household,
    options: Omit<NativeLoadOptions, "id" | "order">,
  ) {
    this.#household = household;
    this.#options = options;
    this.#name = path.basename(options.path, ".py");
  }

  /** `vh.myid`: never used twice in a process. The last one once it is unloaded. */
  get id(): number {
    return this.#id;
  }

  /** Its file, absolute. */
  get path(): string {
    return this.#options.path;
  }

  /** The name it gave itself by `name_and_version`, else the file's name without `.py`. */
  get name(): string {
    return this.#household.native.info(this.#id)?.[1] ?? this.#name;
  }

  /** False once it is unloaded, until it is reloaded. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Its place among the host's scripts. @internal */
  get order(): number {
    return this.#order;
  }

  /** What it did since it was loaded. */
  get stats(): ScriptStats {
    const native = this.#household.native.stats(this.#id);
    if (native === null) return NO_STATS;
    const [vhCalls, ...rows] = native;
    const total = { calls: 0, errors: 0, timeMs: 0 };
    const hooks: Partial<Record<HookName, HookStats>> = {};
    for (const [hook, calls, errors, timeMs] of rows) {
      const name = HOOK_NAMES[hook];
      if (name !== undefined) hooks[name] = { calls, errors, timeMs };
      total.calls += calls;
      total.errors += errors;
      total.timeMs += timeMs;
    }
    return { ...total, vhCalls, hooks };
  }

  /**
   * Calls a top-level function of the script.
   * @throws PythonError when it raises or does not exist, MarshalError for a value without a counterpart,
   * ScriptUnloadedError
   * @example script.call("score", "alice") // 12
   */
  call(name: string, ...args: unknown[]): unknown {
    const [outcome, result] = this.#household.native.call(this.#id, name, args);
    if (outcome === Outcome.Ok) return result;
    const [type, message, traceback] = result as NativeFailure;
    switch (outcome) {
      case Outcome.NoScript:
        throw new ScriptUnloadedError(`${this.path} is not loaded`);
      case Outcome.NoFunction:
        throw new PythonError("NameError", `${this.path} has no function ${name}`, "", this.path);
      case Outcome.Unsupported:
        throw new MarshalError(message);
      case Outcome.Raised:
        throw new PythonError(type, message, traceback, this.path);
    }
  }

  /** Whether the script has a hook at this moment. */
  has(hook: HookName): boolean {
    return this.#household.native.hasHook(this.#id, hookNumber(hook));
  }

  /**
   * Registers a function that this script can call by `vh.CallDynamicFunction(name, ...)`; it survives a reload. One
   * of the same name for all scripts is hidden by it.
   */
  register(name: string, fn: DynamicFunction): void {
    checkDynamicFunction(name, fn);
    this.#functions.set(name, fn);
    if (this.#loaded) this.#household.native.register(this.#id, name, fn);
  }

  /** Takes a registered function back, a plugin's too; false when there is none of that name. */
  unregister(name: string): boolean {
    const removed = this.#household.native.unregister(this.#id, name);
    return this.#functions.delete(name) || removed;
  }

  /**
   * Unloads the script and loads its file again, at the same place in the order. While it is running (a hub function
   * that it called asks for this) that happens when its last frame has returned, and a failure is an `error` event.
   * @throws ScriptLoadError when it does not load: it then stays unloaded and can be reloaded again
   */
  reload(): void {
    this.#checkNotLoading();
    if (this.#loaded && !this.#end()) this.#reloading = true;
    else this.start();
  }

  /** Runs `UnLoad()` and ends the script. While it is running, that happens when its last frame has returned. */
  unload(): void {
    this.#checkNotLoading();
    this.#reloading = false;
    if (this.#loaded) this.#end();
  }

  /** A hub function that the file's top level called got hold of the script. */
  #checkNotLoading(): void {
    if (!this.#loaded && this.#household.scripts.has(this.#id))
      throw new Error(`${this.path} is being loaded`);
  }

  /** False while the script is running: finish() follows when it has returned. */
  #end(): boolean {
    const unloading = this.#household.native.unload(this.#id);
    const gone = unloading === Unloading.Gone || unloading === Unloading.Kept;
    if (gone) this.#leave();
    return gone;
  }

  /** Runs the file. @internal */
  start(): void {
    const { native, scripts } = this.#household;
    this.#id = native.reserve();
    if (this.#order < 0) this.#order = this.#id;
    scripts.set(this.#id, this);
    for (const [name, fn] of this.#functions) native.register(this.#id, name, fn);
    const loaded = native.load({ ...this.#options, id: this.#id, order: this.#order });
    if (loaded.length === 3) {
      scripts.delete(this.#id);
      throw new ScriptLoadError(...loaded, this.path);
    }
    this.#name = loaded[1];
    this.#loaded = true;
    this.#household.onLoad(this);
  }

  /** The script's last frame has returned, and it has gone. @internal */
  finish(): void {
    this.#leave();
    if (!this.#reloading || this.host.closed) return;
    this.#reloading = false;
    try {
      this.start();
    } catch (error) {
      this.#household.onError(error as Error, this);
    }
  }

  #leave(): void {
    this.#loaded = false;
    this.#household.scripts.delete(this.#id);
    this.#household.onUnload(this);
  }
}
