import path from "node:path";
import { isNativeError } from "node:util/types";

import {
  HookTimeoutError,
  MarshalError,
  PythonError,
  ScriptLoadError,
  ScriptUnloadedError,
} from "./errors.js";
import { toError } from "./failures.js";
import { hookNumber, type HookName } from "./hooks.js";
import type { TimeLimits } from "./limits.js";
import {
  Outcome,
  Unloading,
  type NativeCallFailure,
  type NativeHost,
  type NativeLoadOptions,
} from "./native.js";
import type { ScriptHost } from "./script-host.js";
import { scriptStats, type ScriptStats } from "./stats.js";
import { awaitReport, type UnloadReport } from "./unload-report.js";

/** A function that scripts call by `vh.CallDynamicFunction(name, ...)`. */
// What a script passes is known to the function alone, so its parameters are its own to type.
export type DynamicFunction = (...args: never[]) => unknown;

/** Where a script lives, and how long it may take: the host's time limits by default. */
export interface LoadOptions extends TimeLimits {
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
  /** What goes on in the background for unloadAsync(), by id. */
  readonly endings: Map<number, Promise<UnloadReport>>;
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

/** Whether the facade is done with it; otherwise finish() follows. */
const isGone = (unloading: Unloading): boolean =>
  unloading === Unloading.Gone || unloading === Unloading.Kept;

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
  #timeouts = 0;

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
    return scriptStats(this.#household.native.stats(this.#id), this.#timeouts);
  }

  /**
   * Calls a top-level function of the script.
   * @throws PythonError when it raises or does not exist, HookTimeoutError when it takes longer than `hookTimeoutMs`,
   * MarshalError for a value without a counterpart, ScriptUnloadedError
   * @example script.call("score", "alice") // 12
   */
  call(name: string, ...args: unknown[]): unknown {
    const result = this.#household.native.call(this.#id, name, ...args);
    // Of whichever realm: the addon's need not be this one.
    if (typeof result === "object" && isNativeError(result))
      throw this.#failed(name, result.cause as NativeCallFailure);
    return result;
  }

  #failed(name: string, [outcome, failure]: NativeCallFailure): Error {
    switch (outcome) {
      case Outcome.NoScript:
        return new ScriptUnloadedError(`${this.path} is not loaded`);
      case Outcome.NoFunction:
        return new PythonError("NameError", `${this.path} has no function ${name}`, "", this.path);
      case Outcome.Unsupported:
        return new MarshalError(failure[1]);
      case Outcome.Raised:
        return this.counted(toError(failure, this.path));
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
   * What is left of an earlier end, or goes on in the background, is not waited for.
   * @returns how the end went, as {@link unload} does
   * @throws ScriptLoadError when it does not load, HookTimeoutError when that takes longer than `hookTimeoutMs`: it then
   * stays unloaded and can be reloaded again
   */
  reload(): UnloadReport {
    this.#checkNotLoading();
    // Said before the end, which finish() may follow at once: another thread has asked for it already, say.
    this.#reloading = this.#loaded;
    const { report, running } = this.#end();
    // A listener of `unload` may have done it.
    if (!running && !this.#loaded) this.start();
    return report;
  }

  /**
   * Runs `UnLoad()` and ends the script with its threads, for which it takes `unloadTimeoutMs` at most. What does not end
   * by then is cut off from the hub, and listed in the host's `zombies`. While the script is running (a hub function that
   * it called asks for this), all that happens when its last frame has returned: the report says that it has not ended,
   * and no stages. Of a script that is not loaded it says what is left of it.
   * @example if (!script.unload().ended) console.warn(`${script.name} lives on`);
   */
  unload(): UnloadReport {
    this.#checkNotLoading();
    this.#reloading = false;
    return this.#end().report;
  }

  /**
   * Does what {@link unload} does without holding up the hub: `UnLoad()` runs at once, the rest goes on in the background
   * while the hub's thread does other work. The script is out of the hub from now on, or from when its last frame has
   * returned, and may be reloaded right away. The process stays alive until the promise has been resolved.
   * @returns how the end went, once it is over
   * @example const { ended, threads } = await script.unloadAsync();
   */
  async unloadAsync(): Promise<UnloadReport> {
    this.#checkNotLoading();
    this.#reloading = false;
    const { native, scripts, endings } = this.#household;
    const id = this.#id;
    const known = endings.get(id);
    if (known !== undefined) return known;
    if (!this.#loaded) return this.#remains(id);
    let gone = false;
    const ending = awaitReport(() => {
      if (gone) return native.stepUnload(id);
      return scripts.has(id) ? null : this.#remains(id);
    }).finally(() => endings.delete(id));
    endings.set(id, ending); // before UnLoad() runs, which may ask for the same
    gone = isGone(native.startUnload(id));
    if (gone) this.#leave();
    return ending;
  }

  /** A hub function that the file's top level called got hold of the script. */
  #checkNotLoading(): void {
    if (!this.#loaded && this.#household.scripts.has(this.#id))
      throw new Error(`${this.path} is being loaded`);
  }

  /** `running`: finish() follows when it has returned. */
  #end(): { report: UnloadReport; running: boolean } {
    const { native, endings } = this.#household;
    if (!this.#loaded) {
      const { ended, ...rest } = this.#remains(this.#id);
      return { report: { ended: ended && !endings.has(this.#id), ...rest }, running: false };
    }
    const [unloading, report] = native.unload(this.#id);
    const running = !isGone(unloading);
    if (!running) this.#leave();
    return { report, running };
  }

  /** What is left of the script that had an id and is out of the hub. */
  #remains(id: number): UnloadReport {
    const { native } = this.#household;
    const zombie = native.zombies().find((each) => each.id === id);
    // Known still: it was running when the host was closed, and is.
    const ended = zombie === undefined && native.info(id) === null;
    return { ended, stages: [], threads: zombie?.threads ?? [] };
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
      throw toError(loaded, this.path, ScriptLoadError);
    }
    this.#name = loaded[1];
    this.#loaded = true;
    this.#household.onLoad(this);
  }

  /** An error that came out of the script, counted if it was a timeout. @internal */
  counted(error: PythonError): PythonError {
    if (error instanceof HookTimeoutError) this.#timeouts++;
    return error;
  }

  /** The script's last frame has returned, and it has gone. @internal */
  finish(): void {
    const reloading = this.#reloading;
    this.#leave();
    // A listener of `unload` may have loaded it.
    if (!reloading || this.#loaded || this.host.closed) return;
    try {
      this.start();
    } catch (error) {
      this.#household.onError(error as Error, this);
    }
  }

  #leave(): void {
    this.#loaded = false;
    this.#timeouts = 0;
    this.#reloading = false;
    this.#household.scripts.delete(this.#id);
    this.#household.onUnload(this);
  }
}
