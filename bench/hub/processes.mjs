// The bench's processes, and how they are told what to do: one command at a time, one answer to each.
import { fork } from "node:child_process";
import path from "node:path";

/**
 * Starts `bench/hub/<name>.mjs`, which ends with this process.
 * @returns what has that process do a command, and resolves with its answer
 */
export function start(name) {
  const child = fork(path.join(import.meta.dirname, `${name}.mjs`));
  return (command, args = {}) =>
    new Promise((resolve, reject) => {
      const onExit = (code, signal) => {
        reject(new Error(`${name} ended in "${command}" with ${signal ?? `exit code ${code}`}`));
      };
      child.once("exit", onExit);
      child.once("message", ({ answer, error }) => {
        child.off("exit", onExit);
        if (error === undefined) resolve(answer);
        else reject(new Error(`${name}: ${error}`));
      });
      child.send({ command, args });
    });
}

/** In a process that was started so: what each command does. */
export function serve(commands) {
  process.on("message", async ({ command, args }) => {
    try {
      process.send({ answer: await commands[command](args) });
    } catch (error) {
      process.send({ error: error.message });
    }
  });
  process.on("disconnect", () => process.exit());
}

/** The processor time of this process so far, in microseconds. */
export function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
