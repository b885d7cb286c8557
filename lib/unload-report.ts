/**
 * How a script's end went, and what was left of it.
 * @packageDocumentation
 */
import { setTimeout as sleep } from "node:timers/promises";

/** A thread of a script. */
export interface ScriptThread {
  /** Its name in `threading`; "" for one that `threading` does not know. */
  readonly name: string;
  readonly daemon: boolean;
  /** Where it is, as `file:line`: in the script's own file if it comes from there. */
  readonly where: string;
}

/** A part of a script's end. */
export interface UnloadStage {
  /**
   * In this order, and only those that were needed: `unload`, the script's `UnLoad()`; `exit`, what it registered to be
   * called at exit; `wait`, for its threads to end by themselves; `interrupt`, them or what they wait for; `end`, of its
   * interpreter.
   */
  readonly name: "unload" | "exit" | "wait" | "interrupt" | "end";
  /** Milliseconds. */
  readonly timeMs: number;
}

/**
 * How a script's end went.
 * @example
 * const { ended, threads } = script.unload();
 * if (!ended) console.warn(threads.map(({ name, where }) => `${name} is at ${where}`));
 */
export interface UnloadReport {
  /** Whether nothing of the script is left. False: it is running, or its threads did not end. */
  readonly ended: boolean;
  /** The parts it came to, in order; none when the end is still to come, or was before. */
  readonly stages: readonly UnloadStage[];
  /** Those that did not end. */
  readonly threads: readonly ScriptThread[];
}

/** An unloaded script whose threads do not end. It is out of the hub's way, and tried again until it ends. */
export interface Zombie {
  /** The id that the script had. */
  readonly id: number;
  /** Its file, absolute. */
  readonly path: string;
  readonly threads: readonly ScriptThread[];
}

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 20;

/** Asks every few milliseconds, ever less often, until there is a report. The process stays alive for it. */
export async function awaitReport(ask: () => UnloadReport | null): Promise<UnloadReport> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    await sleep(pause);
    const report = ask();
    if (report !== null) return report;
  }
}
