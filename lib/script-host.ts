import { EventEmitter } from "node:events";
import path from "node:path";

import { PluginLoadError, PythonError } from "./errors.js";
import type { ScriptHostEvents, Warning } from "./events.js";
import { toError } from "./failures.js";
import {
  HOOK_NAMES,
  hookNumber,
  type HookName,
  type HookNumber,
  type Hooks,
  type Verdict,
} from "./hooks.js";
import type { HubApi } from "./hub-api.js";
import { readLimits, type TimeLimits } from "./limits.js";
import { Home, loadNative, type NativeHost, type NativeLoadOptions } from "./native.js";
import { checkOneOf, textOption } from "./options.js";
import { Packer } from "./packer.js";
import {
  checkDynamicFunction,
  Script,
  type DynamicFunction,
  type Household,
  type LoadOptions,
} from "./script.js";
import { hostStats, type HostStats } from "./stats.js";
import type { Zombie } from "./unload-report.js";
import { decode, encode } from "./values.js";

/** What a {@link ScriptHost} is made with; its time limits are those of scripts that are loaded without their own. */
export interface ScriptHostOptions extends TimeLimits {
  /** The hub's functions; one that is missing raises NotImplementedError in Python. Read once, here. */
  readonly hub?: Partial<HubApi>;
  /** `vh.botname`; "Security" by default. */
  readonly botName?: string;
  /** `vh.opchatname`; "OpChat" by default. */
  readonly opChatName?: string;
  /** `vh.basedir`, the hub's configuration folder; the current folder by default. */
  readonly baseDir?: string;
  /** `vh.config_name`; "config" by default. */
  readonly configName?: string;
  /** `vh.starttime`; now by default. */
  readonly startTime?: Date;
}

const openHosts = new Set<ScriptHost>();

process.on("exit", (code) => {
  for (const host of openHosts) host.close(code);
});

/**
 * Runs Python scripts for a hub: loads them, dispatches events to their hooks, serves their `vh` calls.
 *
 * Belongs to the thread that makes it; everything, hub functions and events included, happens there, synchronously.
 * @example
 * const host = new ScriptHost({ hub: { GetUserClass: (nick) => users.get(nick)?.userClass ?? -2 } });
 * host.load("scripts/welcome.py");
 * const { allowed, args } = host.dispatch("OnParsedMsgChat", "alice", "hello");
 */
export class ScriptHost extends EventEmitter<ScriptHostEvents> {
  /** The version of the Python that runs, as "3.12.1". */
  readonly pythonVersion: string;
  readonly #options: Omit<NativeLoadOptions, "id" | "order" | "path" | "venv" | "home">;
  readonly #hookCounts = new Uint32Array(HOOK_NAMES.length);
  readonly #native: NativeHost;
  readonly #household: Household;
  #closed = false;

