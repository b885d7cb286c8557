/**
 * How long a script may take, and what happens when it takes longer.
 * @packageDocumentation
 */
import { checkOneOf, timeOption } from "./options.js";

/**
 * Deadlines, in whole milliseconds up to 2^31 - 1. A host has them for all its scripts, and a script may have its own.
 * @example
 * const host = new ScriptHost({ hookTimeoutMs: 2_000, onRepeatedTimeout: "disable" });
 * host.load("import-users.py", { hookTimeoutMs: 0 }); // it may take its time
 */
export interface TimeLimits {
  /**
   * A hook, a call of a function or the loading of a file that takes longer is interrupted: `vh.HookTimeout` is raised
   * in the script, and {@link HookTimeoutError} comes out of it. 0: never. 10,000 by default.
   */
  readonly hookTimeoutMs?: number;
  /** A hook that takes longer is told to the `slow` event. 0: none is. 100 by default. */
  readonly slowHookMs?: number;
  /** How long the end of a script may take in all, its `UnLoad()` included. 1,000 by default. */
  readonly unloadTimeoutMs?: number;
  /** `"disable"`: a script that timed out three times in a row is unloaded. `"keep"` (the default): it is not. */
  readonly onRepeatedTimeout?: "keep" | "disable";
}

/** The same as the core has them: its `Limits`. */
export interface NativeLimits {
  readonly hook: number;
  readonly slow: number;
  readonly unload: number;
  readonly disables: boolean;
}

const DEFAULT_LIMITS: NativeLimits = { hook: 10_000, slow: 100, unload: 1_000, disables: false };

/**
 * The limits that options ask for.
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function readLimits(options: TimeLimits, byDefault = DEFAULT_LIMITS): NativeLimits {
  const policy = options.onRepeatedTimeout ?? (byDefault.disables ? "disable" : "keep");
  checkOneOf("onRepeatedTimeout", policy, ["keep", "disable"]);
  return {
    hook: timeOption("hookTimeoutMs", options.hookTimeoutMs, byDefault.hook),
    slow: timeOption("slowHookMs", options.slowHookMs, byDefault.slow),
    unload: timeOption("unloadTimeoutMs", options.unloadTimeoutMs, byDefault.unload),
    disables: policy === "disable",
  };
}
