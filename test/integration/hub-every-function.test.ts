/** Each vh function, called by a script on a running hub: its effect as clients see it, or as it stands in the database. */
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Script } from "../../lib/index.js";
import { folderWith } from "../helpers/folder.js";
import { TestHub } from "../helpers/hub.js";
import type { NmdcClient } from "../helpers/nmdc-client.js";
import { PLACES } from "../helpers/places.js";
import { SIGNATURES } from "../helpers/vh-contract.js";

const BOT = "Hub-Security";
const TAG = "<Test V:1,M:A,H:1/0/0,S:3>";
const NEIGHBOUR = fileURLToPath(new URL("../fixtures/hub/neighbour.py", import.meta.url));

let hub: TestHub;
let neighbour: Script;
let database: Database.Database;
/** An administrator, a user, and a user in passive mode. */
let op: NmdcClient, al: NmdcClient, pat: NmdcClient;

beforeAll(async () => {
  const baseDir = folderWith(PLACES);
  hub = await TestHub.share({ storage: "file", baseDir, geoIpDir: baseDir });
  neighbour = hub.hub.load(NEIGHBOUR);
  database = new Database(`${baseDir}/hub.sqlite`, { readonly: true });
  op = await hub.operator("op", 5);
  pat = await hub.login("pat", { tag: "P", share: "18446744073709551615" });
});

afterAll(() => database.close());

beforeEach(async () => {
  if (!(al as NmdcClient | undefined) || al.socket.closed)
    al = await hub.login("al", { share: "1000" });
  await Promise.all([op, al, pat].map((client) => client.sync()));
  hub.recorded();
});

const vh = (name: string, ...args: unknown[]) => hub.vh(name, ...args);

/** That these clients and no others got the line. */
async function expectOnly(line: string, ...receivers: NmdcClient[]): Promise<void> {
  for (const client of [op, al, pat]) {
    const lines = await client.sync();
    expect([client.nick, lines.filter((each) => each === line)]).toEqual([
      client.nick,
      receivers.includes(client) ? [line] : [],
    ]);
  }
}

/** The rows of the hub's database, by another reader than the hub. */
const rows = (sql: string, ...parameters: unknown[]) =>
  database
    .prepare(sql)
    .raw()
    .all(...parameters);

/** What the hub sends who asks for the lists. */
async function listOf(name: "NickList" | "OpList" | "BotList"): Promise<string> {
  const client = await hub.login(`asks${name}`, { supports: "NoHello NoGetINFO BotList" });
  client.send("$GetNickList|");
  const line = await client.next(new RegExp(`^\\$${name} `));
  client.close();
  await op.next(`$Quit asks${name}`);
  return line.replace(`asks${name}$$`, "");
}

const nicksIn = (line: string) => line.replace(/^\S+ /, "").split("$$").slice(0, -1);

/** A client that the hub disconnects before it is logged in; what it was told last. */
async function refusal(nick: string): Promise<string> {
  const client = await hub.connect(nick);
  await client.handshake().catch(() => undefined);
  await client.closed;
  return client.lines.at(-1) ?? "";
}

