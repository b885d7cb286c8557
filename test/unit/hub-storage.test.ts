/** What the hub keeps: on a real SQLite file where it matters that it is one, else in memory. */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseRange } from "../../lib/hub/addresses.js";
import { Config } from "../../lib/hub/config.js";
import { BanType } from "../../lib/hub/constants.js";
import { hashPassword, hashPasswordNow, isPassword, Storage } from "../../lib/hub/storage/index.js";
import type { NewBan, Suspect } from "../../lib/hub/storage/bans.js";
import { newFolder } from "../helpers/folder.js";

const root = path.join(import.meta.dirname, "../..");
const open: Storage[] = [];

function storage(folder?: string): Storage {
  const opened = new Storage(folder);
  open.push(opened);
  return opened;
}

afterEach(() => {
  vi.useRealTimers();
  for (const each of open.splice(0)) each.close();
});

function range(text: string) {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

const al = { nick: "Al", userClass: 3, passwordHash: "hash", op: "boss", opNote: "a friend" };

describe("the database", () => {
  it("is one file that only its owner reads, and holds what was written when it is opened again", () => {
    const folder = newFolder();
    const first = new Storage(folder);
    first.registrations.add(al);
    first.close();
    expect(statSync(path.join(folder, "hub.sqlite")).mode & 0o777).toBe(0o600);
    expect(storage(folder).registrations.get("Al")).toMatchObject(al);
  });

  it("belongs to one hub at a time, in this process or another", () => {
    const folder = newFolder();
    const first = new Storage(folder);
    const inUse = /hub\.sqlite is in use by a running hub/;
    expect(() => new Storage(folder)).toThrow(inUse);
    const other = `import { Storage } from "./dist/hub/storage/index.js"; new Storage("${folder}")`;
    const elsewhere = () =>
      execFileSync("node", ["--input-type=module", "-e", other], { cwd: root, stdio: "pipe" });
    expect(elsewhere).toThrow(inUse);
    first.close();
    elsewhere();
    storage(folder);
  });

  it("is refused when it is damaged, from a newer hub, or cannot be there", () => {
    const noise = newFolder();
    writeFileSync(
      path.join(noise, "hub.sqlite"),
      "no database at all, for more than a page".repeat(200),
    );
    expect(() => new Storage(noise)).toThrow(/damaged, or no database of a hub: restore it/);

    const torn = newFolder();
    const made = new Storage(torn);
    for (let i = 0; i < 500; i++)
      made.bans.add({ type: 4, nick: `n${i}`, op: "", reason: "", seconds: 0 });
    made.close();
    const bytes = readFileSync(path.join(torn, "hub.sqlite"));
    writeFileSync(path.join(torn, "hub.sqlite"), bytes.fill(0x55, 8192, 60_000));
    expect(() => new Storage(torn)).toThrow(/damaged/);

    const newer = newFolder();
    new Storage(newer).close();
    const db = new Sqlite(path.join(newer, "hub.sqlite"));
    db.pragma("user_version = 99");
    db.close();
    expect(() => new Storage(newer)).toThrow(/written by a newer vh-python \(its version is 99\)/);
    expect(() => new Storage("/no/such/folder")).toThrow(/Cannot open the database \/no\/such/);

    const lacking = newFolder();
    new Storage(lacking).close();
    const hand = new Sqlite(path.join(lacking, "hub.sqlite"));
    hand.exec("alter table banlist rename to bans");
    expect(() => new Storage(lacking)).toThrow(/Cannot open the database .*no such table: banlist/);
    hand.exec("alter table bans rename to banlist");
    hand.close();
    storage(lacking); // nothing of the failed ones is in the way
  });

  it("to which others have written is opened with all that is in it", () => {
    const folder = newFolder();
    new Storage(folder).close();
    const hand = new Sqlite(path.join(folder, "hub.sqlite"));
    hand.exec(`
      INSERT INTO banlist (id, nick, ban_type, reason) VALUES (3, 'ü', 4, 'spam'), (7, 'bad', 4, '');
      INSERT INTO banlist (id, range_fr, range_to, ban_type) VALUES (8, 1, 2, 8);
      CREATE VIEW script_view AS SELECT nick FROM banlist`);
    hand.close();
    const { bans, sql } = storage(folder);
    expect(bans.find({ nick: "Ü" })).toMatchObject({ id: 3, reason: "spam" });
    expect(bans.find({ ip: "0.0.0.2" })?.id).toBe(8);
    expect(sql.query("select nick from script_view where nick = 'bad'", 1)).toEqual({
      rows: [["bad"]],
    });
  });

  it("needs better-sqlite3, says so, and is not loaded before a hub is made", () => {
    const folder = newFolder();
    cpSync(path.join(root, "dist"), path.join(folder, "dist"), { recursive: true });
    cpSync(path.join(root, "package.json"), path.join(folder, "package.json"));
    const run = (cwd: string, code: string) =>
      execFileSync("node", ["--input-type=module", "-e", code], { cwd, encoding: "utf8" });
    const attempt = `import { Storage } from "./dist/hub/storage/index.js";
      try { new Storage(undefined) } catch (error) { console.log(error.constructor.name, error.message) }`;
    expect(run(folder, attempt)).toMatch(
      /^SetupError The hub's database needs .*not installed. Install it by: npm install better-sqlite3/,
    );
    const loaded = `import { createRequire } from "node:module"; await import("./dist/hub/index.js");
      console.log(Object.keys(createRequire("/").cache).filter((file) => file.includes("sqlite")))`;
    expect(run(root, loaded)).toBe("[]\n");
  });
});

describe("registrations", () => {
  it("are found whatever the case of any alphabet, changed and removed", () => {
    const { registrations, sql } = storage();
    expect(registrations.add(al)).toBe(true);
    expect(registrations.add({ ...al, nick: "AL" })).toBe(false);
    expect(registrations.add({ ...al, nick: "Жанна", userClass: 5 })).toBe(true);
    expect(registrations.add({ ...al, nick: "ЖАННА" })).toBe(false);
    expect(registrations.get("aL")).toMatchObject({ ...al, enabled: true, lastLogin: 0 });
    expect(sql.query("select nick from reglist order by class desc", 9)).toEqual({
      rows: [["Жанна"], ["Al"]],
    });
    expect(registrations.setClass("жанна", 1)).toBe(true);
    expect(registrations.setPassword("AL", "")).toBe(true);
    expect(registrations.get("ЖАННА")?.userClass).toBe(1);
    expect(registrations.get("Al")?.passwordHash).toBe("");
    expect(registrations.delete("жАННА")).toBe(true);
    expect(registrations.delete("Жанна")).toBe(false);
    expect(registrations.setClass("Жанна", 1)).toBe(false);
  });

  it("are found however Unicode writes the nick", () => {
    const { registrations } = storage();
    registrations.add({ ...al, nick: "kevin" });
    registrations.add({ ...al, nick: "Ren\u00e9" });
    expect(registrations.get("\u212aevin")?.nick).toBe("kevin");
    expect(registrations.get("RENE\u0301")?.nick).toBe("Ren\u00e9");
  });

  it("are found at once among thousands of that alphabet, whoever else writes the table", () => {
    const folder = newFolder();
    const { registrations, sql } = storage(folder);
    sql.query(
      `with recursive c(x) as (select 1 union all select x + 1 from c where x < 20000)
      insert into reglist (nick) select 'Ник' || x from c`,
      1,
    );
    expect(registrations.get("НИК7")?.nick).toBe("Ник7");
    const start = performance.now();
    for (let i = 0; i < 100; i++) {
      registrations.loggedIn("НИК7", "10.0.0.1");
      expect(registrations.get("Вася")).toBeUndefined();
    }
    // Read anew each time, they would take seconds.
    expect(performance.now() - start).toBeLessThan(500);
    registrations.add({ ...al, nick: "Вася" });
    expect(registrations.get("ВАСЯ")?.nick).toBe("Вася");
    sql.query("update reglist set nick = 'Петя' where nick = 'Вася'", 1);
    expect(registrations.get("ВАСЯ")).toBeUndefined();
    expect(registrations.get("ПЕТЯ")?.nick).toBe("Петя");
  });

  it("keep who came from where and when, right or wrong", () => {
    const { registrations, sql } = storage();
    registrations.add(al);
    registrations.failed("AL", "10.0.0.1");
    registrations.failed("al", "10.0.0.2");
    registrations.loggedIn("al", "10.0.0.3");
    registrations.loggedOut("al");
    const columns = "error_cnt, error_ip, login_cnt, login_ip, reg_op, note_op";
    const now = "unix_timestamp() - 60";
    expect(
      sql.query(
        `select ${columns} from reglist where login_last > ${now} and error_last > ${now}
        and logout_last > ${now} and reg_date > ${now}`,
        1,
      ),
    ).toEqual({ rows: [["2", "10.0.0.2", "1", "10.0.0.3", "boss", "a friend"]] });
  });
});

describe("passwords", () => {
  it("are stored salted, and checked with the cost they were stored with", async () => {
    const [one, two] = [await hashPassword("sécret"), hashPasswordNow("sécret")];
    expect(one).toMatch(/^\$scrypt\$16384\$8\$1\$/);
    expect(one).not.toBe(two);
    expect(await isPassword("sécret", one)).toBe(true);
    expect(await isPassword("sécret", two)).toBe(true);
    expect(await isPassword("secret", one)).toBe(false);
    expect(await isPassword("", one)).toBe(false);
    expect(await hashPassword("")).toBe("");
  });

  it("are told apart where they are no UTF-8, too", async () => {
    const stored = await hashPassword("\udcef\udcf0");
    expect(await isPassword("\udcef\udcf0", stored)).toBe(true);
    expect(await isPassword("\udcf1\udcf2", stored)).toBe(false);
    expect(await isPassword("\ufffd\ufffd", stored)).toBe(false);
  });

  it("no password is right where none is stored, or something else", async () => {
    for (const stored of [
      undefined,
      "",
      "secret",
      "$scrypt$3$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA==",
      "$scrypt$1073741824$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA==",
    ])
      expect(await isPassword("secret", stored)).toBe(false);
  });
});

describe("bans", () => {
  it("have numbers that no other ban ever had, across a restart too", () => {
    const folder = newFolder();
    const first = new Storage(folder);
    const ban = { type: BanType.Nick, op: "", reason: "", seconds: 0 };
    const { id } = first.bans.add({ ...ban, nick: "one" });
    first.bans.delete(id);
    expect(first.bans.add({ ...ban, nick: "two" }).id).toBe(id + 1);
    first.bans.delete(id + 1);
    first.close();
    expect(storage(folder).bans.add({ ...ban, nick: "three" }).id).toBe(id + 2);
  });

  const bans: [
    name: string,
    ban: Partial<NewBan> & { type: number },
    hit: Suspect[],
    missed: Suspect[],
  ][] = [
    [
      "nick and address, either",
      { type: BanType.NickIp, nick: "Bad", ip: "10.0.0.1" },
      [{ nick: "bAD" }, { ip: "10.0.0.1" }],
      [{ nick: "Bad1" }, { ip: "10.0.0.11" }],
    ],
    [
      "address",
      { type: BanType.Ip, nick: "Bad", ip: "::1" },
      [{ ip: "::1" }],
      [{ nick: "Bad" }, { ip: "::2" }],
    ],
    [
      "nick",
      { type: BanType.Nick, nick: "Bad" },
      [{ nick: "bad", ip: "10.0.0.1" }],
      [{ nick: "Ba" }, {}],
    ],
    [
      "range",
      { type: BanType.Range, range: range("192.168.0.0/16") },
      [{ ip: "192.168.0.0" }, { ip: "192.168.255.255" }],
      [{ ip: "192.169.0.0" }, { ip: "::1" }],
    ],
    [
      "range of IPv6",
      { type: BanType.Range, range: range("2001:db8::/32") },
      [{ ip: "2001:db8::1" }],
      [{ ip: "2001:db9::" }, { ip: "32.1.13.184" }],
    ],
    [
      "top of the host",
      { type: BanType.Host1, host: "ro" },
      [{ host: "x.example.RO" }],
      [{ host: "ro.org" }],
    ],
    [
      "two parts of the host",
      { type: BanType.Host2, host: "example.ro" },
      [{ host: "a.b.example.ro" }, { host: "example.ro" }],
      [{ host: "badexample.ro" }],
    ],
    [
      "three parts of the host",
      { type: BanType.Host3, host: "b.example.ro" },
      [{ host: "a.b.example.ro" }],
      [{ host: "example.ro" }],
    ],
    [
      "beginning of the host",
      { type: BanType.HostR1, host: "dial-7" },
      [{ host: "dial-7.example.org" }],
      [{ host: "dial-77.example.org" }],
    ],
    [
      "share",
      { type: BanType.Share, share: "123" },
      [{ share: "123" }],
      [{ share: "1234" }, { nick: "x" }],
    ],
    [
      "nick of any alphabet",
      { type: BanType.NickIp, nick: "Ренé", ip: "10.0.0.1" },
      [{ nick: "рЕНÉ" }, { nick: "ренe\u0301" }],
      [{ nick: "рен" }, { nick: "ренéx" }],
    ],
    [
      "prefix of any alphabet",
      { type: BanType.Prefix, nick: "Клан" },
      [{ nick: "клАН-1" }, { nick: "КЛАН" }],
      [{ nick: "кла" }, { nick: "xклан" }],
    ],
    [
      "prefix",
      { type: BanType.Prefix, nick: "[Spam]" },
      [{ nick: "[spam]x" }, { nick: "[SPAM]" }],
      [{ nick: "[spam" }, { nick: "x[spam]" }],
    ],
  ];
  it.each(bans)("by %s", (_, ban, hit, missed) => {
    const { bans } = storage();
    const made = bans.add({ op: "op", reason: "spam", seconds: 0, ...ban });
    expect(made).toMatchObject({ ...ban, op: "op", reason: "spam" });
    expect(hit.map((suspect) => bans.find(suspect))).toEqual(hit.map(() => made));
    expect(missed.map((suspect) => bans.find(suspect))).toEqual(missed.map(() => undefined));
    expect(hit.every((suspect) => bans.hits(made, suspect))).toBe(true);
    expect(missed.some((suspect) => bans.hits(made, suspect))).toBe(false);
    expect(bans.delete(made.id)).toBe(true);
    expect(bans.find(hit[0] ?? {})).toBeUndefined();
  });

  const spam = { type: BanType.Nick, nick: "bad", op: "op", reason: "spam" };

  it("end by themselves and are forgotten; the longest counts", () => {
    vi.useFakeTimers();
    const { bans, sql } = storage();
    bans.add({ ...spam, seconds: 60 });
    bans.add({ ...spam, type: BanType.Prefix, nick: "ba", seconds: 10, reason: "other" });
    expect(bans.find({ nick: "bad" })?.reason).toBe("spam");
    vi.advanceTimersByTime(11_000);
    expect(bans.list().map(({ reason }) => reason)).toEqual(["spam"]);
    expect(bans.find({ nick: "bad2" })).toBeUndefined();
    vi.advanceTimersByTime(50_000);
    expect(bans.find({ nick: "bad" })).toBeUndefined();
    bans.add({ ...spam, nick: "new", seconds: 0 });
    expect(sql.query("select nick, date_limit from banlist", 9)).toEqual({ rows: [["new", null]] });
  });

  it("the same one again takes the old one's place", () => {
    const { bans } = storage();
    bans.add({ ...spam, seconds: 0 });
    bans.add({ ...spam, nick: "BAD", seconds: 60, reason: "again" });
    bans.add({ ...spam, nick: "Ж", seconds: 60 });
    bans.add({ ...spam, nick: "ж", seconds: 60 });
    expect(bans.deleteTemporary("nick", "Ж")).toBe(true);
    expect(bans.list()).toMatchObject([
      { nick: "BAD", reason: "again", until: expect.any(Number) as number },
    ]);
  });

  it("temporary ones are lifted by nick or by address, others stay", () => {
    const { bans } = storage();
    bans.add({ ...spam, type: BanType.NickIp, ip: "10.0.0.1", seconds: 60 });
    bans.add({ ...spam, type: BanType.Ip, nick: "", ip: "10.0.0.2", seconds: 60 });
    bans.add({ ...spam, nick: "ever", seconds: 0 });
    expect(bans.deleteTemporary("nick", "ever")).toBe(false);
    expect(bans.deleteTemporary("ip", "10.0.0.9")).toBe(false);
    expect(bans.deleteTemporary("nick", "BAD")).toBe(true);
    expect(bans.deleteTemporary("ip", "10.0.0.1")).toBe(false);
    expect(bans.deleteTemporary("ip", "10.0.0.2")).toBe(true);
    expect(bans.list().map(({ nick }) => nick)).toEqual(["ever"]);
  });
});

describe("restrictions", () => {
  it("are kept for their time, each for its thing, and end by themselves", () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const folder = newFolder();
    const first = new Storage(folder);
    first.restrictions.set("Жan", { chat: 60, pm: 60, search: 0 });
    first.restrictions.set("жAN", { pm: 0 });
    first.close();
    const { restrictions } = storage(folder);
    const forbidden = () =>
      (["chat", "pm", "search", "ctm"] as const).filter((what) =>
        restrictions.forbids("жan", what),
      );
    expect(forbidden()).toEqual(["chat"]);
    vi.setSystemTime(Date.now() + 61_000);
    expect(forbidden()).toEqual([]);
  });

  it("count from the next turn of the event loop on when another program writes them", async () => {
    const folder = newFolder();
    const { restrictions } = storage(folder);
    expect(restrictions.forbids("al", "chat")).toBe(false);
    const other = new Sqlite(path.join(folder, "hub.sqlite"));
    other.exec("INSERT INTO temp_rights (nick, since, st_chat) VALUES ('al', 0, 4000000000)");
    other.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(restrictions.forbids("al", "chat")).toBe(true);
  });

  it("count at once when the hub sets them", () => {
    const { restrictions } = storage();
    expect(restrictions.forbids("al", "chat")).toBe(false);
    restrictions.set("Al", { chat: 60 });
    expect(restrictions.forbids("al", "chat")).toBe(true);
  });
});

