/** vh.SQL's side of the hub: what scripts' queries may do, and what they may not. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HubDatabase } from "../../lib/hub/storage/database.js";
import { Storage } from "../../lib/hub/storage/index.js";
import { Sql } from "../../lib/hub/storage/sql.js";
import type { QueryResult } from "../../lib/hub/storage/query.js";
import { newFolder } from "../helpers/folder.js";

const FOREVER = "with recursive c(x) as (select 1 union all select x + 1 from c)";

const folder = newFolder();
const shared = new Storage(folder);

afterAll(() => {
  shared.close();
});

const rows = (...expected: (string | null)[][]): QueryResult => ({ rows: expected });

describe("a query in a process of its own", () => {
  const sql = (query: string, limit = 100) => shared.sql.query(query, limit);

  it("sees at once what the hub wrote, and the hub what it wrote", () => {
    const al = { nick: "al", userClass: 3, passwordHash: "", op: "op", opNote: "" };
    shared.registrations.add(al);
    expect(sql("select nick, class, email from reglist where nick = 'AL'")).toEqual(
      rows(["al", "3", null]),
    );
    expect(sql("update reglist set class = 5 where nick = 'al'")).toEqual(rows());
    expect(shared.registrations.get("al")?.userClass).toBe(5);
    expect(sql("insert into banlist (nick, ban_type) values ('bad', 4)")).toEqual(rows());
    expect(shared.bans.find({ nick: "Bad" })?.nick).toBe("bad");
    expect(sql("update reglist set class = 7")).toEqual({
      error: expect.stringContaining("CHECK constraint failed") as string,
    });
  });

  it("gives as many rows as are asked for, 100 when it is not said, and no more than fits", () => {
    const count = (limit: number) => {
      const result = sql(`${FOREVER} select x from c`, limit);
      return "rows" in result ? result.rows.length : result.error;
    };
    expect([count(1), count(250), count(0), count(-5)]).toEqual([1, 250, 100, 100]);
    expect(sql(`${FOREVER} select hex(zeroblob(100000)) from c`, 1e9)).toEqual({
      error: "The result is too large: more than 16 MiB",
    });
  });

  it("is stopped when it takes too long, and nothing of it remains; the next one runs", () => {
    const quick = new Sql(new HubDatabase(":memory:").db, shared.file ?? "", "read-write", 300);
    expect(quick.query("create table big (x)", 1)).toEqual(rows());
    const late = { error: "The query took longer than 300 ms and was stopped" };
    expect(quick.query(`${FOREVER} select count(*) from c`, 1)).toEqual(late);
    expect(quick.query(`${FOREVER} insert into big select x from c`, 1)).toEqual(late);
    expect(quick.query("select count(*) from big", 1)).toEqual(rows(["0"]));
    expect(shared.restrictions.forbids("al", "chat")).toBe(false);
    quick.close();
  });

  it("runs after the thread of the one before has died", async () => {
    const start = vi.spyOn(Worker.prototype, "unref");
    const other = new Sql(new HubDatabase(":memory:").db, shared.file ?? "", "read-write");
    expect(other.query("select 1", 1)).toEqual(rows(["1"]));
    const [thread] = start.mock.contexts as Worker[];
    start.mockRestore();
    await thread?.terminate();
    expect(other.query("select 2", 1)).toEqual(rows(["2"]));
    other.close();
  });

  it("leaves no process behind, whether the hub closes or is killed", async () => {
    const pids = () => {
      const found = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
      return found.filter((line) => line.includes("query-process") && line.includes(other));
    };
    const other = newFolder();
    const closed = new Storage(other);
    closed.sql.query("select 1", 1);
    expect(pids()).toHaveLength(1);
    closed.close();
    await expect.poll(pids).toEqual([]);
    const cwd = path.join(import.meta.dirname, "../..");
    for (const query of ["select 1", `${FOREVER} select count(*) from c`]) {
      const killed = `import { Worker } from "node:worker_threads";
        import { Storage } from "./dist/hub/storage/index.js";
        const { sql } = new Storage("${other}");
        sql.query("select 1", 1);
        const kill = 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 100)';
        new Worker(kill, { eval: true });
        sql.query("${query}", 1);`;
      const args = ["--input-type=module", "-e", killed];
      expect(() => execFileSync("node", args, { cwd, stdio: "ignore" })).toThrow();
      await expect.poll(pids, { timeout: 5000 }).toEqual([]);
    }
  });
});

describe("a query", () => {
  let storage: Storage;
  const sql = (query: string) => storage.sql.query(query, 100);

  beforeEach(() => {
    storage = new Storage(undefined);
    return () => {
      storage.close();
    };
  });

  it("gives text, and null for NULL", () => {
    expect(sql("select 1, -1.5, 'ü', null, 9223372036854775807, x'c3bc'")).toEqual(
      rows(["1", "-1.5", "ü", null, "9223372036854775807", "ü"]),
    );
  });

  it.each([
    ["pragma user_version = 7", /^Only SELECT/],
    ["attach 'other.sqlite' as other", /^Only SELECT/],
    ["vacuum into 'copy.sqlite'", /^Only SELECT/],
    ["begin", /^Only SELECT/],
    ["/* select */ pragma user_version", /^Only SELECT/],
    ["", /^Only SELECT/],
    ["select 1; delete from reglist", /more than one statement/],
    ["select 1;", undefined],
    ["select 1 -- and no more", undefined],
    ["drop table reglist", /tables of the hub itself stay/],
    ["alter table banlist rename to bans", /tables of the hub itself stay/],
    ["create trigger t after insert on reglist begin delete from reglist; end", /stay as they are/],
    ["create trigger t after update on REGLIST begin select raise(abort, 'x'); end", /stay as/],
    ["create temp table RegList (a)", /stay as they are/],
    ["create temp view banlist as select 1", /stay as they are/],
    ["create temp trigger t after insert on banlist begin delete from banlist; end", /stay as/],
    ["select * from nowhere", /no such table: nowhere/],
    ["select 'a", /unrecognized token/],
    ["select 'a\0b'", /has a NUL/],
    ["select '\ud800'", /half a character/],
    ["select load_extension('x')", /not authorized|no such function/],
  ])("%j: %s", (query, error) => {
    const result = sql(query);
    if (error) expect(result).toEqual({ error: expect.stringMatching(error) as string });
    else expect(result).toEqual(rows(["1"]));
    expect(sql("select count(*) from reglist")).toEqual(rows(["0"]));
  });

  it("may have its own tables, as MySQL would have made them", () => {
    // As translation helpers and release bots in the wild do.
    const table = `create table if not exists \`texts\` (\`id\` bigint unsigned not null primary key,
      \`value\` text collate utf8_unicode_ci not null) engine = myisam default character set utf8 collate utf8_unicode_ci`;
    expect(sql(table)).toEqual(rows());
    expect(sql(table)).toEqual(rows());
    const insert =
      "insert ignore into `texts` (`id`, `value`) values (7, 'it\\'s \\\"50\\\\%\\\"\\n')";
    expect(sql(insert)).toEqual(rows());
    expect(sql(insert)).toEqual(rows());
    expect(sql("select `id`, `value` from `texts`")).toEqual(rows(["7", `it's "50\\%"\n`]));
    expect(
      sql(`CREATE TABLE pi_releases (\`id\` int(11) unsigned NOT NULL AUTO_INCREMENT, name varchar(64) NOT NULL DEFAULT
        'a, comment' COMMENT 'its name', added int, PRIMARY KEY (\`id\`), UNIQUE KEY n (name), KEY a (added)) ENGINE=InnoDB`),
    ).toEqual(rows());
    expect(sql(`insert into pi_releases (name, added) values ("it's", unix_timestamp())`)).toEqual(
      rows(),
    );
    expect(sql("insert into pi_releases (name) values ('two')")).toEqual(rows());
    expect(sql("insert into pi_releases (name) values ('two')")).toEqual({
      error: expect.stringContaining("UNIQUE") as string,
    });
    expect(sql("select id, name from pi_releases order by id limit 0, 5")).toEqual(
      rows(["1", "it's"], ["2", "two"]),
    );
    expect(sql("drop table texts")).toEqual(rows());
  });

  it("may make a table of what another has", () => {
    sql("insert into reglist (nick, class) values ('al', 3), ('bob', 1)");
    expect(
      sql("create table ops as select count(*) as n from reglist where class >= 3 and 'as' <> ''"),
    ).toEqual(rows());
    expect(sql("select n from ops")).toEqual(rows(["1"]));
    expect(sql("create table copy as select nick from reglist")).toEqual(rows());
    expect(sql("select * from copy")).toEqual(rows(["al"], ["bob"]));
    expect(sql("create table other like reglist")).toEqual({
      error: expect.stringContaining("syntax error") as string,
    });
  });

  it("has MySQL's quotes, comments and common functions", () => {
    expect(
      sql(
        `select "a""b", 'a''b', "a'b", 'nul\\0nul', '--', concat('x', 1), if(1 > 2, 'y', 'n') # end`,
      ),
    ).toEqual(rows(['a"b', "a'b", "a'b", "nul\0nul", "--", "x1", "n"]));
    const result = sql("select now(), from_unixtime(0), from_unixtime(null), unix_timestamp()");
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string;
    expect(result).toEqual(rows([time, time, null, expect.stringMatching(/^\d{10}$/) as string]));
  });

  it("cannot write where the hub says read-only, nor read where it says off", () => {
    const { db } = new HubDatabase(":memory:");
    const readOnly = new Sql(db, ":memory:", "read-only");
    expect(readOnly.query("select 1", 1)).toEqual(rows(["1"]));
    for (const write of [
      "delete from reglist",
      "create table t (x)",
      "insert into SetupList values (1, 2, 3) returning 1",
    ])
      expect(readOnly.query(write, 1)).toEqual({ error: "The database is read-only for scripts" });
    expect(new Sql(db, ":memory:", "off").query("select 1", 1)).toEqual({
      error: "vh.SQL is off on this hub",
    });
    db.close();
  });
});
