#!/usr/bin/env node
/**
 * The command `vh-python`.
 * @packageDocumentation
 */
import { SOFTWARE } from "../hub/version.js";
import { parseOptions, UsageError, USAGE } from "./options.js";
import { run } from "./run.js";

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") console.log(USAGE);
  else if (options === "version") console.log(SOFTWARE);
  else await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`vh-python: ${error.message}\nTry: vh-python --help`);
  process.exitCode = 2;
}
