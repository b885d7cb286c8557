import { describe, expect, it } from "vitest";
import type { NmdcClient } from "../helpers/nmdc-client.js";
import { TestHub } from "../helpers/hub.js";

const IP = "127.0.0.1";

/** Two active users and two passive ones. */
async function fourUsers() {
  const hub = await TestHub.start();
  const users = {
    hub,
    active: await hub.login("active"),
    active2: await hub.login("active2"),
    passive: await hub.login("passive", { tag: "P" }),
    passive2: await hub.login("passive2", { tag: "5" }),
  };
  await hub.settle();
  return users;
}

/** What each client got, of what `from` sent. */
async function got(from: NmdcClient, ...others: NmdcClient[]): Promise<string[][]> {
  await from.sync();
  return Promise.all(others.map((client) => client.sync()));
}

describe("search", () => {
  it("by an active user goes to all others, by a passive one to the active", async () => {
    const { active, active2, passive, passive2 } = await fourUsers();
    const search = `$Search ${IP}:412 F?T?0?1?some$thing`;
    active.send(`${search}|`);
    expect(await got(active, active2, passive, passive2)).toEqual([[search], [search], [search]]);
    const asked = "$Search Hub:passive F?T?0?9?TTH:ABC";
    passive.send(`${asked}|`);
    expect(await got(passive, active, active2, passive2)).toEqual([[asked], [asked], []]);
    expect((await passive.sync()).length).toBe(0);
  });

  it("results find the passive searcher, without their last field", async () => {
    const { active, active2, passive } = await fourUsers();
    const result = "$SR active dir\\song.mp3\u0005437 3/4\u0005TTH:ABC (1.2.3.4:411)";
    active.send(`${result}\u0005passive|${result}\u0005nobody|${result}|`);
    expect(await got(active, passive, active2)).toEqual([[result], []]);
  });
});

describe("what is said", () => {
  it("without a blank after the nick, or with a line break, goes out with a blank", async () => {
    const { active, active2 } = await fourUsers();
    active.send("<active>one|<active>\ntwo|<active> three|");
    active.send(
      "$To: active2 From: active $<active>four|$To: active2 From: active $<active> five|",
    );
    expect(await got(active, active2)).toEqual([
      [
        ...["<active> one", "<active> two", "<active> three"],
        "$To: active2 From: active $<active> four",
        "$To: active2 From: active $<active> five",
      ],
    ]);
  });
});

describe("connections", () => {
  it("are asked for by the active, and by the passive in reverse", async () => {
    const { active, active2, passive } = await fourUsers();
    active.send(`$ConnectToMe passive ${IP}:412|$ConnectToMe nobody ${IP}:412|`);
    expect(await got(active, passive, active2)).toEqual([[`$ConnectToMe passive ${IP}:412`], []]);
    passive.send("$RevConnectToMe passive active|$RevConnectToMe passive nobody|");
    expect(await got(passive, active, active2)).toEqual([["$RevConnectToMe passive active"], []]);
  });

  it("with the sender's nick: hidden from clients that do not know it, kept for NAT traversal", async () => {
    const { active, passive } = await fourUsers();
    active.send(`$ConnectToMe active passive ${IP}:412S|$ConnectToMe passive ${IP}:412NS active|`);
    expect(await got(active, passive)).toEqual([
      [`$ConnectToMe passive ${IP}:412S`, `$ConnectToMe passive ${IP}:412NS active`],
    ]);
  });
});

