/**
 * Ctrl-C and SIGTERM: once to end in good order, twice to end now.
 * @packageDocumentation
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** npm passes the terminal's Ctrl-C on to a process that the terminal has told already; the two are one. */
const TWIN_MS = 150;

const ignore = (): void => undefined;

/** Resolves when the process is told to end. From then on a further signal kills it, even while a script is stuck. */
export async function endSignal(): Promise<void> {
  process.on("SIGINT", ignore).on("SIGTERM", ignore);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await sleep(TWIN_MS);
  process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
}
