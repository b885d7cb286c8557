/** What the hub keeps, seen by scripts and clients: registrations, bans, configuration, queries; across a restart. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Hub, StorageError } from "../../lib/hub/index.js";
import { loadSqlite } from "../../lib/hub/storage/database.js";
import { DATABASE_NAME } from "../../lib/hub/storage/index.js";
import { newFolder } from "../helpers/folder.js";
import { TestHub } from "../helpers/hub.js";

const REGLIST = fileURLToPath(new URL("../fixtures/wild/reglist.py", import.meta.url));

const BOT = "Hub-Security";

/** What a client was told last before the hub closed its connection. */
async function refusal(hub: TestHub, nick: string, password?: string): Promise<string> {
  const client = await hub.connect(nick, password === undefined ? {} : { password });
  await client.handshake().catch(() => undefined);
  client.send(`${client.info()}|`);
  await client.closed;
  return client.lines.at(-1) ?? "";
}

describe("registrations", () => {
  it("are kept, with when and from where their owners came", async () => {
    const baseDir = newFolder();
    const first = await TestHub.start({ storage: "file", baseDir });
    await first.operator("op", 5);
    await refusal(first, "op", "wrong");
    await first.hub.close();

    const hub = await TestHub.start({ storage: "file", baseDir });
    const op = await hub.login("op", { password: "secret" });
    expect(hub.vh("GetUserClass", "op")).toBe(5);
    const query = "select class, reg_op, login_cnt, login_ip, error_cnt, error_ip from reglist";
    expect(hub.vh("SQL", query)).toEqual([true, [["5", BOT, "2", "127.0.0.1", "1", "127.0.0.1"]]]);
    op.close();
    const left = () => hub.vh("SQL", "select 1 from reglist where logout_last >= login_last", 1);
    await expect.poll(left).toEqual([true, [["1"]]]);
  });

  it("never tell a password: what stands for it is its salted hash", async () => {
    const hub = await TestHub.start();
    hub.vh("AddRegUser", "al", 1, "opensesame");
    const [, rows] = hub.vh("SQL", "select * from reglist") as [boolean, string[][]];
    expect(rows[0]?.join()).toMatch(/\$scrypt\$/);
    expect(rows[0]?.join()).not.toContain("opensesame");
  });

  it("let nobody in who is disabled, nor with a password that is no hash", async () => {
    const hub = await TestHub.start();
    await hub.operator("al");
    hub.vh("SQL", "insert into reglist (nick, login_pwd) values ('bo', 'plain')");
    expect(await refusal(hub, "bo", "plain")).toBe("$BadPass");
    hub.vh("SQL", "update reglist set enabled = 0 where nick = 'al'");
    expect(await refusal(hub, "al", "secret")).toMatch(/registration is disabled/);
  });

  it("a script is asked, and what comes while the password is checked waits its turn", async () => {
    const hub = await TestHub.start();
    hub.answer("OnNewReg", 0);
    expect(hub.vh("AddRegUser", "no", 3, "secret")).toBe(false);
    hub.answer("OnNewReg", null);
    hub.vh("AddRegUser", "op", 3, "secret");
    hub.recorded();
    const op = await hub.connect("op");
    await op.handshake();
    const lines = ["$MyPass secret", "$Version 1,0091", op.info(), "<op> first", "<op> second"];
    op.send(lines.map((line) => `${line}|`).join(""));
    await op.next("<op> second");
    expect(hub.recorded("OnParsedMsgMyPass", "OnUserLogin", "OnParsedMsgChat")).toEqual([
      ["OnParsedMsgMyPass", "op", "$MyPass secret"],
      ["OnUserLogin", "op"],
      ["OnParsedMsgChat", "op", "first"],
      ["OnParsedMsgChat", "op", "second"],
    ]);
  });

  it("a password that changes while it is checked was the wrong one", async () => {
    const hub = await TestHub.start();
    hub.vh("AddRegUser", "op", 3, "secret");
    const { passwordAttempts, registrations } = hub.hub;
    const begin = passwordAttempts.begin.bind(passwordAttempts);
    passwordAttempts.begin = (ip, nick) => {
      // Before anything else can happen, but not before the check has begun.
      queueMicrotask(() => registrations.setPassword("op", ""));
      return begin(ip, nick);
    };
    const op = await hub.connect("op", { password: "secret" });
    await op.handshake();
    await op.next("$BadPass");
    await op.closed;
  });
});

