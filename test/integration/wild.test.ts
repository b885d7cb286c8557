/** Scripts in the manner of those in the wild (test/fixtures/wild) run as they are. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Hooks, Script } from "../../lib/index.js";
import { Stage } from "./examples-stage.js";

const wild = fileURLToPath(new URL("../fixtures/wild/", import.meta.url));
const stage = new Stage({ alice: 0, bob: 1, op: 3, admin: 5 });

const load = (name: string): Script => stage.host.load(join(wild, `${name}.py`));
const userCommand = (nick: string, text: string) =>
  stage.host.dispatch("OnUserCommand", nick, text);
const opCommand = (text: string) => stage.host.dispatch("OnOperatorCommand", "op", text);

test("statbot: star import, counters, a bot, OnTimer without its argument", () => {
  const script = load("statbot");
  const bot = "-StatBot-";
  expect(stage.hub.take()).toEqual([["AddRobot", bot, 5, "statistics", "\x01", "", "0"]]);
  expect(stage.chat("alice", "hello").allowed).toBe(true);
  stage.host.dispatch("OnParsedMsgSearch", "alice", "$Search Hub:alice F?T?0?1?x");
  stage.host.dispatch("OnUserLogin", "alice");
  stage.host.dispatch("OnUserLogin", "bob");
  expect(stage.hub.take()).toEqual([["mc", "New peak: 4 users!", bot]]);
  expect(stage.host.dispatch("OnParsedMsgPM", "alice", "hi", bot).allowed).toBe(false);
  expect(stage.hub.take()).toEqual([["pm", "I'm only a bot (v0.3), alice", "alice", bot, bot]]);
  expect(stage.chat("alice", "!botstats").allowed).toBe(false);
  const [call] = stage.hub.take();
  expect(call?.slice(2)).toEqual(["alice", bot, null]);
  expect(call?.[1]).toMatch(
    /^\r\n\tchat {6}: 2\r\n\tjoins {5}: 2\r\n.*\r\n\tpeak {6}: 4 users\r\n$/s,
  );
  for (let n = 0; n < 3; n++) stage.host.dispatch("OnTimer", n);
  const counted = "[('chat', 2), ('joins', 2), ('parts', 0), ('pm', 1), ('search', 1)]";
  expect(stage.hub.take()).toEqual([["SendToOpChat", `[statbot] ${counted}`, null]]);
  script.unload();
  expect(stage.hub.take()).toEqual([["DelRobot", bot]]);
});

test("seen: (nick, message) order, hooks with fewer parameters", () => {
  load("seen");
  stage.host.dispatch("OnUserLogin", "carol");
  stage.host.dispatch("OnCloseConnEx", "10.0.0.9", 2, "carol");
  stage.host.dispatch("OnUserLogout", "carol");
  userCommand("alice", "+seen");
  userCommand("alice", "+seen bob");
  userCommand("alice", "+seen CAROL");
  userCommand("alice", "+seen __last_kick");
  expect(userCommand("alice", "+seen dave").allowed).toBe(false);
  expect(stage.hub.take()).toEqual([
    ["usermc", "usage: +seen <nick>", "alice", null],
    ["pm", "bob is online right now", "alice", null, null],
    ["pm", expect.stringMatching(/^carol was seen \d+s ago$/), "alice", null, null],
    ["pm", expect.stringMatching(/^10\.0\.0\.9 was seen \d+s ago$/), "alice", null, null],
    ["pm", "never seen dave", "alice", null, null],
  ]);
  // The text is a nick as well: the order that the script has used till now decides.
  userCommand("alice", "+echo bob");
  expect(stage.hub.take()).toEqual([["pm", "bob", "alice", null, null]]);
  expect(userCommand("alice", "+else").allowed).toBe(true);
});

test("reglist: SQL both ways, hooks with the manual summary's parameters", () => {
  const script = load("reglist");
  stage.hub.tables.set("select nick, class, reg_op from reglist where class >= 3", [
    ["op", "3", "admin"],
    ["admin", "5", null],
  ]);
  stage.hub.tables.set("select count(*) from reglist", [["17"]]);
  opCommand("!regs 3");
  opCommand("!regs 9");
  expect(opCommand("!regcount").allowed).toBe(false);
  expect(opCommand("!other").allowed).toBe(true);
  expect(stage.hub.take()).toEqual([
    ["SQL", "select nick, class, reg_op from reglist where class >= 3", 10],
    ["usermc", "2 users:\n op (3), by admin\n admin (5), by -", "op", null],
    ["SQL", "select nick, class, reg_op from reglist where class >= 9", 10],
    ["usermc", "sql error", "op", null],
    ["SQL", "select count(*) from reglist", 100],
    ["usermc", "there are 17 of them", "op", null],
  ]);
  expect(stage.host.dispatch("OnNewReg", "op", "dave", 1).allowed).toBe(true);
  expect(stage.host.dispatch("OnNewReg", "op", "eve", 5).allowed).toBe(false);
  expect(stage.host.dispatch("OnNewBan", "op", "10.0.0.9", "mallory", "spam").allowed).toBe(true);
  expect(stage.host.dispatch("OnSetConfig", "op", "config", "topic", "b", "a", 12).allowed).toBe(
    true,
  );
  expect(stage.host.dispatch("OnSetConfig", "op", "config", "hub_name", "b", "a", 12).allowed).toBe(
    false,
  );
  expect(script.call("get_log")).toEqual([
    "op made dave a 1",
    "op made eve a 5",
    "op banned mallory (10.0.0.9): spam",
    "config.topic = b",
    "config.hub_name = b",
  ]);
});

test("clientcheck: GetMyINFO unpacked, tuples with None, CloseConnection(nick, nice, reason)", () => {
  load("clientcheck");
  const tag = "<++ V:0.868,M:A,H:1/0/0,S:3>";
  stage.hub.infos.set("alice", ["alice", "", tag, "100", "", "1048576"]);
  stage.hub.infos.set("bob", ["bob", "", tag, "100", "", String(2 ** 40)]);
  expect(stage.host.dispatch("OnUserInList", "alice").allowed).toBe(false);
  const [told, closed, ...rest] = stage.hub.take();
  expect(told).toEqual(["pm", "You share only 1.00 MB", "alice", null, null]);
  expect(closed?.slice(0, 2)).toEqual(["CloseConnection", "alice"]);
  expect(rest).toEqual([]);
  expect(stage.host.dispatch("OnUserInList", "bob").allowed).toBe(true);
  expect(stage.hub.take()).toEqual([["SetMyINFO", "bob", null, null, null, "none@main", null]]);
  expect(stage.host.dispatch("OnUserInList", "gone").allowed).toBe(true);

  stage.hub.users.set("guest7", 0);
  expect(stage.host.dispatch("OnUserLogin", "guest7").allowed).toBe(true);
  expect(stage.hub.take().map((call) => call.slice(0, 2))).toEqual([["CloseConnection", "guest7"]]);

  const info = (desc: string): Hooks["OnFirstMyINFO"] => ["alice", desc, tag, "100", "a@b", "1"];
  expect(stage.host.dispatch("OnFirstMyINFO", ...info("come to dchub://x")).args).toEqual(
    info("[censored]"),
  );
  expect(stage.host.dispatch("OnParsedMsgMyINFO", ...info("x".repeat(30))).args).toEqual(
    info("x".repeat(20)),
  );
  expect(stage.host.dispatch("OnParsedMsgMyINFO", ...info("")).args).toEqual(info(""));
  expect(stage.host.dispatch("OnValidateTag", "alice", tag).allowed).toBe(true);
  expect(stage.host.dispatch("OnValidateTag", "alice", tag.replace("S:3", "S:0")).allowed).toBe(
    false,
  );
  expect(stage.host.dispatch("OnValidateTag", "alice", "no tag").allowed).toBe(false);
});

test("antispam: kicks, bans and restrictions, an int where a period is meant", () => {
  load("antispam");
  expect(stage.chat("alice", "LOUD AS CAN BE").args).toEqual(["alice", "loud as can be"]);
  const verdicts = [1, 2, 3, 4].map(() => stage.chat("bob", "buy").allowed);
  expect(verdicts).toEqual([true, true, false, false]);
  expect(stage.hub.take()).toEqual([
    ["usermc", "Stop repeating yourself, bob!", "bob", null],
    ["UserRestrictions", "bob", "5m", "", "", ""],
    ["KickUser", "Bot", "bob", "flooding", "", "", "600"],
    ["Ban", "Bot", "bob", "flooding", 600, 2 | 4],
    ["classmc", "*** bob (10.0.0.1) kicked for flooding", 3, 10, null],
  ]);
  for (let n = 0; n < 9; n++) expect(stage.chat("op", "buy").allowed).toBe(true);
  expect(stage.host.dispatch("OnParsedMsgPM", "alice", "see HTTP://SPAM", "bob").allowed).toBe(
    false,
  );
  expect(stage.host.dispatch("OnParsedMsgPM", "alice", "see", "bob").allowed).toBe(true);
  stage.host.dispatch("OnUserLogout", "bob");
  stage.host.dispatch("OnUserLogout", "never here");
  expect(stage.chat("bob", "buy").allowed).toBe(true);
});

test("latebound: hooks set, replaced, deleted and made by exec while it runs", () => {
  const script = load("latebound");
  const heard = () => stage.chat("alice", "hi").args[1];
  expect(stage.host.has("OnParsedMsgChat")).toBe(false);
  expect(heard()).toBe("hi");
  opCommand("!loud on");
  expect(script.has("OnParsedMsgChat")).toBe(true);
  expect(heard()).toBe("HI");
  opCommand("!loud off");
  expect(heard()).toBe("hi");
  opCommand("!loud never");
  expect(stage.host.has("OnParsedMsgChat")).toBe(false);
  expect(heard()).toBe("hi");
  opCommand("!timer");
  stage.host.dispatch("OnTimer", 1500);
  expect(stage.hub.take()).toEqual([["mc", "tick 1500", null]]);
  expect(stage.host.dispatch("OnParsedMsgPM", "alice", "x", "nobody").allowed).toBe(false);
  expect(stage.host.dispatch("OnParsedMsgPM", "alice", "x", "bob").allowed).toBe(true);
});

test("helped: a helper module beside the script, imported three ways", () => {
  load("helped");
  for (const nick of ["alice", "alice", "op", "op"]) userCommand(nick, "+time");
  const time = expect.stringMatching(/^it is \d\d:\d\d$/) as string;
  expect(stage.hub.take()).toEqual([
    ["usermc", time, "alice", null],
    ["usermc", "not so fast", "alice", null],
    ["usermc", time, "op", null],
    ["usermc", time, "op", null],
  ]);
});

test("objects: bound methods, a partial and a callable instance as hooks", () => {
  load("objects");
  stage.host.dispatch("OnUserLogin", "alice");
  stage.host.dispatch("OnUserLogin", "alice");
  stage.host.dispatch("OnUserLogout", "alice");
  stage.host.dispatch("OnUserLogin", "alice");
  const hi = ["SendDataToUser", "<Bot> Hi, alice", "alice", 0];
  expect(stage.hub.take()).toEqual([hi, hi]);
  expect(stage.chat("alice", "@ops help ").allowed).toBe(false);
  expect(stage.chat("alice", "help").allowed).toBe(true);
  expect(stage.hub.take()).toEqual([["SendPMToAll", "alice says: help", "alice", 3, 10]]);
});

test("topics: *args, configuration with ints and bools", () => {
  stage.hub.topic = "old";
  load("topics");
  const topics = [1, 2, 3, 4].map((n) => {
    stage.host.dispatch("OnTimer", n);
    return stage.hub.topic;
  });
  expect(topics).toEqual([
    "old",
    "Read the rules of this hub!",
    "Read the rules of this hub!",
    "this hub is the best",
  ]);
  expect(stage.host.dispatch("OnHubCommand", "admin", "topicevery 5", 5, 0, "!").allowed).toBe(
    false,
  );
  expect(stage.host.dispatch("OnHubCommand", "op", "topicevery 5", 3, 0, "!").allowed).toBe(true);
  expect(stage.hub.take()).toEqual([["usermc", "!topicevery 5: ok", "admin", null]]);
  expect([...stage.hub.config]).toEqual([
    ["pi_topics.every", "5"],
    ["pi_topics.enabled", "1"],
  ]);
});

test("relay: scripts talk with each other", () => {
  const relay = load("relay");
  load("searchguard");
  expect(userCommand("alice", "+relay x|y").allowed).toBe(false);
  expect(stage.hub.take()).toEqual([
    ["pm", "relay: 1.2.3", "alice", null, null],
    ["usermc", "told relay, searchguard", "alice", null],
  ]);
  const [heard] = stage.host.query("relay_heard");
  expect(JSON.parse(heard ?? "")).toEqual([["relay", "x|y", "", relay.path]]);
});

test("searchguard: raw protocol, and an exception that hurts nobody", () => {
  load("searchguard");
  const search = (what: string) =>
    stage.host.dispatch("OnParsedMsgSearch", "alice", `$Search Hub:alice F?T?0?1?${what}`).allowed;
  expect(search("debian$iso")).toBe(true);
  expect(search("WAREZ$now")).toBe(false);
  expect(stage.hub.take()).toEqual([
    ["SendDataToUser", "<Bot> searching for warez now? | no.|", "alice", 0],
  ]);
  expect(stage.host.dispatch("OnParsedMsgSearch", "alice", "$Search").allowed).toBe(false);
  expect(stage.host.dispatch("OnParsedMsgSR", "alice", "$SR alice a\x05b").allowed).toBe(true);
  expect(stage.host.dispatch("OnParsedMsgSR", "alice", "$SR alice").allowed).toBe(false);
  stage.host.dispatch("OnParsedMsgAny", "alice", "$Search x");
  expect(stage.host.dispatch("OnParsedMsgAny", "alice", "$Die").allowed).toBe(true);
  expect(stage.complaints.splice(0)).toEqual([
    expect.stringContaining("you have asked for it, alice"),
  ]);
  userCommand("alice", "+raw");
  expect(stage.hub.take()).toEqual([["usermc", "$$Search=1, $Die=1", "alice", null]]);
});
