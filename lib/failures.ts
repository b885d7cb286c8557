/**
 * Exceptions of scripts, as the core describes them, as errors.
 * @packageDocumentation
 */
import { HookTimeoutError, PythonError } from "./errors.js";
import type { NativeFailure } from "./native.js";

/** What the core raises in a script that takes too long. */
const HOOK_TIMEOUT = "vh.HookTimeout";

/** @param Kind - what it is unless the script took too long */
export function toError(
  failure: NativeFailure,
  scriptPath: string,
  Kind: typeof PythonError = PythonError,
): PythonError {
  const Class = failure[0] === HOOK_TIMEOUT ? HookTimeoutError : Kind;
  return new Class(...failure, scriptPath);
}
