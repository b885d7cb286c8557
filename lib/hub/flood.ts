/**
 * How much one client may send: of each kind of message, and of bytes.
 * @packageDocumentation
 */
import type { Client } from "./client.js";
import { CloseReason } from "./constants.js";
import type { Limits, MessageKind, MessageLimit } from "./limits.js";
import { TokenBucket, TokenBuckets, type Verdict } from "./token-bucket.js";
import { isOperator } from "./users.js";

const NAMES: Record<MessageKind, string> = {
  chat: "chat messages",
  pm: "private messages",
  mcTo: "private chat messages",
  search: "searches",
  result: "search results",
  connect: "requests to connect",
  info: "changes of your $MyINFO",
  list: "requests for the user list",
  query: "requests for users' data",
  other: "commands",
};

/** What a client has sent of one kind. */
interface Account {
  readonly limit: MessageLimit;
  readonly bucket: TokenBucket;
  /** Whether the kind goes to everybody. */
  readonly isToAll: boolean;
}

/** What the clients of each address sent for everybody: one account, whichever of them did. */
export class Broadcasts {
  readonly #ofAddress: TokenBuckets;

  constructor(limits: Pick<Limits, "broadcastPerIp">) {
    this.#ofAddress = new TokenBuckets(limits.broadcastPerIp);
  }

  /** Counts a message, unless it is one too many. */
  admit(subscriber: string, bytes: number, at: number): Verdict {
    const verdict = this.#ofAddress.take(subscriber, at, bytes);
    // What nobody got does not count: one client cannot silence its neighbours for long.
    if (verdict !== "pass") this.#ofAddress.giveBack(subscriber, bytes);
    return verdict;
  }
}

/** One client's account of messages. */
export class MessageBuckets {
  readonly #limits: Limits["messages"];
  readonly #accounts = new Map<MessageKind, Account>();

  constructor(limits: Limits["messages"]) {
    this.#limits = limits;
  }

  /**
   * Counts a message. One too many, or too long, is dropped and the client told; one who goes on is disconnected.
   * @param at when it came, by the clock of `performance.now()`
   * @returns whether the message is to be processed
   */
  admit(client: Client, kind: MessageKind, bytes: number, at: number): boolean {
    if (client.user && isOperator(client.user)) return true;
    const { limit, bucket, isToAll } = this.#accounts.get(kind) ?? this.#open(kind, at);
    const verdict = bucket.take(1, at);
    if (verdict === "cut") {
      client.expel(CloseReason.Kicked, `You were disconnected: too many ${NAMES[kind]}.`);
    } else if (verdict === "warn") {
      client.tell(`Too many ${NAMES[kind]}: they are not passed on until you slow down.`);
    } else if (verdict === "pass" && bytes > limit.bytes) {
      const why = `Your message was not passed on: ${bytes} bytes, ${limit.bytes} are allowed.`;
      // A login cannot go on without the message.
      if (client.user?.listed) client.tell(why);
      else client.expel(CloseReason.Syntax, why);
    } else {
      return verdict === "pass" && (!isToAll || fits(client, kind, bytes, at));
    }
    return false;
  }

  #open(kind: MessageKind, at: number): Account {
    const limit = this.#limits[kind];
    const isToAll = kind === "chat" || kind === "search" || kind === "info";
    const account = { limit, bucket: new TokenBucket(limit, at), isToAll };
    this.#accounts.set(kind, account);
    return account;
  }
}

/** Whether everybody can bear what goes to everybody; the client is told if not. */
function fits(client: Client, kind: MessageKind, bytes: number, at: number): boolean {
  const isListed = client.user?.listed === true;
  // Before that nobody else hears of the client but by its first $MyINFO.
  if (!isListed && kind !== "info") return true;
  const verdict = client.hub.broadcasts.admit(client.subscriber, bytes, at);
  if (verdict === "pass") return true;
  const why = "Too much comes from your address for everybody";
  if (!isListed) client.expel(CloseReason.HubLoad, `${why}: try again in a minute.`);
  else if (verdict === "warn") client.tell(`${why}: it is not passed on until that slows down.`);
  return false;
}
