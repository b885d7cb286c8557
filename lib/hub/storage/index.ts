/**
 * What the hub keeps: one SQLite file, and a class for each thing in it.
 *
 * - `registrations`: get, add, delete, setClass, setPassword (a hash: {@link hashPassword})
 * - `bans`: add, find, hits, list, delete, deleteTemporary
 * - `configuration`: read and written through `Config` alone
 * - `restrictions`: set, forbids
 * - `sql`: query, for scripts
 *
 * These ask no script. What scripts may forbid is done by the functions of `../registering.ts` (register, unregister,
 * reclassify), `../banning.ts` (ban) and `../configuring.ts` (configure), which operators' commands and the vh
 * functions share.
 * @packageDocumentation
 */
import path from "node:path";
import { Bans } from "./bans.js";
import { StoredConfiguration } from "./configuration.js";
import { explain, HubDatabase, IN_MEMORY } from "./database.js";
import { Registrations } from "./registrations.js";
import { Restrictions } from "./restrictions.js";
import type { SqlMode } from "./query.js";
import { Sql } from "./sql.js";

export { StorageError } from "./database.js";
export { hashPassword, hashPasswordNow, isPassword } from "./passwords.js";

/** The name of the database in the hub's folder. */
export const DATABASE_NAME = "hub.sqlite";

/** All that the hub keeps. */
export class Storage {
  /** The database's file, undefined for one in memory. */
  readonly file: string | undefined;
  readonly registrations: Registrations;
  readonly bans: Bans;
  readonly configuration: StoredConfiguration;
  readonly restrictions: Restrictions;
  readonly sql: Sql;
  readonly #database: HubDatabase;

  /**
   * @param folder - where the database is or will be; undefined: in memory, gone with the hub
   * @param sqlMode - what scripts may do by vh.SQL
   * @throws StorageError, or SetupError when better-sqlite3 is missing, saying what is wrong and what to do
   */
  constructor(folder: string | undefined, sqlMode: SqlMode = "read-write") {
    this.file = folder === undefined ? undefined : path.join(folder, DATABASE_NAME);
    this.#database = new HubDatabase(this.file ?? IN_MEMORY);
    const { db } = this.#database;
    try {
      this.sql = new Sql(db, this.file ?? IN_MEMORY, sqlMode);
      this.registrations = new Registrations(db);
      this.bans = new Bans(db);
      this.configuration = new StoredConfiguration(db);
      this.restrictions = new Restrictions(db);
    } catch (error) {
      this.#database.close();
      throw explain(error, this.file ?? IN_MEMORY);
    }
  }

  /** Afterwards nothing can be read or written; the file is for others to open. */
  close(): void {
    this.sql.close();
    this.#database.close();
  }
}
