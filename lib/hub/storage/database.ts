/**
 * The hub's database: one SQLite file, opened, locked, checked and brought up to date in one place.
 *
 * What a commit has acknowledged survives the end of the process at any point and the loss of power: the journal (WAL)
 * is on the disk before the call returns.
 * @packageDocumentation
 */
import { closeSync, openSync } from "node:fs";
import { VhError } from "../../errors.js";
import { requireOptional } from "../optional.js";
import { MIGRATIONS } from "./schema.js";

/** The database cannot be used; the message says which file, why, and what to do. */
export class StorageError extends VhError {
  readonly code = "ERR_VH_STORAGE";
}

/** What the hub uses of a better-sqlite3 statement. */
export interface Statement {
  run(...parameters: unknown[]): { changes: number; lastInsertRowid: number | bigint };
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
}

/** What the hub uses of a better-sqlite3 database; its own types would need @types/better-sqlite3 in every project. */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  pragma(source: string, options?: { simple: boolean }): unknown;
  transaction<T>(work: () => T): () => T;
  function(name: string, options: { deterministic?: boolean }, implementation: unknown): unknown;
  close(): unknown;
}

type Sqlite = new (file: string, options?: { timeout?: number; readonly?: boolean }) => Database;

/** Kept in memory alone, gone with the hub. */
export const IN_MEMORY = ":memory:";

/** How long another program that reads or writes the file is waited for, in milliseconds. */
const BUSY_MS = 2000;

/** The same for what is nice to know. */
const UNSYNCED_BUSY_MS = 50;

/** The hub's database, held against other hubs. */
export class HubDatabase {
  readonly db: Database;
  readonly #lock: Database | undefined;

  /**
   * Opens the database, and makes it if there is none.
   * @param file - a path, or {@link IN_MEMORY}
   * @throws SetupError when better-sqlite3 is missing; StorageError when another hub has the file, or it is damaged, too
   * new or not to be had
   */
  constructor(file: string) {
    const Sqlite = loadSqlite();
    try {
      if (file !== IN_MEMORY) this.#lock = lock(Sqlite, file);
      this.db = open(Sqlite, file);
    } catch (error) {
      this.#lock?.close();
      throw explain(error, file);
    }
  }

  /** Ends its lock too. */
  close(): void {
    this.db.close();
    this.#lock?.close();
  }
}

/** @throws SetupError saying what to install */
export function loadSqlite(): Sqlite {
  return requireOptional("better-sqlite3", "The hub's database") as Sqlite;
}

/**
 * What is nice to know rather than acknowledged: safe when the process dies, but not waiting for the disk, nor long for
 * another program, so that logins, right or wrong, do not hold up the hub.
 */
export function unsynced(db: Database, work: () => void): void {
  db.pragma("synchronous = NORMAL");
  db.pragma(`busy_timeout = ${UNSYNCED_BUSY_MS}`);
  try {
    work();
  } finally {
    db.pragma("synchronous = FULL");
    db.pragma(`busy_timeout = ${BUSY_MS}`);
  }
}

/**
 * Two hubs on one file would not see each other's configuration. The lock is the operating system's, on a file beside
 * the database: it ends with the process, however that ends, and other programs can read the database meanwhile.
 */
function lock(Sqlite: Sqlite, file: string): Database {
  // Only who runs the hub may read what stands for passwords.
  closeSync(openSync(file, "a", 0o600));
  const holder = new Sqlite(`${file}-lock`, { timeout: 0 });
  try {
    holder.exec("BEGIN EXCLUSIVE");
    return holder;
  } catch (error) {
    holder.close();
    if (!codeOf(error).startsWith("SQLITE_BUSY")) throw error;
    throw new StorageError(
      `${file} is in use by a running hub: end that first, or take another folder`,
    );
  }
}

function open(Sqlite: Sqlite, file: string): Database {
  const db = new Sqlite(file, { timeout: BUSY_MS });
  try {
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    if (db.pragma("quick_check(1)", { simple: true }) !== "ok") throw damaged(file);
    migrate(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function migrate(db: Database, file: string): void {
  const version = db.pragma("user_version", { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new StorageError(`${file} was written by a newer vh-python (its version is ${version})`);
  }
  for (const [at, sql] of [...MIGRATIONS.entries()].slice(version)) {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${at + 1}`);
    })();
  }
}

/** What went wrong with opening the database, in words for who runs the hub. */
export function explain(error: unknown, file: string): Error {
  if (error instanceof StorageError) return error;
  const code = codeOf(error);
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) return damaged(file);
  const { message } = error as Error;
  return new StorageError(`Cannot open the database ${file}: ${message}`, { cause: error });
}

function damaged(file: string): StorageError {
  return new StorageError(
    `${file} is damaged, or no database of a hub: restore it from a backup, or move it away to begin anew`,
  );
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}
