import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { Hub, UNLIMITED, type HubOptions, type MessageKind } from "../../lib/hub/index.js";
import { TestHub } from "../helpers/hub.js";
import type { NmdcClient } from "../helpers/nmdc-client.js";

const IP = "127.0.0.1";
const HASH = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFG";

/** So slow that nothing comes back while a test runs. */
const SLOW = 1e-9;

type Limits = NonNullable<HubOptions["limits"]>;

/** A hub where each kind of message may come twice; a witness, and the culprit. */
async function hubWith(kind: MessageKind, more: Limits = {}) {
  const hub = await TestHub.start({
    limits: { messages: { [kind]: { perSecond: SLOW, burst: 2 } }, ...more },
  });
  hub.vh("SetConfig", "config", "int_search", 0);
  const supports = "NoGetINFO NoHello ExtJSON2 MCTo";
  const witness = await hub.login("witness", { supports });
  const al = await hub.login("al");
  await hub.settle();
  hub.recorded();
  return { hub, witness, al };
}

const told = (client: NmdcClient) =>
  client.lines.filter((line) => /^<Hub-Security> (Too many|You were disc|Your message)/.test(line));

describe("a flood", () => {
  const KINDS: [MessageKind, line: string, hook: string, passed: number][] = [
    ["chat", "<al> x", "OnParsedMsgChat", 2],
    ["pm", "$To: witness From: al $<al> x", "OnParsedMsgPM", 2],
    ["mcTo", "$MCTo: witness $al x", "OnParsedMsgMCTo", 2],
    ["search", `$Search ${IP}:1 F?T?0?1?x`, "OnParsedMsgSearch", 2],
    ["search", `$SA ${HASH} ${IP}:1`, "OnParsedMsgSearch", 2],
    ["result", "$SR al x 1/1\u0005h (i)\u0005witness", "OnParsedMsgSR", 2],
    ["connect", `$ConnectToMe witness ${IP}:1`, "OnParsedMsgConnectToMe", 2],
    ["connect", "$RevConnectToMe al witness", "OnParsedMsgRevConnectToMe", 2],
    // The login took one of the two.
    ["info", "$MyINFO $ALL al x$ $LAN\u0001$$0$", "OnParsedMsgMyINFO", 1],
    ["info", "$ExtJSON al {}", "OnParsedMsgExtJSON", 1],
    ["list", "$GetNickList", "OnParsedMsgAny", 1],
    ["query", "$GetINFO witness al", "OnParsedMsgAny", 1],
  ];

  it.each(KINDS)("of the kind %s (%s) is dropped, told once, then cut off", async (...row) => {
    const [kind, line, hook, passed] = row;
    const { hub, witness, al } = await hubWith(kind);
    al.send(`${line}|`.repeat(10));
    await al.closed;
    expect(hub.recorded(hook)).toHaveLength(passed);
    expect(hub.vh("GetNickList")).not.toContain("al");
    expect(told(al)).toEqual([
      expect.stringMatching(/^<Hub-Security> Too many .*: they are not passed on/),
      expect.stringMatching(/^<Hub-Security> You were disconnected: too many /),
    ]);
    // Whatever the witness did before counts for itself alone.
    witness.say("not my fault");
    await witness.next("<witness> not my fault");
  });

  it("of what nobody knows, before the login too, is cut off", async () => {
    const hub = await TestHub.start({
      limits: { messages: { other: { perSecond: SLOW, burst: 5 } } },
    });
    const early = await hub.connect("early");
    early.send("$Nonsense|".repeat(20));
    await early.closed;
    expect(hub.recorded("OnParsedMsgAnyEx")).toHaveLength(5);
    expect(hub.recorded("OnCloseConnEx")).toEqual([]);
  });

  it("of operators is their own business", async () => {
    const { hub, al } = await hubWith("chat");
    const op = await hub.operator("op");
    for (let i = 0; i < 10; i++) op.say(`announcement ${i}`);
    await al.next("<op> announcement 9");
    expect(told(op)).toEqual([]);
  });

  it("of one kind leaves the others alone, and what is left after a while passes again", async () => {
    const { al, witness } = await hubWith("chat", {
      messages: { chat: { perSecond: 20, burst: 2 } },
    });
    for (let i = 0; i < 3; i++) al.say("again");
    al.pm("witness", "it does not let me");
    await witness.next("$To: witness From: al $<al> it does not let me");
    await expect
      .poll(
        async () => {
          al.say("slowly");
          return (await witness.sync()).includes("<al> slowly");
        },
        { interval: 200 },
      )
      .toBe(true);
  });

  it("of bytes is cut off", async () => {
    const { hub, al } = await hubWith("chat", { bytesIn: { perSecond: 1, burst: 5000 } });
    al.send(`$To: nobody From: al $<al> ${"x".repeat(6000)}|`);
    await al.closed;
    expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", IP, 2, "al"]]);
  });
});