describe("bans", () => {
  it("Ban by nick: asks the scripts, disconnects, and keeps out with the reason and the time", async () => {
    const hub = await TestHub.start();
    const bad = await hub.login("bad");
    hub.recorded();
    hub.answer("OnNewBan", 0);
    expect(hub.vh("Ban", "op", "bad", "spam", 3600, 4)).toBe(false);
    hub.answer("OnNewBan", null);
    expect(hub.vh("Ban", "op", "bad", "spam", 3600, 4)).toBe(true);
    await bad.closed;
    expect(bad.lines.at(-1)).toBe(`<${BOT}> You are banned for 1h by op: spam`);
    expect(hub.recorded("OnNewBan", "OnCloseConnEx")).toEqual([
      ["OnNewBan", "op", "127.0.0.1", "bad", "spam"],
      ["OnNewBan", "op", "127.0.0.1", "bad", "spam"],
      ["OnCloseConnEx", "127.0.0.1", 2, "bad"],
    ]);
    expect(await refusal(hub, "BAD")).toMatch(/You are banned for (1h|59m 5\ds) by op: spam/);
    await hub.login("good");
    expect(hub.vh("DelNickTempBan", "Bad")).toBe(true);
    expect(hub.vh("DelNickTempBan", "Bad")).toBe(false);
    await hub.login("bad");
  });

  it("by address and range: before the nick is known, after the scripts heard of the connection", async () => {
    const hub = await TestHub.start();
    await hub.login("bad");
    const near = await hub.login("near");
    expect(hub.vh("Ban", "op", "bad", "", 60, 2)).toBe(true);
    await near.sync(); // another one at that address stays
    hub.recorded();
    expect(await refusal(hub, "new")).toMatch(/^<Hub-Security> You are banned for (1m|59s) by op$/);
    const hooks = hub.recorded().map(([hook]) => hook);
    expect(hooks).toEqual(["OnNewConn", "OnCloseConn", "OnCloseConnEx"]);
    expect(hub.vh("DelIPTempBan", "127.0.0.1")).toBe(true);

    expect(hub.vh("Ban", "op", "127.0.0.0/8", "", 0, 8)).toBe(true);
    await near.closed; // nobody in particular was meant, so everybody there
    expect(await refusal(hub, "new")).toMatch(/banned for ever/);
  });

  it("by share, prefix and host: when it becomes known, operators excepted", async () => {
    const hub = await TestHub.start();
    hub.vh("SetConfig", "config", "dns_lookup", 1);
    const op = await hub.operator("[x]op");
    const sharer = await hub.login("sharer", { share: "4711" });
    expect(hub.vh("Ban", "op", "sharer", "", 0, 128 | 256)).toBe(true);
    await sharer.closed;
    expect(await refusal(hub, "sharer2")).toMatch(/banned for ever/);
    const other = await hub.login("other");
    other.send("$MyINFO $ALL other x$ $LAN\u0001$$4711$|");
    await other.closed;

    expect(hub.vh("Ban", "op", "[x]", "", 0, 256)).toBe(true);
    expect(await refusal(hub, "[X]y")).toMatch(/banned for ever/);
    await hub.login("host");
    await expect.poll(() => hub.vh("GetUserHost", "host")).not.toBeNull();
    expect(hub.vh("Ban", "op", "host", "", 0, 16 | 32 | 64 | 512)).toBe(true);
    await refusal(hub, "host2");
    await op.sync();
    op.close();
    await hub.login("[x]op", { password: "secret" });
  });

  it("are refused of what makes no sense, and by those below an operator", async () => {
    const hub = await TestHub.start();
    const admin = await hub.operator("admin", 5);
    await hub.operator("op", 3);
    for (const [target, type] of [
      ["bad|nick", 4],
      ["nobody", 2],
      ["here", 8],
      ["some", 128],
      ["a", 0],
      ["a", 4096],
    ]) {
      expect([target, type, hub.vh("Ban", "op", target, "", 60, type)]).toEqual([
        target,
        type,
        false,
      ]);
    }
    expect(hub.vh("Ban", "op", "a", "", -1, 4)).toBe(false);
    const known = await hub.login("known");
    Object.assign(hub.hub.users.get("known") ?? {}, { host: "host.example" });
    expect(hub.vh("Ban", "op", "known", "", 60, 4096)).toBe(false);
    await known.sync();
    expect(hub.vh("Ban", "op", "admin", "coup", 60, 4)).toBe(false);
    expect(hub.vh("Ban", "Some script", "op", "", 60, 4)).toBe(true);
    await admin.sync();
  });

  it("KickUser's ban_time, and _ban_10m in a reason", async () => {
    const hub = await TestHub.start();
    const op = await hub.operator("op");
    await hub.login("al");
    expect(hub.vh("KickUser", "op", "al", "flood", "", "", "soon")).toBe(false);
    expect(hub.vh("KickUser", "op", "al", "flood", "", "third time", 600)).toBe(true);
    const query =
      "select nick, ip, ban_type, nick_op, reason, note_op, date_limit - date_start from banlist";
    const [, rows] = hub.vh("SQL", query) as [boolean, string[][]];
    expect(rows).toEqual([
      ["al", "127.0.0.1", "1", "op", "flood", "third time", expect.stringMatching(/^60[01]$/)],
    ]);
    expect(await refusal(hub, "al")).toMatch(/You are banned for (10m|9m 5\ds) by op: flood/);
    expect(hub.vh("DelIPTempBan", "127.0.0.1")).toBe(true);

    const bo = await hub.login("bo");
    op.say("op is kicking bo because: links _ban_2d");
    op.send("$Kick bo|");
    await bo.closed;
    expect(hub.hub.bans.find({ nick: "bo" })?.reason).toBe("links _ban_2d");
  });
});

