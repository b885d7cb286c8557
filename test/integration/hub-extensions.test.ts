import { describe, expect, it } from "vitest";
import { TestHub } from "../helpers/hub.js";

const IP = "127.0.0.1";
const BASE = "NoGetINFO NoHello";
const HASH = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFG";

it("$Supports names what the hub has, nothing twice", async () => {
  const hub = await TestHub.start();
  const al = await hub.login("al");
  const [line = ""] = al.lines.filter((line) => line.startsWith("$Supports "));
  const extensions = line.split(" ").slice(1);
  const all =
    "NoGetINFO NoHello UserIP UserIP2 HubTopic BotINFO HubINFO BotList MCTo HubURL ExtJSON2 TTHS ZPipe ZPipe0";
  expect(extensions).toEqual(all.split(" "));
});

describe("UserIP2", () => {
  it("tells users their own address at once, operators everybody's, and of newcomers", async () => {
    const hub = await TestHub.start();
    const bob = await hub.login("bob");
    const al = await hub.login("al", { supports: `${BASE} UserIP2` });
    expect(al.lines.filter((line) => line.startsWith("$UserIP"))).toEqual([`$UserIP al ${IP}`]);
    expect(al.lines.indexOf(`$UserIP al ${IP}`)).toBe(al.lines.indexOf("$Hello al") + 1);
    hub.vh("AddRegUser", "op", 3, "pw");
    const op = await hub.login("op", { password: "pw", supports: `${BASE} UserIP2` });
    await op.next(`$UserIP bob ${IP}$$al ${IP}$$op ${IP}`);
    const cy = await hub.login("cy", { supports: `${BASE} UserIP2` });
    await op.next(`$UserIP cy ${IP}`);
    hub.vh("SetUserIP", "cy", "2001:db8::5");
    await op.next("$UserIP cy 2001:db8::5");
    await hub.operator("old");
    await hub.settle();
    expect(bob.lines.filter((line) => line.startsWith("$UserIP"))).toEqual([`$UserIP bob ${IP}`]);
    expect(cy.lines).not.toContain(`$UserIP al ${IP}`);
  });

  it("tells who becomes an operator", async () => {
    const hub = await TestHub.start();
    hub.vh("AddRegUser", "al", 1, "pw");
    const al = await hub.login("al", { password: "pw", supports: `${BASE} UserIP2` });
    await hub.login("bob");
    hub.vh("SetRegClass", "al", 3);
    await al.next(`$UserIP al ${IP}$$bob ${IP}`);
  });
});

describe("$OpForceMove", () => {
  it("sends a user elsewhere, with the reason, and disconnects", async () => {
    const hub = await TestHub.start();
    const op = await hub.operator("op");
    const al = await hub.login("al");
    hub.recorded();
    op.send("$OpForceMove $Who:al$Where:other.example:411$Msg:too $ many here|");
    await al.closed;
    expect(al.lines.slice(-2)).toEqual([
      "$To: al From: op $<op> You are being re-directed to other.example:411 because: too $ many here",
      "$ForceMove other.example:411",
    ]);
    await op.next("$Quit al");
    expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", IP, 3, "al"]]);
  });

  it("is for operators, against those below them, and well-formed", async () => {
    const hub = await TestHub.start();
    const [op, boss] = [await hub.operator("op", 3), await hub.operator("boss", 5)];
    const [al, bob] = [await hub.login("al"), await hub.login("bob")];
    al.send("$OpForceMove $Who:bob$Where:x$Msg:y|");
    for (const bad of ["boss$Where:x$Msg:", "op$Where:x$Msg:", "nobody$Where:x$Msg:"]) {
      op.send(`$OpForceMove $Who:${bad}|`);
    }
    for (const bad of ["", "$Who:al", "$Who:al$Where:$Msg:x", "$Who:al$Where:a b$Msg:x"]) {
      op.send(`$OpForceMove ${bad}|`);
    }
    await Promise.all([op, boss, al, bob].map((client) => client.sync()));
    expect(hub.recorded("OnCloseConnEx")).toEqual([]);
    expect(op.lines).toContain("<Hub-Security> You may not kick boss.");
  });
});

it("$Close has the reason that the operator gave in chat", async () => {
  const hub = await TestHub.start();
  const [op, al] = [await hub.operator("op"), await hub.login("al")];
  op.say("op is kicking al because: sleeping");
  op.send("$Close al|");
  await al.closed;
  expect(hub.recorded("OnOperatorDropsWithReason")).toEqual([
    ["OnOperatorDropsWithReason", "op", "al", "sleeping"],
  ]);
});

