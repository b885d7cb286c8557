/**
 * The hub's folder, which the commands share.
 * @packageDocumentation
 */
import { mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { UsageError } from "./options.js";

/** Where the hub and its scripts keep their files when no `--base-dir` says otherwise. */
const DEFAULT_BASE_DIR = path.join(homedir(), ".vh-python");

/** The folder that was given, absolute, or the default one, which is made. @throws UsageError when there is no such */
export function findBaseDir(given: string | undefined): string {
  if (given === undefined) {
    mkdirSync(DEFAULT_BASE_DIR, { recursive: true });
    return DEFAULT_BASE_DIR;
  }
  if (!statSync(given, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`No such folder: ${given}`);
  }
  return path.resolve(given);
}