describe("a message too long for its kind", () => {
  it("is dropped and told", async () => {
    const { hub, al, witness } = await hubWith("chat", {
      messages: { chat: { bytes: 100 }, info: { bytes: 100 } },
    });
    al.say("x".repeat(96));
    al.send(`$MyINFO $ALL al ${"y".repeat(100)}$ $LAN\u0001$$0$|`);
    await al.sync();
    expect(told(al)).toEqual([
      "<Hub-Security> Your message was not passed on: 101 bytes, 100 are allowed.",
      expect.stringMatching(/passed on: 1\d\d bytes, 100 are allowed/),
    ]);
    al.say("x".repeat(95));
    await witness.next(`<al> ${"x".repeat(95)}`);
    expect((await witness.sync()).filter((line) => line.includes("y"))).toEqual([]);
    expect(hub.recorded("OnParsedMsgMyINFO")).toEqual([]);
  });

  it("ends a login that cannot go on without it", async () => {
    const hub = await TestHub.start({ limits: { messages: { info: { bytes: 20 } } } });
    const al = await hub.connect("al");
    await al.handshake();
    al.send(`${al.info()}|`);
    await al.closed;
    expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", IP, 14, "al"]]);
  });
});

it("searches have a least interval, which operators need not keep", async () => {
  const { hub, al, witness } = await hubWith("result");
  hub.vh("SetConfig", "config", "int_search", 3600);
  const search = `$Search ${IP}:412 F?T?0?1?x`;
  al.send(`${search}|${search}|$SA ${HASH} ${IP}:412|`);
  await al.sync();
  const refusal: unknown = expect.stringMatching(
    /^<Hub-Security> Your search was refused: search again in \d+ seconds/,
  );
  expect(al.lines.slice(-3, -1)).toEqual([refusal, refusal]);
  expect(await witness.sync()).toEqual([search]);
  const op = await hub.operator("op");
  op.send(`${search}|${search}|`);
  await op.sync();
  expect((await al.sync()).filter((line) => line === search)).toHaveLength(2);
});

describe("connections", () => {
  /** All that a mere socket hears, until the hub hangs up. */
  async function heard(socket: Socket): Promise<string> {
    let text = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, "close");
    return text;
  }

  it("too many from one address at once are refused: OnNewConn is not asked", async () => {
    const hub = await TestHub.start({ limits: { connectionsPerIp: 2 } });
    const [al, bob] = [await hub.login("al"), await hub.connect("bob")];
    hub.recorded();
    const said = await heard(connect(hub.hub.port, IP));
    expect(said).toBe("<Hub-Security> There are too many connections from your address.|");
    expect(hub.recorded()).toEqual([
      ["OnCloseConn", IP],
      ["OnCloseConnEx", IP, 8, ""],
    ]);
    bob.close();
    await hub.until(1, "OnCloseConn");
    await hub.login("cy");
    await al.sync();
  });

  it("too fast are refused: told once, to the scripts too, then hung up on", async () => {
    const hub = await TestHub.start({ limits: { connectionRate: { perSecond: SLOW, burst: 2 } } });
    const al = await hub.login("al");
    (await hub.connect("bob")).close();
    hub.recorded();
    const said: string[] = [];
    for (let i = 0; i < 5; i++) said.push(await heard(connect(hub.hub.port, IP)));
    expect(said).toEqual([
      "<Hub-Security> You reconnect too fast: wait a minute.|",
      "",
      "",
      "",
      "",
    ]);
    expect(hub.recorded("OnCloseConnEx").filter((call) => call[2] === 16)).toHaveLength(1);
    al.say("undisturbed");
    await al.next("<al> undisturbed");
  });

  it("that are reset before the hub takes them are none", async () => {
    const hub = await TestHub.start();
    const gone = new Int32Array(new SharedArrayBuffer(4));
    // Meanwhile the hub stands still.
    const worker = new Worker(
      `const { workerData: { port, gone } } = require("node:worker_threads");
      const socket = require("node:net").connect(port, "${IP}", () => {
        socket.resetAndDestroy();
        socket.on("close", () => Atomics.notify(gone, 0, Atomics.add(gone, 0, 1) + 1));
      });`,
      { eval: true, workerData: { port: hub.hub.port, gone } },
    );
    await once(worker, "online");
    Atomics.wait(gone, 0, 0, 5000);
    await once(worker, "exit");
    await hub.login("al");
    expect(hub.recorded("OnNewConn", "OnCloseConn")).toEqual([["OnNewConn", IP]]);
  });

  it("that do not log in leave room for those who did, and for others once they are gone", async () => {
    const hub = await TestHub.start({ limits: { pendingLogins: 2 } });
    const users = [await hub.login("one"), await hub.login("two"), await hub.login("three")];
    const idle = [await hub.connect("idle"), await hub.connect("idle2")];
    await Promise.all(idle.map((client) => client.next(/^\$Lock/)));
    const said = await heard(connect(hub.hub.port, IP));
    expect(said).toMatch(/^<Hub-Security> The hub is busy/);
    hub.recorded();
    for (const client of idle) client.close();
    await hub.until(2, "OnCloseConn");
    await hub.login("four");
    await Promise.all(users.map((user) => user.sync()));
  });
});

