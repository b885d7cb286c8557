/**
 * What clients may cost the hub and each other: every limit, with a default that leaves room for any client that
 * behaves.
 * @packageDocumentation
 */

import { inspect } from "node:util";

/** A token bucket: so many at once, and so many a second in the long run. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** How often a client may send a kind of message, and how long one may be. */
export interface MessageLimit extends Rate {
  /** The longest line of the kind, in bytes. */
  bytes: number;
}

const KIB = 1024;

// What goes to everybody is dearest: rare and short.
const MESSAGES = {
  /** Main chat, commands included. */
  chat: { perSecond: 2, burst: 10, bytes: 4 * KIB },
  /** `$To` */
  pm: { perSecond: 3, burst: 20, bytes: 16 * KIB },
  /** `$MCTo` */
  mcTo: { perSecond: 3, burst: 20, bytes: 8 * KIB },
  /** `$Search`, `$SA`, `$SP`; the variable `int_search` sets the least interval besides. */
  search: { perSecond: 1, burst: 15, bytes: 1 * KIB },
  /** `$SR` */
  result: { perSecond: 50, burst: 500, bytes: 2 * KIB },
  /** `$ConnectToMe`, `$RevConnectToMe` */
  connect: { perSecond: 10, burst: 200, bytes: 1 * KIB },
  /** `$MyINFO`, `$ExtJSON`, `$MyHubURL` */
  info: { perSecond: 0.5, burst: 15, bytes: 2 * KIB },
  /** `$GetNickList`: a short question with the longest answer. */
  list: { perSecond: 0.1, burst: 5, bytes: KIB },
  /** `$GetINFO` (old clients ask for each user by it), `$UserIP` */
  query: { perSecond: 100, burst: 5000, bytes: 16 * KIB },
  /** Everything else, known or not. */
  other: { perSecond: 10, burst: 100, bytes: 16 * KIB },
};

/** A kind of message that has a limit of its own. */
export type MessageKind = keyof typeof MESSAGES;

/** The limits of a hub. Where nothing else is said, `Infinity` switches one off. */
export interface Limits {
  /** The longest line of any kind, in bytes; a longer one ends the connection. */
  lineBytes: number;
  /** How much may wait to be sent before the next write, in bytes; a reader slower than that is disconnected. */
  backlogBytes: number;
  /** The time from connecting to being logged in, in milliseconds, finite. */
  loginMs: number;
  /** After how much stillness a client is pinged, or given up if something waits for it, in milliseconds, finite. */
  keepAliveMs: number;
  /** What one connection may send, in bytes; more ends it. */
  bytesIn: Rate;
  /** What a client may send of each kind: more is dropped, much more disconnects. Operators are exempt. */
  messages: Record<MessageKind, MessageLimit>;
  /** Connections at the same time from one address (of IPv6, one /64 network). */
  connectionsPerIp: number;
  /**
   * What the clients of one address (of IPv6, one /64 network) may send for everybody, in bytes; more is dropped.
   * Operators are exempt.
   */
  broadcastPerIp: Rate;
  /** New connections from one address (of IPv6, one /64 network). */
  connectionRate: Rate;
  /** Connections that are not yet logged in, of all addresses together. */
  pendingLogins: number;
  /** Passwords tried from one address (of IPv6, one /64 network); the right ones do not count. */
  passwordsPerIp: Rate;
  /** Passwords tried for one nick, from addresses other than the one that knew it last; the right ones do not count. */
  passwordsPerNick: Rate;
}

/** Limits that differ from the defaults; what is left out keeps its default. */
export type LimitOptions = Some<Limits>;

type Some<T> = { [Key in keyof T]?: T[Key] extends number ? number : Some<T[Key]> };

const MINUTE_S = 60;

export const DEFAULT_LIMITS: Limits = {
  lineBytes: 64 * KIB,
  backlogBytes: KIB * KIB,
  loginMs: 30_000,
  keepAliveMs: 120_000,
  // Less than may wait for a slow reader: or one client could have another disconnected. See broadcastPerIp, too.
  bytesIn: { perSecond: 32 * KIB, burst: 512 * KIB },
  messages: MESSAGES,
  connectionsPerIp: 20,
  // However many connect, of how many kinds, and come again with fresh limits of their own.
  broadcastPerIp: { perSecond: 64 * KIB, burst: 512 * KIB },
  connectionRate: { perSecond: 1, burst: 60 },
  pendingLogins: 500,
  passwordsPerIp: { perSecond: 5 / MINUTE_S, burst: 10 },
  passwordsPerNick: { perSecond: 5 / MINUTE_S, burst: 20 },
};

/**
 * No limit on how much, how often or how many: for measuring a hub by few, very busy clients. How long something may
 * take, and how much may wait for a slow reader, is limited as ever.
 */
export const UNLIMITED: LimitOptions = {
  lineBytes: Infinity,
  bytesIn: { burst: Infinity },
  messages: Object.fromEntries(
    Object.keys(MESSAGES).map((kind) => [kind, { burst: Infinity, bytes: Infinity }]),
  ),
  connectionsPerIp: Infinity,
  broadcastPerIp: { burst: Infinity },
  connectionRate: { burst: Infinity },
  pendingLogins: Infinity,
  passwordsPerIp: { burst: Infinity },
  passwordsPerNick: { burst: Infinity },
};

/** The longest time that a timer can wait, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The defaults, or others, with some limits changed.
 * @throws RangeError naming the limit that does not exist or cannot be
 */
export function limitsFrom(options: LimitOptions = {}, defaults = DEFAULT_LIMITS): Limits {
  return merge(defaults, options, "limits") as Limits;
}

function merge(defaults: object, given: object, path: string): object {
  const merged: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    const where = `${path}.${name}`;
    if (!Object.hasOwn(defaults, name)) {
      const known = Object.keys(defaults).join(", ");
      throw new RangeError(`There is no limit ${where}; ${path} has ${known}`);
    }
    const initial = merged[name];
    if (value === undefined) continue;
    if (typeof initial !== "object" || initial === null) {
      if (!isLimit(name, value))
        throw new RangeError(`The limit ${where} cannot be ${inspect(value)}`);
      merged[name] = value;
    } else {
      if (typeof value !== "object" || value === null) {
        throw new RangeError(`The limit ${where} has parts: ${Object.keys(initial).join(", ")}`);
      }
      merged[name] = merge(initial, value, where);
    }
  }
  return merged;
}

function isLimit(name: string, value: unknown): boolean {
  if (typeof value !== "number" || !(value > 0)) return false;
  if (name === "perSecond") return Number.isFinite(value);
  return !name.endsWith("Ms") || value <= MAX_TIMER_MS;
}