/** In the contract's order: some build on those before. */
const EFFECTS: Record<string, () => Promise<void> | void> = {
  SendToAll: async () => {
    expect(vh("SendToAll", "hello")).toBe(true);
    await expectOnly(`<${BOT}> hello`, op, al, pat);
  },
  mc: async () => {
    expect(vh("mc", "hello", "News")).toBe(true);
    await expectOnly("<News> hello", op, al, pat);
  },
  usermc: async () => {
    expect(vh("usermc", "hello", "al", "News")).toBe(true);
    await expectOnly("<News> hello", al);
  },
  classmc: async () => {
    expect(vh("classmc", "hello", 3, 10, "News")).toBe(true);
    await expectOnly("<News> hello", op);
  },
  pm: async () => {
    expect(vh("pm", "hello", "al", "News", "Room")).toBe(true);
    await expectOnly("$To: al From: Room $<News> hello", al);
  },
  SendPMToAll: async () => {
    expect(vh("SendPMToAll", "hello", "News", 3, 10)).toBe(true);
    await expectOnly("$To: op From: News $<News> hello", op);
    expect(vh("SendPMToAll", "hello", "News")).toBe(true);
    await expectOnly("$To: al From: News $<News> hello", al);
  },
  SendToOpChat: async () => {
    expect(vh("SendToOpChat", "hello", "News")).toBe(true);
    await expectOnly("$To: op From: OpChat $<News> hello", op);
  },
  SendDataToUser: async () => {
    expect(vh("SendDataToUser", "$Any thing", "al")).toBe(true);
    await expectOnly("$Any thing", al);
  },
  SendDataToAll: async () => {
    expect(vh("SendDataToAll", "$Any thing|", 0, 2)).toBe(true);
    await expectOnly("$Any thing", al, pat);
  },
  SendToActive: async () => {
    expect(vh("SendToActive", "$Any thing")).toBe(true);
    await expectOnly("$Any thing", op, al);
  },
  SendToPassive: async () => {
    expect(vh("SendToPassive", "$Any thing")).toBe(true);
    await expectOnly("$Any thing", pat);
  },
  SendToActiveClass: async () => {
    expect(vh("SendToActiveClass", "$Any thing", 0, 2)).toBe(true);
    await expectOnly("$Any thing", al);
  },
  SendToPassiveClass: async () => {
    expect(vh("SendToPassiveClass", "$Any thing", 0, 2)).toBe(true);
    await expectOnly("$Any thing", pat);
    expect(vh("SendToPassiveClass", "$Any thing", 3, 10)).toBe(true);
    await expectOnly("$Any thing");
  },
  GetUserClass: () => {
    const nicks = ["op", "al", BOT, "nobody"];
    expect(nicks.map((nick) => vh("GetUserClass", nick))).toEqual([5, 0, 10, -2]);
  },
  GetUserHost: async () => {
    vh("SetConfig", "config", "dns_lookup", 1);
    const home = await hub.login("home");
    // "localhost", or what else this machine calls itself.
    await expect.poll(() => vh("GetUserHost", "home")).toMatch(/^[a-z]/i);
    op.say("!who home");
    await op.next(new RegExp(`\\t${String(vh("GetUserHost", "home"))}\\t`));
    vh("SetConfig", "config", "dns_lookup", 0);
    home.close();
    await op.next("$Quit home");
  },
  GetUserIP: async () => {
    op.send("$UserIP al|");
    await op.next(`$UserIP al ${String(vh("GetUserIP", "al"))}`);
  },
  GetUserCC: () => {
    vh("SetUserIP", "al", "89.160.20.120");
    expect(vh("GetUserCC", "al")).toBe("SE");
    vh("SetUserIP", "al", "127.0.0.1");
    expect(vh("GetUserCC", "al")).toBeNull();
  },
  GetUserHubURL: async () => {
    al.send("$MyHubURL dchub://home|");
    await al.sync();
    expect(vh("GetUserHubURL", "al")).toBe("dchub://home");
  },
  GetUserExtJSON: async () => {
    al.send('$ExtJSON al {"slots":3}|');
    await al.sync();
    expect(vh("GetUserExtJSON", "al")).toBe('$ExtJSON al {"slots":3}');
  },
  GetIPCC: () => {
    expect(vh("GetIPCC", "81.2.69.1")).toBe("GB");
  },
  GetIPCN: () => {
    expect(vh("GetIPCN", "81.2.69.1")).toBe("United Kingdom");
  },
  GetIPCity: () => {
    expect(vh("GetIPCity", "81.2.69.1")).toBe("London");
    expect(vh("GetIPCity", "81.2.69.1", "GeoLite2-Country")).toBeNull();
  },
  GetIPASN: () => {
    expect(vh("GetIPASN", "81.2.69.1")).toBe("AS20712 Andrews & Arnold Ltd");
  },
  GetGeoIP: () => {
    expect(vh("GetGeoIP", "81.2.69.1")).toMatchObject({
      range_low: "81.2.69.0",
      range_high: "81.2.69.255",
      country_code_xxx: "GBR",
      region: "England",
      city: "London",
      latitude: 51.5142,
    });
  },
  GetMyINFO: async () => {
    al.send(`$MyINFO $ALL al mine${TAG}$ $DSL\u0001$al@x$7$|`);
    await pat.next(/^\$MyINFO \$ALL al mine/);
    expect(vh("GetMyINFO", "al")).toEqual(["al", "mine", TAG, "DSL", "al@x", "7"]);
  },
  SetMyINFO: async () => {
    expect(vh("SetMyINFO", "al", "new", null, "LAN", "", 1000)).toBe(true);
    await expectOnly(`$MyINFO $ALL al new${TAG}$ $LAN\u0001$$1000$`, op, al, pat);
  },
  SetMyINFOFlag: async () => {
    expect(vh("SetMyINFOFlag", "al", 2)).toBe(true);
    await expectOnly(`$MyINFO $ALL al new${TAG}$ $LAN\u0003$$1000$`, op, al, pat);
  },
  UnsetMyINFOFlag: async () => {
    expect(vh("UnsetMyINFOFlag", "al", 2)).toBe(true);
    await expectOnly(`$MyINFO $ALL al new${TAG}$ $LAN\u0001$$1000$`, op, al, pat);
  },
  SetUserIP: async () => {
    expect(vh("SetUserIP", "al", "10.1.2.3")).toBe(true);
    op.send("$UserIP al|");
    await op.next("$UserIP al 10.1.2.3");
    vh("SetUserIP", "al", "127.0.0.1");
  },
  GetNickList: async () => {
    expect(vh("GetNickList")).toEqual(nicksIn(await listOf("NickList")));
  },
  GetOpList: async () => {
    expect(vh("GetOpList")).toEqual(nicksIn(await listOf("OpList")));
  },
  GetBotList: async () => {
    expect(vh("GetBotList")).toEqual(nicksIn(await listOf("BotList")));
  },
  GetRawNickList: async () => {
    expect(vh("GetRawNickList")).toBe(await listOf("NickList"));
  },
  GetRawOpList: async () => {
    expect(vh("GetRawOpList")).toBe(await listOf("OpList"));
  },
  GetRawBotList: async () => {
    expect(vh("GetRawBotList")).toBe(await listOf("BotList"));
  },
  AddRegUser: async () => {
    expect(vh("AddRegUser", "bob", 3, "pw", "a friend")).toBe(true);
    const stored = "select class, note_op from reglist where nick = 'bob'";
    expect(rows(stored)).toEqual([[3, "a friend"]]);
    const bob = await hub.login("bob", { password: "pw" });
    expect(bob.lines).toContain("$LogedIn bob");
    bob.close();
    await op.next("$Quit bob");
  },
  DelRegUser: async () => {
    expect(vh("DelRegUser", "bob")).toBe(true);
    expect(rows("select * from reglist where nick = 'bob'")).toEqual([]);
    const bob = await hub.login("bob");
    expect(bob.lines).not.toContain("$LogedIn bob");
    bob.close();
    await op.next("$Quit bob");
  },
  SetRegClass: async () => {
    vh("AddRegUser", "al", 1);
    expect(vh("SetRegClass", "al", 4)).toBe(true);
    expect(rows("select class from reglist where nick = 'al'")).toEqual([[4]]);
    await expectOnly(`$OpList ${BOT}$$OpChat$$op$$al$$`, op, al, pat);
    vh("DelRegUser", "al");
  },
  KickUser: async () => {
    expect(vh("KickUser", "op", "al", "spam", "be nice", "third time", "10m")).toBe(true);
    await al.closed;
    expect(al.lines).toContain(`<${BOT}> op kicked you: spam (be nice)`);
    await op.next(`$To: op From: OpChat $<${BOT}> op kicked al: spam (third time)`);
    const stored = "select nick, nick_op, reason, note_op from banlist";
    expect(rows(stored)).toEqual([["al", "op", "spam", "third time"]]);
    expect(await refusal("al")).toMatch(/You are banned for .* by op: spam$/);
    vh("DelIPTempBan", "127.0.0.1");
  },
  Ban: async () => {
    expect(vh("Ban", "op", "al", "spam", 3600, 4)).toBe(true);
    await al.closed;
    expect(rows("select nick, ban_type, reason from banlist")).toEqual([["al", 4, "spam"]]);
    expect(await refusal("al")).toMatch(/You are banned for .* by op: spam$/);
    vh("DelNickTempBan", "al");
  },
  DelNickTempBan: async () => {
    vh("Ban", "op", "al", "", 3600, 4);
    await al.closed;
    expect(vh("DelNickTempBan", "al")).toBe(true);
    expect(rows("select * from banlist")).toEqual([]);
    al = await hub.login("al", { share: "1000" });
  },
  DelIPTempBan: async () => {
    vh("Ban", "op", "al", "", 3600, 2);
    await al.closed;
    expect(await refusal("eve")).toMatch(/You are banned/);
    expect(vh("DelIPTempBan", "127.0.0.1")).toBe(true);
    expect(rows("select * from banlist")).toEqual([]);
    al = await hub.login("al", { share: "1000" });
  },
  CloseConnection: async () => {
    expect(vh("CloseConnection", "al", 9, 100)).toBe(true);
    await al.sync();
    await al.closed;
    expect(await hub.until(1, "OnCloseConnEx")).toEqual([["OnCloseConnEx", "127.0.0.1", 9, "al"]]);
  },
  UserRestrictions: async () => {
    expect(vh("UserRestrictions", "al", "10m", "", "", "")).toBe(true);
    al.say("hello");
    await al.next(/not allowed to do this now \(chat\)/);
    expect(rows("select st_chat > since, st_pm from temp_rights")).toEqual([[1, 0]]);
    expect(vh("UserRestrictions", "al", "0")).toBe(true);
    al.say("hello again");
    await expect(op.next(/^<al> /)).resolves.toBe("<al> hello again");
    const { restrictions } = hub.hub;
    expect(restrictions.forbids("al", "pm")).toBe(false);
    vh("SQL", "update temp_rights set st_pm = 4000000000 where nick = 'al'");
    expect(restrictions.forbids("al", "pm")).toBe(true);
    expect(vh("UserRestrictions", "al", "", "0")).toBe(true);
    expect(restrictions.forbids("al", "pm")).toBe(false);
  },
  ParseCommand: async () => {
    expect(vh("ParseCommand", "op", "!topic by command")).toBe(true);
    await expectOnly("$HubTopic by command", op, al, pat);
    expect(vh("ParseCommand", "op", "!topic", 1)).toBe(true);
    await op.next(`$To: op From: ${BOT} $<${BOT}> Topic: by command`);
  },
  ScriptCommand: () => {
    expect(vh("ScriptCommand", "greet", "al")).toBe(true);
    expect(neighbour.call("get_heard")).toEqual([["greet", "al"]]);
  },
  ScriptQuery: () => {
    expect(vh("ScriptQuery", "shout", "al")).toEqual(["AL"]);
  },
  GetConfig: async () => {
    op.say("!set hub_desc home of all");
    await op.next(/hub_desc: {2}-> home of all$/);
    expect(vh("GetConfig", "config", "hub_desc")).toBe("home of all");
  },
  SetConfig: async () => {
    expect(vh("SetConfig", "config", "hub_name", "Home")).toBe(true);
    await expectOnly("$HubName Home", op, al, pat);
    expect(rows("select val from SetupList where file = 'config' and var = 'hub_name'")).toEqual([
      ["Home"],
    ]);
  },
  Topic: async () => {
    expect(vh("Topic", "tea")).toBe("tea");
    await expectOnly("$HubTopic tea", op, al, pat);
    expect(vh("Topic")).toBe("tea");
  },
  GetUsersCount: () => {
    expect(vh("GetUsersCount")).toBe(3);
  },
  GetServFreq: () => {
    expect(vh("GetServFreq")).toBeGreaterThan(0);
  },
  GetTotalShareSize: async () => {
    expect(vh("GetTotalShareSize")).toBe("18446744073709552615");
    op.say("!hubinfo");
    await op.next(/\tShare\t18446744073709552615 bytes/);
  },
  name_and_version: async () => {
    expect(vh("name_and_version")).toMatch(/^vh-python \d+\.\d+/);
    vh("name_and_version", "Recorder", "2");
    op.say("!pylist");
    await op.next(/\n\t\d+\tRecorder\t/);
  },
  AddRobot: async () => {
    expect(vh("AddRobot", "Quiz", 3, "asks", "fast", "q@x", 12)).toBe(true);
    const info = "$MyINFO $ALL Quiz asks$ $fast\u0001$q@x$12$";
    await expectOnly(info, op, al, pat);
    // Who comes later sees it, too.
    const late = await hub.login("late", { supports: "NoHello NoGetINFO BotList" });
    const lists = late.lines.filter((line) => /^\$\w+List /.test(line));
    expect(late.lines).toContain(info);
    expect(lists.filter((line) => line.includes("Quiz$$"))).toHaveLength(lists.length);
    expect(new Set(lists.map((line) => line.split(" ")[0]))).toEqual(
      new Set(["$NickList", "$OpList", "$BotList"]),
    );
    late.send("$GetINFO Quiz late|");
    await late.next(info);
    late.pm("Quiz", "42");
    await late.sync();
    expect(hub.recorded("OnParsedMsgPM")).toEqual([["OnParsedMsgPM", "late", "42", "Quiz"]]);
    vh("pm", "right", "late", "Quiz");
    await late.next("$To: late From: Quiz $<Quiz> right");
    const impostor = await hub.connect("quiz");
    await impostor.handshake();
    await impostor.next("$ValidateDenide quiz");
    late.close();
    await op.next("$Quit late");
  },
  DelRobot: async () => {
    expect(vh("DelRobot", "Quiz")).toBe(true);
    await expectOnly("$Quit Quiz", op, al, pat);
    expect(await listOf("BotList")).not.toContain("Quiz");
  },
  IsRobotNickBad: () => {
    const nicks = ["Quiz", "al", "", "a b", BOT];
    expect(nicks.map((nick) => vh("IsRobotNickBad", nick))).toEqual([0, 1, 2, 3, 4]);
  },
  SQL: () => {
    expect(vh("SQL", "create table scores (nick, score)")).toEqual([true, []]);
    expect(vh("SQL", "insert into scores values ('al', 7), ('bo', null)")).toEqual([true, []]);
    expect(rows("select * from scores")).toEqual([
      ["al", 7],
      ["bo", null],
    ]);
    expect(vh("SQL", "select * from scores", 1)).toEqual([true, [["al", "7"]]]);
    expect(vh("SQL", "select nick from reglist")).toEqual([true, [["op"]]]);
  },
  Encode: async () => {
    vh("SendDataToUser", `<${BOT}> ${String(vh("Encode", "a|b$c"))}`, "al");
    await al.next(`<${BOT}> a&#124;b&#36;c`);
  },
  Decode: () => {
    expect(vh("Decode", "a&#124;b&#36;c")).toBe("a|b$c");
  },
  CallDynamicFunction: () => {
    hub.hub.scripts.register("add", (a: number, b: number) => a + b);
    expect(vh("CallDynamicFunction", "add", 2, 3)).toBe(5);
  },
  StopHub: async () => {
    const ended = new Promise((resolve) => hub.hub.once("close", resolve));
    expect(vh("StopHub", 7)).toBe(true);
    expect(await ended).toBe(7);
    await Promise.all([op, al, pat].map((client) => client.closed));
  },
};

const NAMES = SIGNATURES.map(({ name }) => name);

it("is here once", () => {
  expect(Object.keys(EFFECTS).sort()).toEqual([...NAMES].sort());
});

it.each([...NAMES.filter((name) => name !== "StopHub"), "StopHub"])("vh.%s", async (name) => {
  await EFFECTS[name]?.();
});
