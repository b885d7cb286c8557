/**
 * Registered nicks: their class, the password that proves who asks for it, and when it was used.
 * @packageDocumentation
 */
import { nickKey } from "../nick-key.js";
import { nowSeconds } from "../periods.js";
import { unsynced, type Database, type Statement } from "./database.js";

/** One registered nick. */
export interface Registration {
  readonly nick: string;
  /** 0..5 or 10. */
  readonly userClass: number;
  /** What `hashPassword` made; "": the nick logs in without. */
  readonly passwordHash: string;
  /** False: nobody logs in with the nick. */
  readonly enabled: boolean;
  /** A note for operators. */
  readonly opNote: string;
  /** Who registered the nick. */
  readonly op: string;
  /** When, in seconds since the epoch. */
  readonly since: number;
  /** The last login, in seconds since the epoch; 0: never. */
  readonly lastLogin: number;
  readonly lastIp: string;
}

/** What is told of a new one. */
export type NewRegistration = Pick<
  Registration,
  "nick" | "userClass" | "passwordHash" | "op" | "opNote"
>;

type Row = Omit<Registration, "enabled"> & { readonly enabled: number };

const COLUMNS = `
  nick, class AS userClass, login_pwd AS passwordHash, enabled, ifnull(note_op, '') AS opNote,
  ifnull(reg_op, '') AS op, ifnull(reg_date, 0) AS since, login_last AS lastLogin,
  ifnull(login_ip, '') AS lastIp`;

const CLASSES = new Set([0, 1, 2, 3, 4, 5, 10]);

/** Whether a registered user may have the class. */
export function isRegistrableClass(userClass: number): boolean {
  return CLASSES.has(userClass);
}

/** All registered nicks (the table `reglist`); neither case nor spelling tells two apart. */
export class Registrations {
  readonly #db: Database;
  readonly #byNick: Statement;
  readonly #others: Statement;
  readonly #add: Statement;
  readonly #delete: Statement;
  readonly #setClass: Statement;
  readonly #setPassword: Statement;
  readonly #loggedIn: Statement;
  readonly #loggedOut: Statement;
  readonly #failed: Statement;
  readonly #changes: Statement;
  /** The nicks that are not all ASCII, by what finds them; of which state of the table. */
  #folded = { state: "", nicks: new Map<string, string>() };
  /** How many changes were notes of logins, which make no nick another. */
  #noted = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#byNick = db.prepare(`SELECT ${COLUMNS} FROM reglist WHERE nick = ?`);
    this.#others = db.prepare(`SELECT nick FROM reglist WHERE nick GLOB '*[^ -~]*'`);
    this.#add = db.prepare(`
      INSERT INTO reglist (nick, class, login_pwd, reg_op, note_op, reg_date)
      VALUES (@nick, @userClass, @passwordHash, @op, @opNote, @now)`);
    this.#delete = db.prepare("DELETE FROM reglist WHERE nick = ?");
    this.#setClass = db.prepare("UPDATE reglist SET class = ? WHERE nick = ?");
    this.#setPassword = db.prepare("UPDATE reglist SET login_pwd = ? WHERE nick = ?");
    this.#loggedIn = db.prepare(`
      UPDATE reglist SET login_last = ?, login_ip = ?, login_cnt = login_cnt + 1 WHERE nick = ?`);
    this.#loggedOut = db.prepare("UPDATE reglist SET logout_last = ? WHERE nick = ?");
    this.#failed = db.prepare(`
      UPDATE reglist SET error_last = ?, error_ip = ?, error_cnt = error_cnt + 1 WHERE nick = ?`);
    this.#changes = db.prepare("SELECT total_changes() AS own");
  }

  get(nick: string): Registration | undefined {
    const row = this.#byNick.get(this.#asWritten(nick)) as Row | undefined;
    return row && toRegistration(row);
  }

  /** @returns false when the nick is registered already */
  add(registration: NewRegistration): boolean {
    if (this.get(registration.nick)) return false;
    this.#add.run({ ...registration, now: nowSeconds() });
    return true;
  }

  /** @returns whether there was one */
  delete(nick: string): boolean {
    return this.#delete.run(this.#asWritten(nick)).changes > 0;
  }

  /** @returns false when the nick is not registered */
  setClass(nick: string, userClass: number): boolean {
    return this.#setClass.run(userClass, this.#asWritten(nick)).changes > 0;
  }

  /**
   * @param passwordHash - what `hashPassword` made, "" for none
   * @returns false when the nick is not registered
   */
  setPassword(nick: string, passwordHash: string): boolean {
    return this.#setPassword.run(passwordHash, this.#asWritten(nick)).changes > 0;
  }

  /** Keeps when and from where a registered user came in. */
  loggedIn(nick: string, ip: string): void {
    this.#note(this.#loggedIn, nowSeconds(), ip, this.#asWritten(nick));
  }

  /** The same of the way out; nothing for a nick that is not registered. */
  loggedOut(nick: string): void {
    if (this.get(nick)) this.#note(this.#loggedOut, nowSeconds(), this.#asWritten(nick));
  }

  /** Keeps when and from where a wrong password came. */
  failed(nick: string, ip: string): void {
    this.#note(this.#failed, nowSeconds(), ip, this.#asWritten(nick));
  }

  #note(statement: Statement, ...parameters: unknown[]): void {
    unsynced(this.#db, () => {
      this.#noted += statement.run(...parameters).changes;
    });
  }

  /** The nick as it is registered, if it is: SQLite itself knows the cases of ASCII alone. */
  #asWritten(nick: string): string {
    if (/^[ -~]*$/.test(nick) || this.#byNick.get(nick)) return nick;
    const key = nickKey(nick);
    // The Kelvin sign is a K.
    if (/^[ -~]*$/.test(key)) return key;
    return this.#otherNicks().get(key) ?? nick;
  }

  /** Read again after any other change, also by a script's query or another program: thousands of them take a while. */
  #otherNicks(): Map<string, string> {
    const { own } = this.#changes.get() as { own: number };
    const others = this.#db.pragma("data_version", { simple: true }) as number;
    const state = `${own - this.#noted} ${others}`;
    if (state !== this.#folded.state) {
      const rows = this.#others.all() as { nick: string }[];
      const nicks = new Map(rows.map(({ nick }) => [nickKey(nick), nick]));
      this.#folded = { state, nicks };
    }
    return this.#folded.nicks;
  }
}

function toRegistration(row: Row): Registration {
  return { ...row, enabled: row.enabled !== 0 };
}
