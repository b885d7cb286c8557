/**
 * The SQL of scripts in the wild, which was written for MySQL, as SQLite understands it. What both have in common goes
 * through as it is; what is not translated here is SQLite's to refuse.
 * @packageDocumentation
 */
import { nowSeconds } from "../periods.js";
import type { Database } from "./database.js";

/** Text in either quotes (a quote is doubled or escaped), a quoted name, a comment, a word, or any other character. */
const TOKEN =
  /(?<text>'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*")|`[^`]*`|(?<comment>--\s[^\n]*|#[^\n]*|\/\*[^]*?\*\/)|\w+|[^]/g;

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", 0: "\0", Z: "\x1a" };

/** Translates a query: quotes and comments, `INSERT IGNORE`, and what `CREATE TABLE` says of storage. */
export function fromMySql(query: string): string {
  const texts: string[] = [];
  // Text stands aside while the rest is translated.
  const bare = query.replace(TOKEN, (token: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as { text?: string; comment?: string };
    if (groups.comment !== undefined) return " ";
    return groups.text === undefined ? token : `\u{e000}${texts.push(quote(token)) - 1}\u{e001}`;
  });
  const translated = /^\s*create\s+table\b/i.test(bare) ? createTable(bare) : bare;
  return translated
    .replace(/^(\s*insert)\s+ignore\b/i, "$1 OR IGNORE")
    .replace(/\u{e000}(\d+)\u{e001}/gu, (_, at: string) => texts[Number(at)] ?? "");
}

/** The functions of MySQL that such queries use and SQLite lacks. */
export function addMySqlFunctions(db: Database): void {
  db.function("unix_timestamp", {}, () => BigInt(nowSeconds()));
  db.function("now", {}, () => dateTime(new Date()));
  db.function("from_unixtime", { deterministic: true }, (seconds: unknown) =>
    seconds === null ? null : dateTime(new Date(Number(seconds) * 1000)),
  );
}

/** A text of MySQL's as one of SQLite's, in which nothing is escaped but the quote. */
function quote(token: string): string {
  const mark = token.charAt(0);
  const text = token
    .slice(1, -1)
    .replaceAll(mark + mark, mark)
    .replace(/\\([^])/g, (whole, character: string) =>
      // In a pattern these stay escaped.
      character === "%" || character === "_" ? whole : (ESCAPES[character] ?? character),
    );
  const parts = text.split("\0").map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts.join("") : `(${parts.join(" || char(0) || ")})`;
}

function createTable(query: string): string {
  const numbered = /\bauto_increment\b/i.test(query);
  // What follows the columns says how MySQL stores them, unless the columns are those of a query.
  const isFilled = /\bas\s*\(?\s*(?:select|with|values)\b/i.test(query);
  const end = isFilled ? 0 : query.lastIndexOf(")") + 1;
  const body = query.slice(0, end || undefined);
  return (
    body
      .replace(/\b(?:collate\s+utf8\w*|character\s+set\s+\w+)/gi, "")
      .replace(/\bcomment\s+\u{e000}\d+\u{e001}/giu, "")
      // SQLite numbers the rows of an INTEGER PRIMARY KEY, which says so at the column.
      .replace(
        /\b\w*int\w*(\s*\(\d+\))?([\w\s]*?)\bauto_increment\b[\w\s]*/gi,
        "INTEGER PRIMARY KEY",
      )
      .replace(numbered ? /,\s*primary\s+key\s*\([^)]*\)/gi : /(?!)/, "")
      .replace(/,\s*unique\s+(?:key|index)\s+[\w`]+\s*(\([^)]*\))/gi, ", UNIQUE $1")
      .replace(/,\s*(?:key|index)\s+[\w`]+\s*\([^)]*\)/gi, "")
  );
}

/** "2026-11-22 08:30:00", in the hub's time zone, as MySQL says it. */
function dateTime(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace("T", " ");
}
