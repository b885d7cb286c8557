/**
 * What a nick may not do for a while: chat, send private messages, search, ask for connections.
 * @packageDocumentation
 */

/** A thing that can be forbidden. */
export type Restricted = "chat" | "pm" | "search" | "ctm";

const WEEK_MS = 7 * 24 * 3600 * 1000;

const UNIT_MS: Record<string, number> = {
  s: 1000,
  m: 60 * 1000,
  h: 3600 * 1000,
  d: 24 * 3600 * 1000,
  w: WEEK_MS,
};

/**
 * The length of a period in milliseconds: "30s", "10m", "2h", "3d", "1w"; "1" is a week, "0" nothing.
 * @returns undefined when it is no period
 */
export function parsePeriod(period: string): number | undefined {
  if (period === "0") return 0;
  if (period === "1") return WEEK_MS;
  const match = /^(\d{1,6})([smhdw])$/.exec(period);
  return match ? Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? 0) : undefined;
}

/** The restrictions of all nicks; they outlast a connection, and end by themselves. */
export class Restrictions {
  readonly #untilByKey = new Map<string, number>();

  /** Forbids a thing for `ms` milliseconds from now; 0 lifts. */
  set(nick: string, what: Restricted, ms: number): void {
    if (ms > 0) this.#untilByKey.set(key(nick, what), Date.now() + ms);
    else this.#untilByKey.delete(key(nick, what));
  }

  /** Whether the nick may not do it now. */
  forbids(nick: string, what: Restricted): boolean {
    const until = this.#untilByKey.get(key(nick, what));
    if (until === undefined) return false;
    if (until > Date.now()) return true;
    this.#untilByKey.delete(key(nick, what));
    return false;
  }
}

function key(nick: string, what: Restricted): string {
  return `${what} ${nick.toLowerCase()}`;
}
