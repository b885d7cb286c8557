/**
 * How often Node's event loop turns: the hub's pulse, as `vh.GetServFreq` tells it.
 * @packageDocumentation
 */
import { performance } from "node:perf_hooks";

interface Sample {
  turns: number;
  atMs: number;
}

/** Counts the event loop's turns per second, between samples taken now and then. */
export class LoopRate {
  #older = take();
  #newer = this.#older;

  /** Remembers where the count is; the rate is that since the sample before the last. */
  sample(): void {
    this.#older = this.#newer;
    this.#newer = take();
  }

  /** Turns per second, rounded. */
  get perSecond(): number {
    const now = take();
    const seconds = (now.atMs - this.#older.atMs) / 1000;
    return seconds > 0 ? Math.round((now.turns - this.#older.turns) / seconds) : 0;
  }
}

function take(): Sample {
  return { turns: performance.nodeTiming.uvMetricsInfo.loopCount, atMs: performance.now() };
}
