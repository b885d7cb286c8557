/**
 * What a nick may not do for a while: chat, send private messages, search, ask for connections.
 * @packageDocumentation
 */
import { nickKey } from "../nick-key.js";
import { nowSeconds, parsePeriod } from "../periods.js";
import type { Database, Statement } from "./database.js";

/** A thing that can be forbidden. */
export type Restricted = "chat" | "pm" | "search" | "ctm";

const COLUMNS = { chat: "st_chat", pm: "st_pm", search: "st_search", ctm: "st_ctm" } as const;

/** Until when each thing is forbidden, in seconds since the epoch. */
type Row = Record<(typeof COLUMNS)[Restricted], number>;

const WEEK_SECONDS = 7 * 24 * 3600;

/**
 * The length of a restriction in seconds: a period, or "1" for a week and "0" to lift.
 * @returns undefined when it is neither
 */
export function parseRestriction(text: string): number | undefined {
  return { "0": 0, "1": WEEK_SECONDS }[text] ?? parsePeriod(text);
}

/** The restrictions of all nicks (the table `temp_rights`); they end by themselves. */
export class Restrictions {
  readonly #get: Statement;
  readonly #set: Record<Restricted, Statement>;
  readonly #transaction: Database["transaction"];
  /** What the database said of a nick in this turn of the event loop: others may write to it, too. */
  readonly #known = new Map<string, Row | null>();

  constructor(db: Database) {
    const prepare = (sql: (column: string) => string) => ({
      chat: db.prepare(sql(COLUMNS.chat)),
      pm: db.prepare(sql(COLUMNS.pm)),
      search: db.prepare(sql(COLUMNS.search)),
      ctm: db.prepare(sql(COLUMNS.ctm)),
    });
    const columns = Object.values(COLUMNS);
    this.#get = db.prepare(`SELECT ${columns.join()} FROM temp_rights WHERE nick = ?`);
    this.#set = prepare(
      (column) => `
        INSERT INTO temp_rights (nick, since, ${column}) VALUES (@nick, @now, @until)
        ON CONFLICT (nick) DO UPDATE SET since = @now, ${column} = @until`,
    );
    this.#transaction = db.transaction.bind(db);
    db.prepare(`DELETE FROM temp_rights WHERE max(${columns.join(", ")}) <= ?`).run(nowSeconds());
  }

  /** Forbids things for so many seconds from now, all or none; 0 lifts. */
  set(nick: string, seconds: Partial<Record<Restricted, number>>): void {
    this.#transaction(() => {
      for (const [what, length] of Object.entries(seconds)) {
        const until = length > 0 ? Math.ceil(Date.now() / 1000 + length) : 0;
        this.#set[what as Restricted].run({ nick: nickKey(nick), now: nowSeconds(), until });
      }
    })();
    this.forget();
  }

  /** Whether the nick may not do it now. */
  forbids(nick: string, what: Restricted): boolean {
    let row = this.#known.get(nick);
    if (row === undefined) row = this.#read(nick);
    return row !== null && row[COLUMNS[what]] > nowSeconds();
  }

  /** The database may have changed. */
  forget(): void {
    this.#known.clear();
  }

  #read(nick: string): Row | null {
    const row = (this.#get.get(nickKey(nick)) as Row | undefined) ?? null;
    if (this.#known.size === 0) {
      setImmediate(() => {
        this.forget();
      });
    }
    this.#known.set(nick, row);
    return row;
  }
}