describe("configuration, topic and restrictions", () => {
  it("survive a restart; a script hears of a change with its type, and may forbid it", async () => {
    const baseDir = newFolder();
    const first = await TestHub.start({ storage: "file", baseDir });
    await first.login("al");
    first.recorded();
    first.vh("SetConfig", "config", "hub_name", "Kept");
    first.vh("SetConfig", "config", "max_users_total", 7);
    first.vh("SetConfig", "config", "tag_allow_none", false);
    first.vh("SetConfig", "pi_python", "log_level", 2);
    first.vh("SetConfig", "mine", "x", 1.5);
    expect(first.recorded("OnSetConfig").map((call) => call.slice(2))).toEqual([
      ["config", "hub_name", "Kept", "vh-python hub", 12],
      ["config", "max_users_total", "7", "5000", 3],
      ["config", "tag_allow_none", "0", "1", 1],
      ["pi_python", "log_level", "2", "0", 3],
      ["mine", "x", "1.5", "", 12],
    ]);
    first.answer("OnSetConfig", 0);
    expect(first.vh("SetConfig", "config", "hub_name", "Other")).toBe(false);
    expect(first.vh("SetConfig", "pi_python", "log_level", 9)).toBe(false);
    first.vh("Topic", "tea");
    first.vh("UserRestrictions", "al", "1h");
    await first.hub.close();

    const hub = await TestHub.start({ storage: "file", baseDir });
    const values = {
      hub_name: "Kept",
      max_users_total: "7",
      tag_allow_none: "0",
      hub_topic: "tea",
    };
    for (const [name, value] of Object.entries(values)) {
      expect(hub.vh("GetConfig", "config", name)).toBe(value);
    }
    expect(hub.vh("GetConfig", "mine", "x")).toBe("1.5");
    expect(hub.vh("SQL", "select val from SetupList where var = 'log_level'")).toEqual([
      true,
      [["2"]],
    ]);
    const al = await hub.login("al");
    expect(al.lines).toContain("$HubName Kept");
    al.say("hello");
    await al.next(/not allowed to do this now \(chat\)/);
  });
});

