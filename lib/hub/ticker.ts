/**
 * A periodic call that does not drift: each one is due a whole number of periods after the start. What a busy hub
 * missed is left out, not made up for.
 * @packageDocumentation
 */

/** Calls back every so many milliseconds, from {@link start} to {@link stop}; keeps no process alive. */
export class Ticker {
  readonly #tick: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(tick: () => void) {
    this.#tick = tick;
  }

  /** Starts, or starts again with another period. */
  start(periodMs: number): void {
    this.stop();
    this.#schedule(performance.now() + periodMs, periodMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(due: number, periodMs: number): void {
    this.#timer = setTimeout(
      () => {
        const missed = Math.max(0, Math.floor((performance.now() - due) / periodMs));
        this.#schedule(due + (missed + 1) * periodMs, periodMs);
        this.#tick();
      },
      Math.max(0, due - performance.now()),
    ).unref();
  }
}
