import { describe, expect, it } from "vitest";
import { TestHub } from "../helpers/hub.js";

const BOT = "Hub-Security";

/** A hub with an operator and two users, one of them passive. */
async function hubWithUsers() {
  const hub = await TestHub.start();
  const users = {
    hub,
    op: await hub.operator("op", 5),
    al: await hub.login("al", { share: "1000" }),
    pat: await hub.login("pat", { tag: "P", share: "18446744073709551615" }),
  };
  await hub.settle();
  return users;
}

describe("messages", () => {
  it("SendToAll, mc, usermc, classmc", async () => {
    const { hub, op, al, pat } = await hubWithUsers();
    expect(hub.vh("SendToAll", "to all")).toBe(true);
    expect(hub.vh("mc", "as bot | $x", "Newsbot")).toBe(true);
    expect(hub.vh("usermc", "for al", "al")).toBe(true);
    expect(hub.vh("usermc", "for al", "al", "Friend")).toBe(true);
    expect(hub.vh("classmc", "for ops", 3, 10)).toBe(true);
    const all = [`<${BOT}> to all`, "<Newsbot> as bot &#124; $x"];
    expect(await al.sync()).toEqual([...all, `<${BOT}> for al`, "<Friend> for al"]);
    expect(await pat.sync()).toEqual(all);
    expect(await op.sync()).toEqual([...all, `<${BOT}> for ops`]);
    expect(hub.vh("usermc", "x", "nobody")).toBe(false);
    expect(hub.vh("usermc", "x", BOT)).toBe(false);
  });

  it("pm, SendPMToAll, SendToOpChat", async () => {
    const { hub, op, al, pat } = await hubWithUsers();
    expect(hub.vh("pm", "hello", "al")).toBe(true);
    expect(hub.vh("pm", "hello", "al", "Friend")).toBe(true);
    expect(hub.vh("pm", "hello", "al", "Friend", "Room")).toBe(true);
    expect(await al.sync()).toEqual([
      `$To: al From: ${BOT} $<${BOT}> hello`,
      "$To: al From: Friend $<Friend> hello",
      "$To: al From: Room $<Friend> hello",
    ]);
    expect(hub.vh("SendPMToAll", "all", "News", 0, 2)).toBe(true);
    expect(await al.sync()).toEqual(["$To: al From: News $<News> all"]);
    expect(await pat.sync()).toEqual(["$To: pat From: News $<News> all"]);
    expect(hub.vh("SendToOpChat", "ops")).toBe(true);
    expect(hub.vh("SendToOpChat", "ops", "Alarm")).toBe(true);
    expect(await op.sync()).toEqual([
      "$To: op From: OpChat $<OpChat> ops",
      "$To: op From: OpChat $<Alarm> ops",
    ]);
    expect(hub.vh("pm", "x", "nobody")).toBe(false);
  });

  it("raw protocol: to one, to a class, to the active and the passive", async () => {
    const { hub, op, al, pat } = await hubWithUsers();
    hub.vh("SendDataToUser", "$One", "al");
    hub.vh("SendDataToUser", "$Two|$Three|", "al", 1);
    hub.vh("SendDataToAll", "$All");
    hub.vh("SendDataToAll", "$Ops|", 3, 10);
    hub.vh("SendToActive", "$Active");
    hub.vh("SendToPassive", "$Passive");
    hub.vh("SendToActiveClass", "$ActiveOps", 3, 10);
    hub.vh("SendToPassiveClass", "$PassiveUsers", 0, 2);
    hub.vh("SendToPassiveClass", "$PassiveOps", 3, 10);
    expect(await al.sync()).toEqual(["$One", "$Two", "$Three", "$All", "$Active"]);
    expect(await pat.sync()).toEqual(["$All", "$Passive", "$PassiveUsers"]);
    expect(await op.sync()).toEqual(["$All", "$Ops", "$Active", "$ActiveOps"]);
    expect(hub.vh("SendDataToUser", "$x", "nobody")).toBe(false);
  });
});

