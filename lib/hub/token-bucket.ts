/**
 * Token buckets: how often something may happen.
 * @packageDocumentation
 */
import type { Rate } from "./limits.js";

/**
 * What a bucket says to one more: "pass"; "warn", the first refusal after something passed; "drop", a further one; "cut",
 * when refusing did not help and there was as much again as a whole burst.
 */
export type Verdict = "pass" | "warn" | "drop" | "cut";

/** One bucket. It starts full; what is refused counts too, down to a whole burst of debt. */
export class TokenBucket {
  readonly #rate: Rate;
  // Numbers from the beginning: V8 changes such fields in place, and makes a new object of each number in others.
  #tokens = 0;
  #filledAt = 0;
  #refusing = false;

  /** @param now the time in milliseconds, of any clock that only goes forward */
  constructor(rate: Rate, now = performance.now()) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** Takes tokens, or says that there are not enough. */
  take(amount = 1, now = performance.now()): Verdict {
    this.#fill(now);
    if (this.#tokens < amount) return this.#refuse(amount);
    this.#tokens -= amount;
    this.#refusing = false;
    return "pass";
  }

  /** Gives back what was taken for something that does not count after all. */
  giveBack(amount = 1): void {
    this.#tokens = Math.min(this.#tokens + amount, this.#rate.burst);
  }

  /** Whether the bucket is as good as new. */
  isFull(now = performance.now()): boolean {
    this.#fill(now);
    return this.#tokens >= this.#rate.burst;
  }

  #refuse(amount: number): Verdict {
    const warned = this.#refusing;
    this.#refusing = true;
    this.#tokens = Math.max(this.#tokens - amount, -this.#rate.burst);
    if (!warned) return "warn";
    return this.#tokens <= -this.#rate.burst ? "cut" : "drop";
  }

  #fill(now: number): void {
    // What came together came at the same time.
    if (now === this.#filledAt) return;
    const gained = ((now - this.#filledAt) / 1000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#tokens + gained, this.#rate.burst);
    this.#filledAt = now;
  }
}

/** How long full buckets are kept at most, in milliseconds. */
const MAX_SWEEP_MS = 3_600_000;

/** A bucket for each key; the full ones are forgotten. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, TokenBucket>();
  #sweepAt = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes tokens for the key, one unless told. */
  take(key: string, now = performance.now(), amount = 1): Verdict {
    this.#sweep(now);
    let bucket = this.#buckets.get(key);
    if (!bucket) this.#buckets.set(key, (bucket = new TokenBucket(this.#rate, now)));
    return bucket.take(amount, now);
  }

  giveBack(key: string, amount = 1): void {
    this.#buckets.get(key)?.giveBack(amount);
  }

  /** Once in the time in which an empty bucket fills: what is forgotten then costs little to look at. */
  #sweep(now: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + Math.min((this.#rate.burst / this.#rate.perSecond) * 1000, MAX_SWEEP_MS);
    for (const [key, bucket] of this.#buckets) {
      if (bucket.isFull(now)) this.#buckets.delete(key);
    }
  }
}
