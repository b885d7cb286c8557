/**
 * What scripts did, counted and timed.
 * @packageDocumentation
 */
import { HOOK_NAMES, type HookName } from "./hooks.js";
import type { NativePopulation, NativeStats } from "./native.js";

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
  /** How often a hook or a call took longer than `hookTimeoutMs` and was interrupted; these are errors too. */
  readonly timeouts: number;
  /** By hook; those called at least once. */
  readonly hooks: Readonly<Partial<Record<HookName, HookStats>>>;
}

/** What all loaded scripts of a host did together, and what the process holds for scripts. */
export interface HostStats extends Omit<ScriptStats, "hooks"> {
  /** How many are loaded. */
  readonly scripts: number;
  /** How many unloaded ones have threads that do not end. */
  readonly zombies: number;
  /** Python interpreters in the process, of all hosts; the main one is always there. */
  readonly interpreters: number;
  /** Threads in the process that scripts of any host started. */
  readonly threads: number;
  /** Bytes of memory that the process occupies, all of it: JavaScript's too. */
  readonly memory: number;
}

/** What the core counted of a script (null: it is not loaded), and what the facade did. */
export function scriptStats(native: NativeStats | null, timeouts: number): ScriptStats {
  const [vhCalls, ...rows] = native ?? [0];
  const total = { calls: 0, errors: 0, timeMs: 0 };
  const hooks: Partial<Record<HookName, HookStats>> = {};
  for (const [hook, calls, errors, timeMs] of rows) {
    const name = HOOK_NAMES[hook];
    if (name !== undefined) hooks[name] = { calls, errors, timeMs };
    total.calls += calls;
    total.errors += errors;
    total.timeMs += timeMs;
  }
  return { ...total, vhCalls, timeouts, hooks };
}

/** The sum of what loaded scripts did, and what there is besides. */
export function hostStats(
  scripts: readonly { readonly stats: ScriptStats }[],
  zombies: number,
  population: NativePopulation,
): HostStats {
  const total = { calls: 0, errors: 0, timeMs: 0, vhCalls: 0, timeouts: 0 };
  for (const { stats } of scripts) {
    total.calls += stats.calls;
    total.errors += stats.errors;
    total.timeMs += stats.timeMs;
    total.vhCalls += stats.vhCalls;
    total.timeouts += stats.timeouts;
  }
  const memory = process.memoryUsage.rss();
  return { ...total, scripts: scripts.length, zombies, ...population, memory };
}
