/**
 * One query of a script, on an open database.
 * @packageDocumentation
 */
import type { Database, Statement } from "./database.js";
import { fromMySql } from "./mysql.js";
import { HUB_TABLES } from "./schema.js";

/** What scripts may do to the database by vh.SQL. */
export type SqlMode = "read-write" | "read-only" | "off";

/** The rows, or why there are none. */
export type QueryResult = { rows: (string | null)[][] } | { error: string };

/** NULL, text, a blob, an integer or a real number. */
type Value = null | string | Buffer | bigint | number;

/** A better-sqlite3 statement, as far as queries of unknown kind need it. */
interface AnyStatement extends Statement {
  readonly reader: boolean;
  readonly readonly: boolean;
  raw(): AnyStatement;
  safeIntegers(): AnyStatement;
  iterate(): IterableIterator<Value[]>;
}

/** What one result may hold, in characters: it goes through memory as a whole. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Statements that concern rows and tables; the others concern the connection and files, which are the hub's. */
const STATEMENTS = /^\s*(?:select|values|with|insert|replace|update|delete|create|alter|drop)\b/i;

const HUB_NAMES = HUB_TABLES.map((name) => `'${name}'`).join();

/** A trigger's table is called what its maker wrote; a temporary table hides the hub's from all scripts. */
const SHAPE = `
  SELECT group_concat(type || name || ifnull(sql, ''), char(10)) AS shape
  FROM (
    SELECT * FROM (SELECT * FROM sqlite_schema UNION ALL SELECT * FROM sqlite_temp_schema)
    WHERE tbl_name COLLATE NOCASE IN (${HUB_NAMES})
    ORDER BY name)`;

/** Runs one statement. @param limit - how many rows at most */
export function runQuery(db: Database, query: string, limit: number, mode: SqlMode): QueryResult {
  try {
    return { rows: run(db, query, limit, mode) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function run(db: Database, query: string, limit: number, mode: SqlMode): (string | null)[][] {
  if (query.includes("\0") || !query.isWellFormed()) {
    throw new Error("The query is not text: it has a NUL or half a character");
  }
  const sql = fromMySql(query);
  if (!STATEMENTS.test(sql)) {
    throw new Error(
      "Only SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP and the like are allowed",
    );
  }
  const statement = db.prepare(sql) as AnyStatement;
  if (mode === "read-only" && !statement.readonly)
    throw new Error("The database is read-only for scripts");
  if (/^\s*(?:create|alter|drop)\b/i.test(sql)) {
    keepingShape(db, () => statement.run());
    return [];
  }
  if (statement.reader) return take(statement.raw().safeIntegers().iterate(), limit);
  statement.run();
  return [];
}

/** @throws Error, and nothing has changed, when the hub's own tables would not be as the hub needs them */
function keepingShape(db: Database, work: () => void): void {
  const shape = db.prepare(SHAPE);
  db.transaction(() => {
    const before = shape.get() as { shape: string };
    work();
    const after = shape.get() as { shape: string };
    if (before.shape !== after.shape)
      throw new Error("The tables of the hub itself stay as they are");
  })();
}

function take(rows: IterableIterator<Value[]>, limit: number): (string | null)[][] {
  const taken: (string | null)[][] = [];
  let characters = 0;
  for (const row of rows) {
    const texts = row.map(toText);
    characters += texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
    if (characters > MOST_CHARACTERS) throw new Error("The result is too large: more than 16 MiB");
    if (taken.push(texts) >= limit) break;
  }
  return taken;
}

function toText(value: Value): string | null {
  return value === null ? null : value.toString();
}