describe("what goes to everybody", () => {
  const text = "x".repeat(480);

  it("is bounded for an address, however many clients it has and however often they come", async () => {
    const hub = await TestHub.start({
      limits: { broadcastPerIp: { perSecond: SLOW, burst: 2000 } },
    });
    const op = await hub.operator("op");
    const al = await hub.login("al");
    const bo = await hub.login("bo");
    al.say(text);
    bo.say(text);
    await hub.settle();
    al.close();
    await op.next("$Quit al");
    const again = await hub.login("al");
    again.say(text);
    again.say(text);
    again.say(text);
    again.send(`$Search ${IP}:1 F?T?0?1?${text}|`);
    await again.next(/^<Hub-Security> Too much comes from your address/);
    await Promise.all([op.sync(), again.sync()]);
    expect(op.lines.filter((line) => line.endsWith(text))).toHaveLength(3);
    expect(told(again)).toHaveLength(0);
    // Small things still fit, and operators are no strangers.
    again.say("hello");
    await op.next("<al> hello");
    for (let i = 0; i < 5; i++) op.say(text);
    await again.next(`<op> ${text}`);
  });

  it("a login whose $MyINFO does not fit is told why", async () => {
    const hub = await TestHub.start({ limits: { broadcastPerIp: { perSecond: SLOW, burst: 20 } } });
    const al = await hub.connect("al");
    await al.handshake();
    al.send(`${al.info()}|`);
    await al.closed;
    expect(al.lines.at(-1)).toMatch(/^<Hub-Security> Too much comes from your address.*again in/);
  });
});

it("of the extensions that a client names, the hub remembers its own", async () => {
  const hub = await TestHub.start();
  const junk = Array.from({ length: 3000 }, (_, i) => i.toString(36)).join(" ");
  const al = await hub.login("al", { supports: `NoHello ${junk} NoGetINFO` });
  const supports = hub.hub.users.online("al")?.client.supports ?? [];
  expect([...supports]).toEqual(["NoGetINFO", "NoHello"]);
  await al.sync();
});

it("who does not read loses what others have for them alone, not the connection", async () => {
  const hub = await TestHub.start({ limits: { ...UNLIMITED, backlogBytes: 100_000 } });
  const [al, bob] = [await hub.login("al"), await hub.login("bob")];
  al.socket.pause();
  const text = "x".repeat(9000);
  for (let i = 0; i < 2000; i++) {
    bob.pm("al", text);
    bob.send(`$MCTo: al $bob ${text}|$SR bob ${text} 1/1\u0005h (i)\u0005al|`);
    if (i % 50 !== 0) continue;
    if ((await bob.sync()).some((line) => line.includes("not passed on"))) break;
  }
  expect(bob.lines.at(-2)).toBe(
    "<Hub-Security> Your message was not passed on: al does not keep up with reading.",
  );
  al.socket.resume();
  await al.sync();
  bob.pm("al", "are you there?");
  await al.next("$To: al From: bob $<bob> are you there?");
});