  /**
   * @throws PythonNotFoundError when there is no Python to run scripts with, TypeError or RangeError for an option that
   * cannot be
   */
  constructor(options: ScriptHostOptions = {}) {
    super();
    const native = loadNative();
    this.pythonVersion = native.pythonVersion;
    this.#options = {
      botName: textOption("botName", options.botName, "Security"),
      opChatName: textOption("opChatName", options.opChatName, "OpChat"),
      baseDir: path.resolve(textOption("baseDir", options.baseDir, ".")),
      configName: textOption("configName", options.configName, "config"),
      startTime: (options.startTime ?? new Date()).getTime() / 1000,
      limits: readLimits(options),
    };
    const source = (options.hub ?? {}) as Readonly<Record<string, unknown>>;
    const packer = new Packer();
    this.#native = native.open({
      self: source,
      functions: native.tables.functions.map((f) => (f.ofHub ? source[f.name] : undefined)),
      hookCounts: this.#hookCounts,
      packer,
      encode: (value, where) => encode(value, where, packer),
      decode,
      error: (id, hook, type, message, traceback) => {
        const script = this.#household.scripts.get(id);
        const error = toError([type, message, traceback], script?.path ?? "");
        this.#report(script?.counted(error) ?? error, script, HOOK_NAMES[hook]);
      },
      warning: (id, message) => {
        this.#warn({ ...this.#scriptOf(id), message });
      },
      slow: (id, number, timeMs) => {
        const script = this.#household.scripts.get(id);
        const hook = HOOK_NAMES[number];
        if (script && hook) this.#tell("slow", { script, hook, timeMs });
      },
      stuck: (id, message) => {
        this.#tell("warning", { ...this.#scriptOf(id), message });
      },
      output: (id, descriptor, text) => {
        const stream = descriptor === 1 ? "stdout" : "stderr";
        if (this.listenerCount("print") === 0) process[stream].write(`${text}\n`);
        else this.#tell("print", { ...this.#scriptOf(id), stream, text });
      },
      unloaded: (id) => this.#household.scripts.get(id)?.finish(),
    });
    this.#household = {
      native: this.#native,
      scripts: new Map(),
      endings: new Map(),
      onLoad: (script) => {
        this.#tell("load", script);
      },
      onUnload: (script) => {
        this.#tell("unload", script);
      },
      onError: (error, script) => {
        this.#report(error, script);
      },
    };
    openHosts.add(this);
  }

  /** The loaded scripts, in the order in which hooks are dispatched to them. */
  get scripts(): readonly Script[] {
    const all = [...this.#household.scripts.values()].filter((script) => script.loaded);
    return all.sort((a, b) => a.order - b.order);
  }

  /** Whether {@link close} has been called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Unloaded scripts whose threads do not end; empty when all is well. */
  get zombies(): readonly Zombie[] {
    return this.#native.zombies();
  }

  /** What all loaded scripts did together, and what the process holds for scripts. */
  get stats(): HostStats {
    return hostStats(this.scripts, this.zombies.length, this.#native.population());
  }

  /**
   * Loads a script file, after all that are loaded.
   * @throws ScriptLoadError with the traceback, HookTimeoutError when the file takes longer than `hookTimeoutMs`: both
   * are PythonErrors, and nothing of the script is left behind; TypeError or RangeError for an option that cannot be
   */
  load(file: string, options: LoadOptions = {}): Script {
    const { interpreter = "own", globals = "own" } = options;
    const venv = textOption("venv", options.venv, "");
    checkOneOf("interpreter", interpreter, ["own", "main"]);
    checkOneOf("globals", globals, ["own", "shared"]);
    if (globals === "shared" && interpreter !== "main")
      throw new TypeError('globals: "shared" needs interpreter: "main"');
    const script = new Script(this, this.#household, {
      ...this.#options,
      botName: textOption("botName", options.botName, this.#options.botName),
      opChatName: textOption("opChatName", options.opChatName, this.#options.opChatName),
      configName: textOption("configName", options.configName, this.#options.configName),
      path: path.resolve(file),
      venv: venv === "" ? "" : path.resolve(venv),
      home: interpreter === "own" ? Home.Own : globals === "own" ? Home.Main : Home.MainShared,
      limits: readLimits(options, this.#options.limits),
    });
    script.start();
    return script;
  }

  /**
   * Calls a hook of every script that has it. Never throws for what a script did: an exception is an `error` event and
   * allows. Costs next to nothing when no script has the hook.
   * @throws TypeError for an argument of a wrong type
   * @example
   * const { allowed, args: [nick, msg] } = host.dispatch("OnParsedMsgChat", "alice", "hello");
   */
  dispatch<H extends HookName>(hook: H, ...args: Hooks[H]): Verdict<H> {
    const number = hookNumber(hook);
    if (this.#hookCounts[number] === 0) return { allowed: true, args };
    const answer = this.#native.dispatch(number, ...args);
    return typeof answer === "boolean" ? { allowed: answer, args } : substituted<H>(answer, args);
  }

  /** Whether any script has a hook at this moment. */
  has(hook: HookName): boolean {
    return this.hasHook(hookNumber(hook));
  }

  /** The same for those who ask often: finding the number of a name takes longer than the rest. @internal */
  protected hasHook(number: HookNumber): boolean {
    return this.#hookCounts[number] !== 0;
  }

  /** Registers a function that all scripts, later ones too, can call by `vh.CallDynamicFunction(name, ...)`. */
  register(name: string, fn: DynamicFunction): void {
    checkDynamicFunction(name, fn);
    this.#native.register(-1, name, fn);
  }

  /** Takes a registered function back; false when there is none of that name. */
  unregister(name: string): boolean {
    return this.#native.unregister(-1, name);
  }

  /**
   * Loads a C++ plugin: a shared object with the entry that `vh_plugin.h` describes. It stays in memory; its
   * `vh_plugin_exit`, if it has one, is called when the host is closed.
   * @throws PluginLoadError when it cannot be opened, lacks the entry, or refuses
   * @example host.loadPlugin("./libstats.so"); // scripts can now call its functions
   */
  loadPlugin(file: string): void {
    const plugin = path.resolve(file);
    const problem = this.#closed ? "the host is closed" : this.#native.loadPlugin(plugin);
    if (problem !== undefined) throw new PluginLoadError(`${plugin}: ${problem}`);
  }

  /**
   * Asks the scripts' OnScriptQuery, as `vh.ScriptQuery` does.
   * @param recipient - a script's name or path; all scripts by default
   * @returns the answers, in the scripts' order
   */
  query(cmd: string, data = "", recipient = ""): string[] {
    return this.#native.query(cmd, data, recipient, "");
  }

  /**
   * Dispatches OnUnLoad, then runs each script's UnLoad and ends it. Done by itself when the process exits. A script
   * that is running while this is called runs its UnLoad too, and ends when its last frame has returned.
   * @param exitCode - 0 unless the hub dies of an error
   */
  close(exitCode = 0): void {
    if (!openHosts.has(this)) return;
    this.#closed = true;
    this.#native.close(exitCode);
    this.#native.unref();
    openHosts.delete(this);
    for (const script of this.scripts) script.finish();
  }

  /**
   * Keeps the process alive until {@link unref} or {@link close}, though nothing else does: for scripts whose threads do
   * the work. Without it a host does not.
   * @example const host = new ScriptHost({ hub }).ref();
   */
  ref(): this {
    if (!this.#closed) this.#native.ref();
    return this;
  }

  /** Takes {@link ref} back: the process may end though the host is open. */
  unref(): this {
    this.#native.unref();
    return this;
  }

  #scriptOf(id: number): { script?: Script } {
    const script = this.#household.scripts.get(id);
    return script === undefined ? {} : { script };
  }

  #report(error: Error, script?: Script, hook?: HookName): void {
    const source = { ...(script && { script }), ...(hook && { hook }) };
    if (this.listenerCount("error") > 0) this.#tell("error", error, source);
    else
      process.stderr.write(error instanceof PythonError ? error.traceback : `${error.message}\n`);
  }

  #warn(warning: Warning): void {
    if (this.listenerCount("warning") > 0) this.#tell("warning", warning);
    else process.stderr.write(`${warning.script?.path ?? "vh-python"}: ${warning.message}\n`);
  }

  /** What a listener throws is the listener's, not the script's whose doing the event is. */
  #tell<E extends keyof ScriptHostEvents>(event: E, ...args: ScriptHostEvents[E]): void {
    const deliver = (): void => {
      (this.emit as (event: E, ...args: ScriptHostEvents[E]) => boolean).call(this, event, ...args);
    };
    try {
      deliver();
    } catch (error) {
      // Where JavaScript's stack had no room for the listener, it is called when it has.
      const again = error instanceof RangeError && error.message.includes("call stack");
      process.nextTick(() => {
        if (!again) throw error;
        deliver();
      });
    }
  }
}

function substituted<H extends HookName>(
  [allowed, ...substitutes]: Exclude<ReturnType<NativeHost["dispatch"]>, boolean>,
  args: Hooks[H],
): Verdict<H> {
  return { allowed, args: args.map((arg, i) => substitutes[i] ?? arg) as Hooks[H] };
}
