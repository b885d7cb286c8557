/**
 * Who may connect: bounds how many connections there are, and how fast they come, of one address and of all.
 * @packageDocumentation
 */
import { subscriberOf } from "./addresses.js";
import { CloseReason } from "./constants.js";
import type { Limits } from "./limits.js";
import { TokenBuckets } from "./token-bucket.js";

/** Why a connection is refused. */
export interface Refusal {
  /** One of vh.eCR_*. */
  reason: number;
  why: string;
  /** Whether this was told the address lately: then it costs the hub no more than hanging up. */
  silent: boolean;
}

/** Counts connections, from the first packet on. */
export class Admission {
  readonly #limits: Limits;
  readonly #rates: TokenBuckets;
  readonly #openOf = new Map<string, number>();
  #open = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#rates = new TokenBuckets(limits.connectionRate);
  }

  /**
   * Lets a connection in, to be told when it {@link leave | leaves}, or says why not.
   * @param loggedIn how many of the open connections are logged in
   */
  enter(ip: string, loggedIn: number): Refusal | undefined {
    const subscriber = subscriberOf(ip);
    const verdict = this.#rates.take(subscriber);
    const silent = verdict === "drop" || verdict === "cut";
    const open = this.#openOf.get(subscriber) ?? 0;
    if (verdict !== "pass") {
      const why = "You reconnect too fast: wait a minute.";
      return { reason: CloseReason.Reconnect, why, silent };
    }
    if (open >= this.#limits.connectionsPerIp) {
      const why = "There are too many connections from your address.";
      return { reason: CloseReason.UserLimit, why, silent };
    }
    if (this.#open - loggedIn >= this.#limits.pendingLogins) {
      const why = "The hub is busy with other logins: try again in a minute.";
      return { reason: CloseReason.HubLoad, why, silent };
    }
    this.#openOf.set(subscriber, open + 1);
    this.#open++;
    return undefined;
  }

  /** A connection that was let in has closed. */
  leave(ip: string): void {
    const subscriber = subscriberOf(ip);
    const open = (this.#openOf.get(subscriber) ?? 0) - 1;
    if (open > 0) this.#openOf.set(subscriber, open);
    else this.#openOf.delete(subscriber);
    this.#open--;
  }
}
