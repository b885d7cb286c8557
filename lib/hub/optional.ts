/**
 * Packages that only the hub needs, and only for some of what it does: loaded when that is asked for.
 * @packageDocumentation
 */
import { createRequire } from "node:module";
import { SetupError } from "./setup-error.js";

const require = createRequire(import.meta.url);

/**
 * Loads an optional dependency. It is a CommonJS one, so there is nothing to wait for.
 * @param purpose - what needs it, for the error's message
 * @throws SetupError when it is not installed
 */
export function requireOptional(name: string, purpose: string): unknown {
  try {
    return require(name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "MODULE_NOT_FOUND" ? "which is not installed" : `which fails: ${message}`;
    throw new SetupError(
      `${purpose} needs the package ${name}, ${why}. Install it by: npm install ${name}`,
      { cause: error },
    );
  }
}