describe("users", () => {
  it("GetUserClass, IP, Host, HubURL, lists and counts", async () => {
    const { hub, op, al } = await hubWithUsers();
    expect(hub.vh("GetUserClass", "op")).toBe(5);
    expect(hub.vh("GetUserClass", "AL")).toBe(0);
    expect(hub.vh("GetUserClass", BOT)).toBe(10);
    expect(hub.vh("GetUserClass", "nobody")).toBe(-2);
    expect(hub.vh("GetUserIP", "al")).toBe("127.0.0.1");
    expect(hub.vh("GetUserIP", BOT)).toBeNull();
    expect(hub.vh("GetUserHost", "al")).toBeNull();
    expect(hub.vh("GetUserHubURL", "al")).toBeNull();
    al.send("$MyHubURL dchub://home|");
    await al.sync();
    expect(hub.vh("GetUserHubURL", "al")).toBe("dchub://home");
    expect(hub.vh("GetNickList")).toEqual([BOT, "OpChat", "op", "al", "pat"]);
    expect(hub.vh("GetOpList")).toEqual([BOT, "OpChat", "op"]);
    expect(hub.vh("GetBotList")).toEqual([BOT, "OpChat"]);
    expect(hub.vh("GetRawNickList")).toBe(`$NickList ${BOT}$$OpChat$$op$$al$$pat$$`);
    expect(hub.vh("GetRawOpList")).toBe(`$OpList ${BOT}$$OpChat$$op$$`);
    expect(hub.vh("GetRawBotList")).toBe(`$BotList ${BOT}$$OpChat$$`);
    expect(hub.vh("GetUsersCount")).toBe(3);
    expect(hub.vh("GetTotalShareSize")).toBe("18446744073709552615");
    op.close();
    await al.next("$Quit op");
    expect(hub.vh("GetUsersCount")).toBe(2);
  });

  it("GetUserHost, when the configuration wants names looked up", async () => {
    const hub = await TestHub.start();
    hub.vh("SetConfig", "config", "dns_lookup", true);
    await hub.login("al");
    // "localhost", or what else this machine calls itself.
    await expect.poll(() => hub.vh("GetUserHost", "al")).toMatch(/^[a-z]/i);
  });

  it("GetMyINFO and SetMyINFO, flags", async () => {
    const { hub, al, pat } = await hubWithUsers();
    const tag = "<Test V:1,M:A,H:1/0/0,S:3>";
    expect(hub.vh("GetMyINFO", "al")).toEqual(["al", "test", tag, "LAN", "al@example.org", "1000"]);
    expect(hub.vh("GetMyINFO", "nobody")).toBeNull();
    expect(hub.vh("SetMyINFO", "al", "new", null, "DSL", "", 5)).toBe(true);
    await pat.next(`$MyINFO $ALL al new${tag}$ $DSL\u0001$$5$`);
    expect(hub.vh("GetMyINFO", "al")).toEqual(["al", "new", tag, "DSL", "", "5"]);
    expect(hub.vh("SetMyINFO", "al", null, null, null, null, "many")).toBe(false);
    expect(hub.vh("SetMyINFO", "nobody", "x")).toBe(false);
    expect(hub.vh("SetMyINFO", "al", "a|b$c")).toBe(true);
    expect(hub.vh("GetMyINFO", "al")).toContain("a&#124;b&#36;c");
    hub.vh("SetMyINFO", "al", "new");
    await pat.next(`$MyINFO $ALL al a&#124;b&#36;c${tag}$ $DSL\u0001$$5$`);
    await pat.next(`$MyINFO $ALL al new${tag}$ $DSL\u0001$$5$`);
    expect(hub.vh("SetMyINFOFlag", "al", 2 | 16)).toBe(true);
    await pat.next(`$MyINFO $ALL al new${tag}$ $DSL\u0013$$5$`);
    expect(hub.vh("UnsetMyINFOFlag", "al", 2)).toBe(true);
    await al.next(`$MyINFO $ALL al new${tag}$ $DSL\u0011$$5$`);
    // 0x24 would be a "$" on the wire, 0 nothing.
    expect(hub.vh("SetMyINFOFlag", "al", 0x100)).toBe(false);
    expect(hub.vh("UnsetMyINFOFlag", "al", 0x11)).toBe(false);
    expect(hub.vh("SetMyINFOFlag", "nobody", 1)).toBe(false);
  });

  it("SetUserIP", async () => {
    const { hub, al } = await hubWithUsers();
    expect(hub.vh("SetUserIP", "al", "10.1.2.3")).toBe(true);
    expect(hub.vh("GetUserIP", "al")).toBe("10.1.2.3");
    al.send("$Search 10.1.2.3:1 F?T?0?1?x|");
    await al.sync();
    expect(hub.recorded("OnParsedMsgSearch")).toHaveLength(1);
    expect(hub.vh("SetUserIP", "al", "not an address")).toBe(false);
    expect(hub.vh("SetUserIP", BOT, "10.1.2.3")).toBe(false);
  });
});