describe("a forged sender", () => {
  it.each([
    "<active2> I am somebody else",
    "$To: passive From: active2 $<active2> hello",
    "$To: passive From: active $<active2> hello",
    "$To: passive From: active2 $<active> hello",
    "$MCTo: passive $active2 hello",
    "$MyINFO $ALL active2 gotcha$ $LAN\u0001$$0$",
    "$Search Hub:active2 F?T?0?1?x",
    "$Search 10.0.0.1:412 F?T?0?1?x",
    "$SR active2 x 1/1\u0005hub (ip)\u0005passive",
    "$ConnectToMe passive 10.0.0.1:412",
    "$ConnectToMe active2 passive 127.0.0.1:412",
    "$RevConnectToMe active2 passive",
    "$ExtJSON active2 {}",
  ])("is refused: %s", async (line) => {
    const { hub, active, active2, passive, passive2 } = await fourUsers();
    hub.recorded();
    active.send(`${line}|`);
    expect(await got(active, active2, passive, passive2)).toEqual([[], [], []]);
    const hooks = hub.recorded().map(([hook]) => hook);
    expect(hooks.filter((hook) => hook !== "OnParsedMsgAny")).toEqual([]);
    expect(hub.vh("GetUserExtJSON", "active2")).toBeNull();
  });

  it("asks $GetINFO and $UserIP in vain", async () => {
    const { hub, active } = await fourUsers();
    active.send("$GetINFO passive active2|$UserIP passive$$active$$nobody|");
    expect(await active.next(/^\$(MyINFO|UserIP) /)).toBe(`$UserIP active ${IP}`);
    const op = await hub.operator("op");
    op.send("$UserIP passive$$active$$nobody|");
    await op.next(`$UserIP passive ${IP}$$active ${IP}`);
  });
});

describe("who may", () => {
  it("kick: operators, those below them", async () => {
    const { hub, active, active2 } = await fourUsers();
    const op = await hub.operator("op", 3);
    const boss = await hub.operator("boss", 5);
    await hub.settle();
    hub.recorded();
    active.send("$Kick active2|$Close active2|");
    op.send("$Kick boss|$Close op|$Kick Hub-Security|");
    await active.sync();
    expect(await op.sync()).toEqual([
      "<Hub-Security> You may not kick boss.",
      "<Hub-Security> You may not kick op.",
    ]);
    expect(hub.recorded("OnOperatorKicks", "OnOperatorDrops")).toEqual([]);
    boss.send("$Kick op|");
    await op.closed;
    await active2.sync();
  });

  it("use the operators' chat: operators", async () => {
    const { hub, active } = await fourUsers();
    const [op, op2] = [await hub.operator("op"), await hub.operator("op2")];
    await hub.settle();
    hub.recorded();
    active.pm("OpChat", "let me in");
    expect(await active.sync()).toEqual(["<Hub-Security> OpChat is for operators."]);
    expect(hub.recorded("OnOpChatMessage")).toEqual([]);
    op.pm("OpChat", "hi");
    await op2.next("$To: op2 From: OpChat $<op> hi");
    expect(await got(op, active)).toEqual([[]]);
  });

  it("see $ExtJSON: clients that understand it, at login too", async () => {
    const { hub, active, passive } = await fourUsers();
    active.send('$ExtJSON active {"Gender":2}|');
    await active.sync();
    const supports = "NoGetINFO NoHello ExtJSON2";
    const json = await hub.login("json", { supports });
    await json.next('$ExtJSON active {"Gender":2}');
    active.send('$ExtJSON active {"Gender":1}|');
    await json.next('$ExtJSON active {"Gender":1}');
    expect(await passive.sync()).not.toContain('$ExtJSON active {"Gender":1}');
    expect(hub.vh("GetUserExtJSON", "active")).toBe('$ExtJSON active {"Gender":1}');
    // What came before the $MyINFO is shown with it.
    const early = await hub.connect("early", { supports });
    await early.handshake();
    early.send(`$ExtJSON early {}|${early.info()}|$GetNickList|`);
    await json.next(early.info());
    await json.next("$ExtJSON early {}");
    await early.next(/^\$OpList/);
    await early.next('$ExtJSON active {"Gender":1}');
  });

  it("say, search and connect: not pingers, who need no share", async () => {
    const { hub, active, active2 } = await fourUsers();
    const pinger = await hub.login("pinger", { supports: "NoGetINFO NoHello BotINFO" });
    await hub.settle();
    hub.recorded();
    pinger.say("hello");
    pinger.pm("active", "hello");
    pinger.send(`$MCTo: active $pinger x|$Search ${IP}:412 F?T?0?1?x|`);
    pinger.send(`$ConnectToMe active ${IP}:412|$RevConnectToMe pinger active|`);
    expect(await got(pinger, active, active2)).toEqual([[], []]);
    const hooks = hub.recorded().map(([hook]) => hook);
    expect(hooks.filter((hook) => hook !== "OnParsedMsgAny")).toEqual([]);
    expect(pinger.lines).toContain("<Hub-Security> You are not allowed to do this now (chat).");
  });
});
