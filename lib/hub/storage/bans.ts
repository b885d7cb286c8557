/**
 * Bans: who may not come in, by what, until when and why.
 * @packageDocumentation
 */
import { addressKey, type AddressKey, type AddressRange } from "../addresses.js";
import { BanType } from "../constants.js";
import { nickKey } from "../nick-key.js";
import { nowSeconds } from "../periods.js";
import type { Database, Statement } from "./database.js";

/** One ban. */
export interface Ban {
  readonly id: number;
  /** One of vh.eBF_*: which of the fields below a user is compared with. */
  readonly type: number;
  /** The nick, the prefix of a {@link BanType.Prefix}; with other types, whom it was meant for. */
  readonly nick: string;
  readonly ip: string;
  readonly range?: AddressRange;
  /** As much of the host name as the type compares. */
  readonly host: string;
  /** In bytes, decimal. */
  readonly share: string;
  readonly op: string;
  readonly reason: string;
  /** A note for operators. */
  readonly opNote: string;
  /** In seconds since the epoch. */
  readonly start: number;
  /** When it ends, in seconds since the epoch; undefined: never. */
  readonly until?: number;
}

/** What is told of a new one: what its type compares, and for how many seconds (0: for ever). */
export type NewBan = Pick<Ban, "type" | "op" | "reason"> &
  Partial<Pick<Ban, "nick" | "ip" | "range" | "host" | "share" | "opNote">> & { seconds: number };

/** What is known of somebody so far. */
export interface Suspect {
  readonly nick?: string;
  readonly ip?: string;
  readonly host?: string;
  readonly share?: string;
}

interface Row extends Omit<Ban, "range" | "until"> {
  readonly from: AddressKey | number | null;
  readonly to: AddressKey | number | null;
  readonly until: number | null;
}

const { NickIp, Ip, Nick, Range, Host1, Host2, Host3, Share, Prefix, HostR1 } = BanType;

/** The bits of all types. */
export const ALL_TYPES = Object.values(BanType).reduce((all, bit) => all | bit, 0);

const COLUMNS = `
  id, ban_type AS type, nick, ip, range_fr AS "from", range_to AS "to", host, share_size AS share,
  nick_op AS op, reason, note_op AS opNote, date_start AS start, nullif(date_limit, 0) AS until`;

/** No limit, as scripts write it: NULL or 0. */
const IN_FORCE = "(ifnull(date_limit, 0) = 0 OR date_limit > @now)";

/** Each alternative has an index; a parameter that is NULL, being unknown yet, equals nothing. */
const HITS = `(
  ip = @ip AND ban_type & ${NickIp | Ip}
  OR nick IN (SELECT value FROM json_each(@nicks)) AND ban_type & ${NickIp | Nick}
  OR range_fr <= @address AND range_to >= @address AND ban_type & ${Range}
  OR host = @host1 AND ban_type & ${Host1}
  OR host = @host2 AND ban_type & ${Host2}
  OR host = @host3 AND ban_type & ${Host3}
  OR host = @hostr1 AND ban_type & ${HostR1}
  OR share_size = @share AND ban_type & ${Share}
  OR nick IN (SELECT value FROM json_each(@prefixes)) AND ban_type & ${Prefix}
)`;

/** The part of a host name that each type compares: its last one, two or three labels, or its first. */
export function hostPart(host: string, type: number): string {
  const labels = host.split(".");
  if (type === HostR1) return labels[0] ?? "";
  return labels.slice({ [Host1]: -1, [Host2]: -2, [Host3]: -3 }[type]).join(".");
}

/** All bans (the table `banlist`). */
export class Bans {
  readonly #find: Statement;
  readonly #hits: Statement;
  readonly #list: Statement;
  readonly #add: Statement;
  readonly #replace: Statement;
  readonly #delete: Statement;
  readonly #deleteTemporary: { nick: Statement; ip: Statement };
  readonly #prune: Statement;
  readonly #others: Statement;
  readonly #transaction: Database["transaction"];