describe("bots", () => {
  it("AddRobot, DelRobot: in every list, seen by all, to be talked to", async () => {
    const { hub, al } = await hubWithUsers();
    const old = await hub.login("old", { supports: "BotList" });
    expect(hub.vh("AddRobot", "Quiz", 3, "asks", "fast", "q@x", 12)).toBe(true);
    await al.next("$MyINFO $ALL Quiz asks$ $fast\u0001$q@x$12$");
    await al.next(`$OpList ${BOT}$$OpChat$$op$$Quiz$$`);
    await old.next("$Hello Quiz");
    await old.next(`$BotList ${BOT}$$OpChat$$Quiz$$`);
    expect(hub.vh("GetBotList")).toContain("Quiz");
    expect(hub.vh("GetUserClass", "Quiz")).toBe(3);
    hub.recorded();
    al.pm("Quiz", "42");
    await al.sync();
    expect(hub.recorded("OnParsedMsgPM")).toEqual([["OnParsedMsgPM", "al", "42", "Quiz"]]);
    expect(hub.vh("AddRobot", "Quiz", 3, "", "", "", 0)).toBe(false);
    expect(hub.vh("AddRobot", "Quiz2", 3, "", "", "", "much")).toBe(false);
    expect(hub.vh("DelRobot", "Quiz")).toBe(true);
    await al.next("$Quit Quiz");
    expect(hub.vh("DelRobot", "Quiz")).toBe(false);
    expect(hub.vh("DelRobot", "al")).toBe(false);
    expect(hub.vh("DelRobot", BOT)).toBe(false);
  });

  it("IsRobotNickBad", async () => {
    const { hub } = await hubWithUsers();
    const nicks = { Quiz: 0, al: 1, AL: 1, "": 2, "a b": 3, "a|": 3, [BOT]: 4, OpChat: 4 };
    for (const [nick, status] of Object.entries(nicks)) {
      expect([nick, hub.vh("IsRobotNickBad", nick)]).toEqual([nick, status]);
    }
  });
});

describe("registrations", () => {
  it("a class counts at once for who gave the password or needs none, else at the next login", async () => {
    const { hub, op, al, pat } = await hubWithUsers();
    hub.vh("AddRegUser", "al", 3);
    expect(hub.vh("GetUserClass", "al")).toBe(3);
    await pat.next(`$OpList ${BOT}$$OpChat$$op$$al$$`);
    hub.vh("AddRegUser", "pat", 10, "pw");
    expect(hub.vh("GetUserClass", "pat")).toBe(0);
    hub.vh("SetRegClass", "pat", 5);
    expect(hub.vh("GetUserClass", "pat")).toBe(0);
    expect(hub.vh("SetRegClass", "op", 0)).toBe(true);
    expect(hub.vh("GetUserClass", "op")).toBe(0);
    await al.next(`$OpList ${BOT}$$OpChat$$al$$`);
    expect(hub.vh("DelRegUser", "al")).toBe(true);
    expect(hub.vh("GetUserClass", "al")).toBe(0);
    await op.next(`$OpList ${BOT}$$OpChat$$`);
    pat.close();
    await al.next("$Quit pat");
    await hub.login("pat", { password: "pw" });
    expect(hub.vh("GetUserClass", "pat")).toBe(5);
  });

  it("refuse what makes no sense", async () => {
    const { hub } = await hubWithUsers();
    expect(hub.vh("AddRegUser", "op", 1)).toBe(false);
    expect(hub.vh("AddRegUser", "new", 7)).toBe(false);
    expect(hub.vh("AddRegUser", "no nick", 1)).toBe(false);
    expect(hub.vh("SetRegClass", "nobody", 1)).toBe(false);
    expect(hub.vh("SetRegClass", "op", 7)).toBe(false);
    expect(hub.vh("DelRegUser", "nobody")).toBe(false);
  });
});

