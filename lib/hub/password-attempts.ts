/**
 * How often passwords may be guessed: from one address, and for one nick.
 * @packageDocumentation
 */
import { subscriberOf } from "./addresses.js";
import type { Limits } from "./limits.js";
import { nickKey } from "./nick-key.js";
import { TokenBuckets } from "./token-bucket.js";

/** Counts passwords that are tried, and not those that were right. */
export class PasswordAttempts {
  readonly #ofAddress: TokenBuckets;
  readonly #ofNick: TokenBuckets;
  /** Where each nick's right password came from last: who attacks a nick must not lock its owner out. */
  readonly #homes = new Map<string, string>();

  constructor(limits: Pick<Limits, "passwordsPerIp" | "passwordsPerNick">) {
    this.#ofAddress = new TokenBuckets(limits.passwordsPerIp);
    this.#ofNick = new TokenBuckets(limits.passwordsPerNick);
  }

  /** Counts an attempt before its password is looked at. @returns whether it may be looked at */
  begin(ip: string, nick: string): boolean {
    const key = nickKey(nick);
    const subscriber = subscriberOf(ip);
    if (this.#ofAddress.take(subscriber) !== "pass") return false;
    return this.#homes.get(key) === subscriber || this.#ofNick.take(key) === "pass";
  }

  /** The password was right: the attempt does not count. */
  succeed(ip: string, nick: string): void {
    const key = nickKey(nick);
    const subscriber = subscriberOf(ip);
    this.#ofAddress.giveBack(subscriber);
    if (this.#homes.get(key) !== subscriber) this.#ofNick.giveBack(key);
    this.#homes.set(key, subscriber);
  }
}
