/**
 * Ctrl-C and SIGTERM: once to end in good order, twice to end now.
 * @packageDocumentation
 */
import { setTimeout as sleep } from "node:timers/promises";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** npm passes the terminal's Ctrl-C on to a process that the terminal has told already; the two are one. */
const TWIN_MS = 150;

/** Resolves when the process is told to end. From then on a further signal kills it, even while a script is stuck. */
export async function endSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of SIGNALS)
      process.on(signal, () => {
        resolve();
      });
  });
  await sleep(TWIN_MS);
  for (const signal of SIGNALS) process.removeAllListeners(signal);
}