describe("configuration", () => {
  it("is kept; what is given at the start counts more, what cannot be is ignored", () => {
    const folder = newFolder();
    const first = new Storage(folder);
    const config = new Config({ hub_name: "First" }, first.configuration);
    config.set("config", "hub_topic", "talk");
    config.set("config", "timer_serv_period", "500");
    config.set("pi_python", "log_level", "3");
    config.set("mine", "x", "7");
    const query = "select val from SetupList where file = 'config' and var = 'hub_name'";
    expect(
      first.sql.query("update SetupList set val = 'fast' where var = 'timer_serv_period'", 1),
    ).toEqual({ rows: [] });
    expect(first.sql.query(query, 1)).toEqual({ rows: [["First"]] });
    first.close();

    const second = storage(folder);
    const again = new Config({ listen_port: "5000" }, second.configuration);
    expect(again.text("hub_name")).toBe("First");
    expect(again.text("hub_topic")).toBe("talk");
    expect(again.number("timer_serv_period")).toBe(1000);
    expect(again.get("pi_python", "log_level")).toBe("3");
    expect(again.get("mine", "x")).toBe("7");
    const third = new Config({ hub_name: "Third" }, second.configuration);
    expect(third.text("hub_name")).toBe("Third");
    // Where a hub listens is told at each start.
    expect(third.text("listen_port")).toBe("4111");
    expect(second.sql.query(query, 1)).toEqual({ rows: [["Third"]] });
  });
});