describe("TTHS", () => {
  async function fourUsers() {
    const hub = await TestHub.start();
    hub.vh("SetConfig", "config", "int_search", 0);
    const users = {
      short: await hub.login("short", { supports: `${BASE} TTHS` }),
      shortPassive: await hub.login("short2", { supports: `${BASE} TTHS`, tag: "P" }),
      long: await hub.login("long"),
      longPassive: await hub.login("long2", { tag: "P" }),
    };
    await hub.settle();
    hub.recorded();
    return { hub, ...users };
  }

  it("turns long searches into short ones and back, for each client what it understands", async () => {
    const { hub, short, shortPassive, long, longPassive } = await fourUsers();
    const active = `$Search ${IP}:412 F?T?0?9?TTH:${HASH}`;
    short.send(`$SA ${HASH} ${IP}:412|`);
    await short.sync();
    expect(await shortPassive.sync()).toEqual([`$SA ${HASH} ${IP}:412`]);
    expect(await long.sync()).toEqual([active]);
    expect(await longPassive.sync()).toEqual([active]);

    long.send(`${active}|`);
    await long.sync();
    expect(await short.sync()).toEqual([`$SA ${HASH} ${IP}:412`]);
    expect(await longPassive.sync()).toEqual([active]);

    shortPassive.send(`$SP ${HASH} short2|`);
    longPassive.send(`$Search Hub:long2 F?T?0?9?TTH:${HASH}|`);
    await Promise.all([shortPassive.sync(), longPassive.sync()]);
    expect(await short.sync()).toEqual(
      expect.arrayContaining([`$SP ${HASH} short2`, `$SP ${HASH} long2`]),
    );
    expect((await long.sync()).length).toBe(2);
    expect(hub.recorded("OnParsedMsgSearch").map((call) => call.slice(1))).toEqual(
      expect.arrayContaining([
        ["short", active],
        ["long", active],
        ["short2", `$Search Hub:short2 F?T?0?9?TTH:${HASH}`],
        ["long2", `$Search Hub:long2 F?T?0?9?TTH:${HASH}`],
      ]),
    );
  });

  it("leaves other searches long, and refuses short ones that are malformed or another's", async () => {
    const { hub, short, long } = await fourUsers();
    const words = `$Search ${IP}:412 T?F?100?1?some$words`;
    long.send(`${words}|`);
    await short.next(words);
    short.send(`$SA ${HASH} 10.0.0.1:412|$SP ${HASH} long2|$SA ${HASH}|$SA x ${IP}:412|$SP|`);
    await short.sync();
    expect(await long.sync()).toEqual([]);
    expect(hub.recorded("OnParsedMsgSearch")).toHaveLength(1);
  });

  it("is restricted and blocked as any search is", async () => {
    const { hub, short, long } = await fourUsers();
    hub.answer("OnParsedMsgSearch", 0);
    short.send(`$SA ${HASH} ${IP}:412|`);
    await short.sync();
    hub.answer("OnParsedMsgSearch", 1);
    hub.vh("UserRestrictions", "short", "", "", "1m", "");
    short.send(`$SA ${HASH} ${IP}:412|`);
    await short.sync();
    expect(await long.sync()).toEqual([]);
  });
});

describe("ZPipe", () => {
  it.each(["ZPipe", "ZPipe0"])(
    "compresses the lists at login and much at once (%s)",
    async (zpipe) => {
      const hub = await TestHub.start();
      for (let i = 0; i < 100; i++) hub.vh("AddRobot", `bot${i}`, 0, "a robot", "", "", 0);
      const plain = await hub.login("plain");
      const al = await hub.login("al", { supports: `${BASE} ${zpipe}` });
      expect(al.lines).toEqual(
        expect.arrayContaining(plain.lines.filter((line) => line.startsWith("$MyINFO $ALL bot"))),
      );
      expect(al.received.zipped).toBeGreaterThan(0);
      expect(plain.received.zipped).toBe(0);
      expect(al.received.bytes * 3).toBeLessThan(plain.received.bytes);

      const before = al.received.bytes;
      for (let i = 0; i < 100; i++) hub.vh("SendToAll", `line ${i} of many`);
      await al.next("<Hub-Security> line 99 of many");
      await plain.next("<Hub-Security> line 99 of many");
      expect(al.received.bytes - before).toBeLessThan(1500);
      al.say("a word");
      await al.next("<al> a word");
      const said = (line: string) => line.startsWith("<");
      await plain.next("<al> a word");
      expect(al.lines.filter(said)).toEqual(plain.lines.filter(said));
    },
  );

  it("waits until the hub's $Supports was sent", async () => {
    const hub = await TestHub.start();
    hub.answer("OnParsedMsgSupports", 0);
    const al = await hub.login("al", { supports: `${BASE} ZPipe` });
    hub.vh("SendToAll", "x".repeat(5000));
    await al.next(/x{5000}/);
    expect(al.received.zipped).toBe(0);
  });
});

describe("IPv6", () => {
  it("takes clients of both kinds on ::, each with its own address", async () => {
    const hub = await TestHub.start({ host: "::" });
    const four = await hub.login("four");
    const six = await hub.login("six", { host: "::1" });
    await hub.settle();
    expect(hub.vh("GetUserIP", "four")).toBe(IP);
    expect(hub.vh("GetUserIP", "six")).toBe("::1");
    six.send("$Search [::1]:412 F?T?0?1?x|$Search [0:0::0:1]:412 F?T?0?1?x|");
    six.send("$ConnectToMe four [::1]:412S|$ConnectToMe four [::2]:412|");
    await six.sync();
    expect(await four.sync()).toEqual([
      "$Search [::1]:412 F?T?0?1?x",
      "$ConnectToMe four [::1]:412S",
    ]);
    hub.vh("SetConfig", "config", "int_search", 0);
    four.send(`$Search ${IP}:412 F?T?0?1?x|$Search [::1]:412 F?T?0?1?x|`);
    six.send("$Search [0:0::0:1]:412 F?T?0?1?y|");
    await four.next("$Search [0:0::0:1]:412 F?T?0?1?y");
    expect(await six.sync()).toEqual([`$Search ${IP}:412 F?T?0?1?x`]);
    expect(hub.recorded("OnNewConn").map((call) => call[1])).toEqual([IP, "::1"]);
  });
});

it("an idle client is pinged by an empty line", async () => {
  const hub = await TestHub.start({ limits: { keepAliveMs: 20 } });
  const al = await hub.login("al");
  await al.next("");
  await al.next("");
  expect(hub.recorded("OnCloseConn")).toEqual([]);
});