describe("passwords", () => {
  it("are tried so often from one address, and the right one does not count", async () => {
    const hub = await TestHub.start({ limits: { passwordsPerIp: { perSecond: SLOW, burst: 3 } } });
    hub.vh("AddRegUser", "boss", 5, "right");
    const attempt = async (password: string) => {
      const client = await hub.connect("boss", { password });
      await client.handshake();
      return client;
    };
    for (let i = 0; i < 5; i++) {
      const boss = await attempt("right");
      await boss.next("$Hello boss");
    }
    for (let i = 0; i < 3; i++) await (await attempt("guess")).next("$BadPass");
    const late = await attempt("right");
    await late.closed;
    expect(late.lines).not.toContain("$Hello boss");
    expect(late.lines.at(-1)).toMatch(/Too many wrong passwords/);
    // Nobody who needs no password is concerned.
    await hub.login("al");
  });
});

describe("nicks", () => {
  it.each([
    ["min_nick", 3, "al", "ali", /3 to 64 characters/],
    ["max_nick", 3, "alis", "ali", /1 to 3 characters/],
    ["nick_chars", "abcdefgl", "alx", "abel", /may not contain x/],
    ["nick_reserved", "[OP] [VIP]", "[vip]al", "al[VIP]", /Nicks that start with \[VIP\]/],
  ] as const)("obey %s", async (variable, value, bad, good, why) => {
    const hub = await TestHub.start();
    expect(hub.vh("SetConfig", "config", variable, value)).toBe(true);
    const refused = await hub.connect(bad);
    await refused.handshake();
    await refused.closed;
    expect(refused.lines).toContain(`$ValidateDenide ${bad}`);
    expect(refused.lines.at(-1)).toMatch(why);
    await hub.login(good);
    // Who has registered it may have it.
    hub.vh("AddRegUser", bad, 1, "pw");
    await hub.login(bad, { password: "pw" });
  });

  it("that look like another's are refused", async () => {
    const hub = await TestHub.start();
    await hub.login("Ren\u00e9e");
    for (const nick of [
      ...["Hub-Security\u200b", "Hub\u00adSecurity", "\u202eytiruceS", "a\u00a0b"],
      // Invisible though they are letters or marks; the same characters, composed and not.
      ...["a\u3164", "a\u115fb", "a\u034fb", "a\ufe0f", "a\u2800", "rene\u0301e"],
    ]) {
      const client = await hub.connect(nick);
      await client.handshake();
      await client.next(`$ValidateDenide ${nick}`);
    }
  });
});

it("operators and pingers need no tag, share or slots; users must keep theirs", async () => {
  const hub = await TestHub.start();
  for (const [name, value] of [
    ["min_share", 1],
    ["tag_allow_none", 0],
    ["tag_max_hubs", 5],
    ["tag_min_slots", 2],
  ] as const) {
    hub.vh("SetConfig", "config", name, value);
  }
  hub.vh("AddRegUser", "op", 3, "pw");
  await hub.login("op", { password: "pw", tag: "" });
  const pinger = await hub.login("pinger", { tag: "", supports: "NoGetINFO NoHello BotINFO" });
  pinger.send("$BotINFO list|");
  const line = await pinger.next(/^\$HubINFO /);
  expect(line.split("$").slice(5, 8)).toEqual(["1048576", "2", "5"]);

  const share = String(2 ** 20);
  const al = await hub.login("al", { tag: "<++ V:1,M:A,H:1/2/2,S:2>", share });
  al.send(`${al.info().replace("1/2/2", "1/2/3")}|`);
  await al.closed;
  expect(al.lines.at(-1)).toBe("<Hub-Security> You may be on 5 hubs at most.");
  const bob = await hub.login("bob", { tag: "<++ V:1,M:A,H:1/2/2,S:2>", share });
  bob.send(`${bob.info().replace(share, "0")}|`);
  await bob.closed;
  expect(hub.recorded("OnCloseConnEx").map((call) => call.slice(2))).toEqual([
    [11, "al"],
    [9, "bob"],
  ]);
});

it("a limit that cannot be is refused when the hub is made", () => {
  expect(() => new Hub({ storage: "memory", limits: { loginMs: Infinity } })).toThrow(
    "limits.loginMs",
  );
});
