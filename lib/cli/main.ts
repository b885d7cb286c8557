#!/usr/bin/env node
/**
 * The command `vh-python`.
 * @packageDocumentation
 */
import { PythonNotFoundError } from "../errors.js";
import { SetupError, StorageError } from "../hub/index.js";
import { SOFTWARE } from "../hub/version.js";
import { parseOptions, UsageError, USAGE, type Task } from "./options.js";
import { register } from "./register.js";
import { run } from "./run.js";

/** Errors that the user can mend: their messages say how. */
const FOR_USERS = [SetupError, StorageError, PythonNotFoundError];

async function perform(task: Task): Promise<void> {
  switch (task.command) {
    case "run":
      return run(task.options);
    case "register":
      return register(task.options);
    case "help":
      console.log(USAGE);
      return;
    case "version":
      console.log(SOFTWARE);
  }
}

try {
  await perform(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`vh-python: ${error.message}\nTry: vh-python --help`);
    process.exitCode = 2;
  } else if (FOR_USERS.some((type) => error instanceof type)) {
    const { message } = error as Error;
    console.error(`vh-python: ${message}`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}
