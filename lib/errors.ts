/**
 * The errors this package throws or reports. Each class has a stable `code`.
 * @packageDocumentation
 */

/** What is common to all errors of this package. */
export abstract class VhError extends Error {
  /** Stable across versions; what programs should compare. */
  abstract readonly code: string;

  override get name(): string {
    return this.constructor.name;
  }
}

/** A Python exception that came out of a script. */
export class PythonError extends VhError {
  readonly code: string = "ERR_VH_PYTHON";

  /**
   * @param pythonType - the exception's class, as `ValueError` or `mymodule.MyError`
   * @param traceback - what Python would have printed, chained exceptions included
   * @param scriptPath - the script's file
   */
  constructor(
    readonly pythonType: string,
    message: string,
    readonly traceback: string,
    readonly scriptPath: string,
  ) {
    super(message === "" ? pythonType : `${pythonType}: ${message}`);
  }
}

/** A script could not be loaded; nothing of it is left behind. */
export class ScriptLoadError extends PythonError {
  override readonly code = "ERR_VH_SCRIPT_LOAD";
}

/**
 * A script took longer than its `hookTimeoutMs` for a hook, a call or its loading, and was interrupted. The traceback
 * says where it stood.
 */
export class HookTimeoutError extends PythonError {
  override readonly code = "ERR_VH_HOOK_TIMEOUT";
}

/** A value has no counterpart on the other side; the message begins with its path (`args[1].users[3].avatar`). */
export class MarshalError extends VhError {
  readonly code = "ERR_VH_MARSHAL";
}

/** No Python to run scripts with; the message says what was tried and how to install one. */
export class PythonNotFoundError extends VhError {
  readonly code = "ERR_VH_PYTHON_NOT_FOUND";
}

/** A C++ plugin could not be loaded; the message says why. */
export class PluginLoadError extends VhError {
  readonly code = "ERR_VH_PLUGIN_LOAD";
}

/** The script is not loaded, or its host is closed. */
export class ScriptUnloadedError extends VhError {
  readonly code = "ERR_VH_SCRIPT_UNLOADED";
}