describe("vh.SQL", () => {
  it("serves an unmodified script that reads who is registered", async () => {
    const hub = await TestHub.start({ storage: "file", baseDir: newFolder() });
    const op = await hub.operator("op", 5);
    const script = hub.hub.load(REGLIST);
    op.say("!regs 3");
    await op.next(`<${BOT}> 1 users:\n op (5), by ${BOT}`);
    op.say("!regcount");
    await op.next(`<${BOT}> there are 1 of them`);
    hub.vh("AddRegUser", "al", 2);
    hub.vh("Ban", "op", "bad", "spam", 60, 4);
    expect(hub.vh("SetConfig", "config", "hub_name", "Other")).toBe(false);
    expect(script.call("get_log")).toEqual([
      `${BOT} made al a 2`,
      "op banned bad (): spam",
      "config.hub_name = Other",
    ]);
  });

  it("is read-only, or off, when the hub says so", async () => {
    const modes = {
      "read-only": [
        [true, [["1"]]],
        [false, []],
      ],
      off: [
        [false, []],
        [false, []],
      ],
    } as const;
    for (const [sql, results] of Object.entries(modes)) {
      const hub = await TestHub.start({ sql: sql as keyof typeof modes });
      hub.hub.on("warning", () => undefined);
      expect([hub.vh("SQL", "select 1"), hub.vh("SQL", "delete from reglist")]).toEqual(results);
    }
  });

  it("answers scripts in both manners; what fails is False for them, and told to the hub's owner", async () => {
    const hub = await TestHub.start({ storage: "file", baseDir: newFolder() });
    const warnings: string[] = [];
    hub.hub.on("warning", (message) => warnings.push(message));
    expect(hub.vh("SQL", "create table mine (x)")).toEqual([true, []]);
    expect(hub.vh("SQL", "insert into mine values (1), (null), ('x')")).toEqual([true, []]);
    expect(hub.vh("SQL", "select x from mine", 2)).toEqual([true, [["1"], [null]]]);
    expect(hub.vh("SQL", "select x from mine", 2n ** 63n - 1n)).toEqual([
      true,
      [["1"], [null], ["x"]],
    ]);
    expect(hub.vh("SQL", "select", "select count(*) from mine")).toEqual([true, [["3"]]]);
    expect(hub.vh("SQL", "select y from mine")).toEqual([false, []]);
    expect(warnings).toEqual(["vh.SQL: no such column: y: select y from mine"]);
  });
});

describe("a hub that cannot be", () => {
  it("lets go of the folder", async () => {
    const baseDir = newFolder();
    expect(() => new Hub({ encoding: "klingon", baseDir })).toThrow(RangeError);
    expect(() => new Hub({ botName: "no nick", baseDir })).toThrow(/no nick/);
    await TestHub.start({ storage: "file", baseDir });
    expect(() => new Hub({ baseDir })).toThrow(StorageError);
  });
});

describe("a hub without its disk", () => {
  it("costs a client its connection, not the hub its life", async () => {
    const hub = await TestHub.start();
    const warnings: string[] = [];
    hub.hub.on("warning", (message) => warnings.push(message));
    const al = await hub.login("al");
    hub.hub.storage.close();
    al.say("anything");
    await al.closed;
    const bo = await hub.connect("bo");
    await bo.closed;
    expect(bo.lines.at(-1)).toMatch(/The hub has a fault/);
    expect(() => hub.vh("AddRegUser", "x", 1)).toThrow(/HubError.*not open/);
    expect(warnings.every((warning) => warning.includes("not open"))).toBe(true);
  });

  it("lets registered users in and out while another program holds the database", async () => {
    const baseDir = newFolder();
    const hub = await TestHub.start({ storage: "file", baseDir });
    const warnings: string[] = [];
    hub.hub.on("warning", (message) => warnings.push(message));
    hub.vh("AddRegUser", "op", 3, "secret");
    const other = new (loadSqlite())(path.join(baseDir, DATABASE_NAME));
    other.exec("BEGIN IMMEDIATE");
    const start = performance.now();
    const al = await hub.login("al");
    al.close();
    const op = await hub.login("op", { password: "secret" });
    await op.sync();
    expect(await refusal(hub, "op", "wrong")).toBe("$BadPass");
    expect(performance.now() - start).toBeLessThan(2000);
    expect(warnings).toEqual(warnings.map(() => expect.stringMatching(/is locked/) as string));
    expect(warnings).toHaveLength(2);
    other.close();
  });
});
