/**
 * What a host tells those who listen.
 * @packageDocumentation
 */
import type { HookName } from "./hooks.js";
import type { Script } from "./script.js";

/** Where an error came from. */
export interface ErrorSource {
  readonly script?: Script;
  /** The hook that raised; absent for a failure elsewhere, as in UnLoad. */
  readonly hook?: HookName;
}

/** A line that a script wrote, without its newline. */
export interface PrintedLine {
  readonly script?: Script;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** Something a script's author should look at. */
export interface Warning {
  readonly script?: Script;
  readonly message: string;
}

/** A hook that took longer than the script's `slowHookMs`. */
export interface SlowHook {
  readonly script: Script;
  readonly hook: HookName;
  /** Milliseconds that it took, exact to a few. */
  readonly timeMs: number;
}

/**
 * The events of a {@link ScriptHost}. What nobody listens to goes to the process's own stdout and stderr; of `slow`,
 * `load` and `unload` nothing is written.
 */
export interface ScriptHostEvents {
  /** A {@link HookTimeoutError} when a hook took longer than the script's `hookTimeoutMs`. */
  error: [error: Error, source: ErrorSource];
  print: [line: PrintedLine];
  /**
   * That a hook hangs and cannot be interrupted is written to stderr in any case, while it hangs: the thread of the
   * listeners is the one that is held up.
   */
  warning: [warning: Warning];
  slow: [hook: SlowHook];
  load: [script: Script];
  /** Also of a script that was disabled (`onRepeatedTimeout`), or that a C++ plugin unloaded. */
  unload: [script: Script];
}