describe("against users", () => {
  it("KickUser tells the user, the operators and the scripts", async () => {
    const { hub, op, al } = await hubWithUsers();
    hub.recorded();
    expect(hub.vh("KickUser", "op", "al", "spam", "be nice", "third time", 0)).toBe(true);
    await al.closed;
    expect(al.lines.at(-1)).toBe(`<${BOT}> op kicked you: spam (be nice)`);
    await op.next(`$To: op From: OpChat $<${BOT}> op kicked al: spam (third time)`);
    expect(hub.recorded("OnOperatorKicks", "OnCloseConnEx")).toEqual([
      ["OnOperatorKicks", "op", "al", "spam"],
      ["OnCloseConnEx", "127.0.0.1", 2, "al"],
    ]);
    expect(hub.vh("KickUser", "op", "nobody", "x")).toBe(false);
    expect(hub.vh("KickUser", "op", BOT, "x")).toBe(false);
  });

  it("CloseConnection: now or later, with a reason, in the wild's manner too", async () => {
    const { hub, op, al, pat } = await hubWithUsers();
    hub.recorded();
    expect(hub.vh("CloseConnection", "al")).toBe(true);
    await al.closed;
    expect(hub.vh("CloseConnection", "pat", 8, 80)).toBe(true);
    await pat.sync();
    await pat.closed;
    expect(hub.vh("CloseConnection", "op", 1, 3)).toBe(true);
    await op.closed;
    expect(hub.recorded("OnCloseConnEx").map((call) => call.slice(2))).toEqual([
      [0, "al"],
      [8, "pat"],
      [1, "op"],
    ]);
    expect(hub.vh("CloseConnection", "nobody")).toBe(false);
  });

  it("UserRestrictions: each thing for a while, across a new login", async () => {
    const { hub, op, al } = await hubWithUsers();
    expect(hub.vh("UserRestrictions", "al", "10m", "1", "2h", "3d")).toBe(true);
    await op.sync();
    al.close();
    await op.next("$Quit al");
    const again = await hub.login("al");
    again.say("chat");
    again.pm("op", "pm");
    again.send("$Search Hub:al F?T?0?1?x|$ConnectToMe op 127.0.0.1:1|$RevConnectToMe al op|");
    const told = await again.sync();
    expect(told.map((line) => /\((\w+)\)/.exec(line)?.[1])).toEqual([
      "chat",
      "pm",
      "search",
      "ctm",
      "ctm",
    ]);
    expect((await op.sync()).filter((line) => !line.startsWith("$MyINFO"))).toEqual([]);
    expect(hub.vh("UserRestrictions", "al", "0", "", "0", "0")).toBe(true);
    again.say("chat");
    again.pm("op", "pm");
    await op.next("<al> chat");
    expect((await again.sync()).map((line) => /\((\w+)\)/.exec(line)?.[1])).toContain("pm");
    expect(hub.vh("UserRestrictions", "al", "soon", "0")).toBe(false);
    expect(hub.vh("UserRestrictions", "nobody", "1")).toBe(false);
  });
});

describe("the hub", () => {
  it("ParseCommand runs a command as a user", async () => {
    const { hub } = await hubWithUsers();
    hub.recorded();
    hub.answer("OnHubCommand", 0);
    expect(hub.vh("ParseCommand", "op", "!stats", 1)).toBe(true);
    expect(hub.recorded()).toEqual([
      ["OnOperatorCommand", "op", "!stats"],
      ["OnHubCommand", "op", "stats", 5, 1, "!"],
    ]);
    expect(hub.vh("ParseCommand", "op", "stats")).toBe(false);
    expect(hub.vh("ParseCommand", "nobody", "!stats")).toBe(false);
    hub.answer("OnHubCommand", 1);
    expect(hub.vh("ParseCommand", "op", "!stats")).toBe(false);
  });

  it("GetConfig, SetConfig, Topic", async () => {
    const { hub, al } = await hubWithUsers();
    expect(hub.vh("GetConfig", "config", "hub_name")).toBe("vh-python hub");
    expect(hub.vh("GetConfig", "config", "no_such")).toBeNull();
    expect(hub.vh("GetConfig", "config", "no_such", "default")).toBe("default");
    expect(hub.vh("SetConfig", "config", "hub_name", "Renamed")).toBe(true);
    await al.next("$HubName Renamed");
    expect(hub.vh("SetConfig", "config", "no_such", "x")).toBe(false);
    expect(hub.vh("SetConfig", "config", "hub_encoding", "CP1251")).toBe(false);
    expect(hub.vh("SetConfig", "config", "max_users_total", "few")).toBe(false);
    expect(hub.vh("SetConfig", "mine", "x", 7)).toBe(true);
    expect(hub.vh("GetConfig", "mine", "x")).toBe("7");
    expect(hub.vh("Topic")).toBe("");
    expect(hub.vh("Topic", "talk")).toBe("talk");
    await al.next("$HubTopic talk");
    expect(hub.vh("GetConfig", "config", "hub_topic")).toBe("talk");
  });

  it("GetServFreq and name_and_version", async () => {
    const { hub } = await hubWithUsers();
    expect(hub.vh("GetServFreq")).toBeGreaterThan(0);
    expect(hub.vh("name_and_version")).toMatch(/^vh-python \d+\.\d+/);
  });

  it("StopHub ends it with an exit code", async () => {
    const { hub, al } = await hubWithUsers();
    const code = new Promise((resolve) => hub.hub.once("close", resolve));
    expect(hub.vh("StopHub", 7, 0)).toBe(true);
    expect(await code).toBe(7);
    await al.closed;
  });

  it("gives scripts hub_uptime", async () => {
    const { hub } = await hubWithUsers();
    expect(hub.vh("CallDynamicFunction", "hub_uptime")).toEqual({
      seconds: expect.any(Number) as number,
      started: hub.hub.startTime.toISOString(),
      users: 3,
    });
  });
});