  constructor(db: Database) {
    // The one that lasts longest: it is what the user has to know.
    this.#find = db.prepare(`
      SELECT ${COLUMNS} FROM banlist WHERE ${IN_FORCE} AND ban_type & @types AND ${HITS}
      ORDER BY ifnull(nullif(date_limit, 0), 1e18) DESC LIMIT 1`);
    this.#hits = db.prepare(`SELECT 1 FROM banlist WHERE id = @id AND ${HITS}`);
    this.#list = db.prepare(`SELECT ${COLUMNS} FROM banlist WHERE ${IN_FORCE} ORDER BY id DESC`);
    this.#replace = db.prepare(`
      DELETE FROM banlist
      WHERE ban_type = @type AND nick IN (SELECT value FROM json_each(@nicks)) AND ip = @ip AND host = @host
        AND share_size = @share AND range_fr IS @from AND range_to IS @to`);
    this.#add = db.prepare(`
      INSERT INTO banlist (ban_type, nick, ip, range_fr, range_to, host, share_size, nick_op,
        reason, note_op, date_start, date_limit)
      VALUES (@type, @nick, @ip, @from, @to, @host, @share, @op, @reason, @opNote, @start, @until)
      RETURNING ${COLUMNS}`);
    this.#delete = db.prepare("DELETE FROM banlist WHERE id = ?");
    const temporary = "DELETE FROM banlist WHERE date_limit > 0 AND";
    this.#deleteTemporary = {
      nick: db.prepare(`
        ${temporary} nick IN (SELECT value FROM json_each(@nicks)) AND ban_type & ${NickIp | Nick}`),
      ip: db.prepare(`${temporary} ip = @ip AND ban_type & ${NickIp | Ip}`),
    };
    this.#prune = db.prepare("DELETE FROM banlist WHERE date_limit BETWEEN 1 AND ?");
    this.#others = db.prepare(`SELECT DISTINCT nick FROM banlist WHERE nick GLOB '*[^ -~]*'`);
    this.#transaction = db.transaction.bind(db);
    this.#prune.run(nowSeconds());
  }

  /** Adds a ban; the same one anew takes the place of the old. Bans that have ended are forgotten. */
  add(ban: NewBan): Ban {
    const { nick = "", ip = "", host = "", share = "", opNote = "" } = ban;
    const { from = null, to = null } = ban.range ?? {};
    const start = nowSeconds();
    const until = ban.seconds > 0 ? Math.ceil(Date.now() / 1000 + ban.seconds) : null;
    const nicks = JSON.stringify(this.#spellings(nick));
    const fields = { ip, host, share, opNote, from, to, start, until };
    const row = { ...ban, ...fields, nick: nick.normalize(), nicks };
    return this.#transaction(() => {
      this.#prune.run(start);
      this.#replace.run(row);
      return toBan(this.#add.get(row) as Row);
    })();
  }

  /**
   * The ban that keeps somebody out, the longest if there are several.
   * @param types - the bits of the types that count
   */
  find(suspect: Suspect, types = ALL_TYPES): Ban | undefined {
    const now = nowSeconds();
    const row = this.#find.get({ ...this.#parameters(suspect), types, now }) as Row | undefined;
    return row && toBan(row);
  }

  /** Whether a ban keeps somebody out. */
  hits(ban: Ban, suspect: Suspect): boolean {
    return this.#hits.get({ ...this.#parameters(suspect), id: ban.id }) !== undefined;
  }

  /** The bans in force, the newest first. */
  list(): Ban[] {
    return (this.#list.all({ now: nowSeconds() }) as Row[]).map(toBan);
  }

  /** @returns whether there was one */
  delete(id: number): boolean {
    return this.#delete.run(id).changes > 0;
  }

  /** Lifts the temporary bans of a nick or of an address. @returns whether there was one */
  deleteTemporary(by: "nick" | "ip", value: string): boolean {
    const parameters =
      by === "nick" ? { nicks: JSON.stringify(this.#spellings(value)) } : { ip: value };
    return this.#deleteTemporary[by].run(parameters).changes > 0;
  }

  /** What the nick is called in bans, as far as SQLite, which knows the cases of ASCII alone, would miss it. */
  #spellings(nick: string): string[] {
    const key = nickKey(nick);
    return [nick.normalize(), ...this.#otherNicks(nick).filter((other) => nickKey(other) === key)];
  }

  /** What starts the nick, as bans may have it. */
  #prefixes(nick: string): string[] {
    const [key, characters] = [nickKey(nick), Array.from(nick.normalize())];
    return [
      ...characters.map((_, at) => characters.slice(0, at + 1).join("")),
      ...this.#otherNicks(nick).filter((other) => key.startsWith(nickKey(other))),
    ];
  }

  /** The banned nicks that are not ASCII, unless the nick is. */
  #otherNicks(nick: string): string[] {
    if (/^[ -~]*$/.test(nick)) return [];
    return (this.#others.all() as { nick: string }[]).map((row) => row.nick);
  }

  #parameters({ nick, ip, host, share }: Suspect): Record<string, unknown> {
    const part = (type: number) => (host === undefined ? null : hostPart(host, type));
    return {
      nicks: JSON.stringify(nick === undefined ? [] : this.#spellings(nick)),
      prefixes: JSON.stringify(nick === undefined ? [] : this.#prefixes(nick)),
      ip: ip ?? null,
      address: (ip === undefined ? undefined : addressKey(ip)) ?? null,
      host1: part(Host1),
      host2: part(Host2),
      host3: part(Host3),
      hostr1: part(HostR1),
      share: share ?? null,
    };
  }
}

function toBan({ from, to, until, ...rest }: Row): Ban {
  return {
    ...rest,
    ...(until !== null && { until }),
    ...(from !== null && to !== null && { range: { from: toKey(from), to: toKey(to) } }),
  };
}

/** An IPv4 address comes out of the database as a number. */
function toKey(key: AddressKey | number): AddressKey {
  return typeof key === "number" ? BigInt(key) : key;
}
