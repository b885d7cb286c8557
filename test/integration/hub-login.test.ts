import { once } from "node:events";
import { connect } from "node:net";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { ScriptHost } from "../../lib/index.js";
import { Hub, UNLIMITED } from "../../lib/hub/index.js";
import { folderWith } from "../helpers/folder.js";
import { TestHub } from "../helpers/hub.js";

describe("login", () => {
  it("goes from $Lock to the lists, and the others see the newcomer", async () => {
    const hub = await TestHub.start({ hubName: "Test hub" });
    const bob = await hub.login("bob");
    const alice = await hub.connect("alice");
    await alice.next(/^\$Lock EXTENDEDPROTOCOL\S* Pk=vh-python/);
    await alice.next("$HubName Test hub");
    alice.close();

    const carol = await hub.login("carol", { supports: "NoGetINFO NoHello BotList" });
    const names = carol.lines.map((line) => line.split(" ")[0]);
    expect(names).toEqual(expect.arrayContaining(["$Supports", "$Hello", "$NickList", "$OpList"]));
    expect(carol.lines).toContain("$NickList Hub-Security$$OpChat$$bob$$carol$$");
    expect(carol.lines).toContain(bob.info());
    expect(carol.lines).toContain("$OpList Hub-Security$$OpChat$$");
    await carol.next("$BotList Hub-Security$$OpChat$$");
    await bob.next(carol.info());
    carol.close();
    await bob.next("$Quit carol");
    expect(bob.lines.filter((line) => line.startsWith("$Hello"))).toEqual(["$Hello bob"]);
  });

  it("tells a client without NoHello of newcomers, and answers its $GetINFO", async () => {
    const hub = await TestHub.start();
    const old = await hub.login("old", { supports: "UserCommand" });
    expect(old.lines.filter((line) => line.startsWith("$MyINFO"))).toEqual([old.info()]);
    const bob = await hub.login("bob");
    await old.next("$Hello bob");
    await old.next(bob.info());
    old.send("$GetINFO bob old|$GetINFO bob somebody|$GetINFO nobody old|");
    expect(await old.sync()).toEqual([bob.info()]);
  });

  it("answers a $GetNickList that comes before $MyINFO, after it, and once more", async () => {
    const hub = await TestHub.start();
    const al = await hub.connect("al");
    await al.handshake();
    al.send(`${al.info()}|`);
    await al.sync();
    expect(al.lines.some((line) => line.startsWith("$NickList"))).toBe(false);
    al.send("$GetNickList|");
    await al.next("$NickList Hub-Security$$OpChat$$al$$");
    al.send("$GetNickList|");
    await al.next("$NickList Hub-Security$$OpChat$$al$$");
  });

  it("refuses a wrong key, and a nick without a key", async () => {
    const hub = await TestHub.start();
    const wrong = await hub.connect("wrong");
    wrong.send("$Key nonsense|$ValidateNick wrong|");
    await wrong.closed;
    const none = await hub.connect("none");
    none.send("$ValidateNick none|");
    await none.closed;
    expect(hub.recorded("OnCloseConnEx").map((call) => call[2])).toEqual([15, 15]);
  });

  it.each(["bob", "BOB", "Hub-Security", "a b", "<x>", "", "x".repeat(65)])(
    "denies the nick %j when it is taken or bad",
    async (nick) => {
      const hub = await TestHub.start();
      await hub.login("bob");
      const other = await hub.connect(nick);
      await other.handshake();
      await other.next(`$ValidateDenide ${nick}`);
      await other.closed;
      expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", "127.0.0.1", 19, ""]]);
    },
  );

  it("asks a registered nick for its password", async () => {
    const hub = await TestHub.start();
    hub.vh("AddRegUser", "boss", 5, "s3cret|no");
    hub.vh("AddRegUser", "vip", 2, "");
    const wrong = await hub.connect("boss", { password: "guess" });
    await wrong.handshake();
    await wrong.next("<Hub-Security> The password is wrong.");
    await wrong.next("$BadPass");
    await wrong.closed;
    expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", "127.0.0.1", 12, ""]]);

    hub.vh("DelRegUser", "boss");
    const boss = await hub.operator("boss", 5);
    expect(boss.lines).toContain("$LogedIn boss");
    expect(boss.lines).toContain("$OpList Hub-Security$$OpChat$$boss$$");
    expect(hub.vh("GetUserClass", "boss")).toBe(5);
    const vip = await hub.login("vip");
    expect(vip.lines).not.toContain("$LogedIn vip");
    expect(hub.vh("GetUserClass", "vip")).toBe(2);
  });

  it("lets who knows the password take the nick back from a connection that hangs", async () => {
    const hub = await TestHub.start();
    const ghost = await hub.operator("boss");
    hub.recorded();
    const boss = await hub.login("boss", { password: "secret" });
    await ghost.closed;
    expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", "127.0.0.1", 18, "boss"]]);
    boss.say("back");
    await boss.next("<boss> back");

    const dir = folderWith({
      "a.py": "import vh\ndef OnUserLogout(nick): vh.DelRegUser(nick)\n",
    });
    hub.hub.load(path.join(dir, "a.py"));
    const late = await hub.connect("boss", { password: "secret" });
    await late.handshake();
    await late.next("$BadPass");
    await boss.closed;
    expect(hub.hub.users.get("boss")).toBeUndefined();
  });

  it("sends the full house away, but operators", async () => {
    const hub = await TestHub.start();
    await hub.login("one");
    hub.vh("SetConfig", "config", "max_users_total", 1);
    const two = await hub.connect("two");
    await two.handshake();
    await two.next("$HubIsFull");
    await two.closed;
    expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", "127.0.0.1", 8, ""]]);
    await hub.operator("op");
    // Registered is not yet an operator; and who knows the password may take his own place.
    hub.vh("AddRegUser", "three", 2, "pw");
    const three = await hub.connect("three", { password: "pw" });
    await three.handshake();
    await three.next("$HubIsFull");
    hub.vh("SetConfig", "config", "max_users_total", 3);
    await hub.login("three", { password: "pw" });
    await hub.login("three", { password: "pw" });
  });

  it("counts those whose $MyINFO has not come", async () => {
    const hub = await TestHub.start();
    hub.vh("SetConfig", "config", "max_users_total", 1);
    const one = await hub.connect("one");
    await one.handshake();
    await one.next("$Hello one");
    const two = await hub.connect("two");
    await two.handshake();
    await two.next("$HubIsFull");
  });

  it("lets nobody be heard of whom the others cannot see", async () => {
    const hub = await TestHub.start();
    const bob = await hub.login("bob");
    const al = await hub.connect("al");
    await al.handshake();
    al.send(
      "<al> hello|$To: bob From: al $<al> hello|$SR al file\u0005bob|$RevConnectToMe al bob|",
    );
    await al.sync();
    expect(await bob.sync()).toEqual([]);
    al.send(`${al.info()}|<al> hello|`);
    await bob.next("<al> hello");
  });

  it("tells a pinger about the hub", async () => {
    const hub = await TestHub.start({ hubName: "Pinged $ hub" });
    hub.vh("SetConfig", "config", "hub_desc", "nice | here");
    const pinger = await hub.connect("pinger", { supports: "BotINFO HubINFO" });
    await pinger.handshake();
    pinger.send("$BotINFO a hub list|");
    const line = await pinger.next(/^\$HubINFO /);
    expect(line.slice("$HubINFO ".length).split("$")).toEqual([
      "Pinged &#36; hub",
      "",
      "nice &#124; here",
      "5000",
      "0",
      "0",
      "0",
      expect.stringMatching(/^vh-python \d/),
      "",
    ]);
    expect(hub.vh("GetUserClass", "pinger")).toBe(-1);
  });

  it("shows the topic at login and when it changes, to clients with HubURL asks for theirs", async () => {
    const hub = await TestHub.start();
    const first = await hub.login("first");
    expect(first.lines.some((line) => line.startsWith("$HubTopic"))).toBe(false);
    expect(hub.vh("Topic", "all | fine")).toBe("all | fine");
    await first.next("$HubTopic all &#124; fine");
    const second = await hub.login("second", { supports: "NoGetINFO NoHello HubURL" });
    expect(second.lines).toContain("$HubTopic all &#124; fine");
    await second.next("$GetHubURL");
  });
});

describe("a hostile or broken client", () => {
  it("has a deadline for its login", async () => {
    const hub = await TestHub.start({ limits: { loginMs: 100 } });
    const user = await hub.login("user");
    const idle = await hub.connect("idle");
    const half = await hub.connect("half");
    await half.handshake();
    await Promise.all([idle.closed, half.closed]);
    const reasons = hub.recorded("OnCloseConnEx");
    expect(reasons).toContainEqual(["OnCloseConnEx", "127.0.0.1", 6, ""]);
    expect(reasons).toContainEqual(["OnCloseConnEx", "127.0.0.1", 6, "half"]);
    await user.sync();
  });

  it("may not send a line without end, nor one too long with its end", async () => {
    const hub = await TestHub.start({ limits: { lineBytes: 1000 } });
    const user = await hub.login("user");
    hub.recorded();
    const endless = await hub.connect("endless");
    endless.send("x".repeat(1001));
    await endless.closed;
    const long = await hub.login("long");
    long.say("x".repeat(1000));
    await long.closed;
    expect(hub.recorded("OnCloseConnEx").map((call) => call[2])).toEqual([14, 14]);
    const said = (await user.sync()).filter((line) => line.startsWith("<"));
    expect(said).toEqual([]);
    user.say("x".repeat(900));
    await user.next(/^<user> x{900}$/);
  });

  it("that does not read is disconnected, and the others get every line", async () => {
    const hub = await TestHub.start({ limits: { ...UNLIMITED, backlogBytes: 100_000 } });
    const talker = await hub.login("talker");
    const slow = await hub.login("slow");
    slow.socket.pause();
    const line = "x".repeat(60_000);
    let said = 0;
    while (hub.hub.users.get("slow") && said < 1000) {
      talker.say(line);
      await talker.next(`<talker> ${line}`);
      said++;
    }
    expect(hub.hub.users.get("slow")).toBeUndefined();
    expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", "127.0.0.1", 6, "slow"]]);
    expect(talker.lines.filter((said) => said.endsWith(line))).toHaveLength(said);
  });

  it("may send anything, in any state, and harms nobody", async () => {
    const hub = await TestHub.start();
    const user = await hub.login("user");
    const noise = [
      "$",
      "$ ",
      "$$",
      "$__proto__ x",
      "$constructor",
      "$toString a",
      "<",
      "<>",
      "<user",
      "> x",
      "$To: ",
      "$To: user From: ",
      "$MyINFO",
      "$MyINFO $ALL",
      "$MyINFO $ALL noise",
      "$Search",
      "$Search Hub:",
      "$SR",
      "$SR x",
      "$ConnectToMe",
      "$ConnectToMe user",
      "$ConnectToMe user :",
      "$RevConnectToMe",
      "$GetINFO",
      "$GetINFO x",
      "$UserIP",
      "$Kick",
      "$Kick user",
      "$Close user",
      "$MyPass",
      "$Lock",
      "$MCTo: ",
      "$ExtJSON",
      "$Supports",
      "$Key",
      "\0\0",
      "$\0",
      "\u00ff\u0005",
    ].join("|");
    const early = await hub.connect("early");
    early.send(`${noise}|`);
    const late = await hub.login("noise");
    late.send(`${noise}|`);
    late.sendBytes(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)));
    late.send("|");
    await user.sync();
    expect(user.socket.closed).toBe(false);
    user.say("still here");
    await user.next("<user> still here");
  });

  it("that resets its connection is a connection closed, no more", async () => {
    const hub = await TestHub.start();
    const user = await hub.login("user");
    const rude = await hub.login("rude");
    rude.socket.resetAndDestroy();
    await user.next("$Quit rude");
    user.say("fine");
    await user.next("<user> fine");
  });

  it("is not answered when it pings by a lone |, and stays", async () => {
    const hub = await TestHub.start();
    const user = await hub.login("user");
    await user.sync();
    hub.recorded();
    user.send("|||");
    expect(await user.sync()).toEqual([]);
    expect(hub.recorded("OnParsedMsgAny")).toHaveLength(1);
  });
});

describe("the hub", () => {
  it("says when it cannot listen", async () => {
    const first = await TestHub.start();
    const second = new Hub({ port: first.hub.port, storage: "memory" });
    await expect(second.listen()).rejects.toMatchObject({ code: "EADDRINUSE" });
    await second.close();
  });

  it("refuses what it cannot be", () => {
    expect(() => new Hub({ storage: "memory", encoding: "klingon" })).toThrow(RangeError);
    const close = vi.spyOn(ScriptHost.prototype, "close");
    expect(() => new Hub({ storage: "memory", botName: "no nick" })).toThrow(/no nick/);
    const names = { botName: "Bot", opChatName: "bot" };
    expect(() => new Hub({ storage: "memory", ...names })).toThrow(RangeError);
    expect(close).toHaveBeenCalledTimes(2);
    close.mockRestore();
  });

  it("closes once, disconnects everybody, and takes no one else", async () => {
    const hub = await TestHub.start();
    const { port } = hub.hub;
    const user = await hub.login("user");
    const other = await hub.login("other");
    const lurker = await hub.connect("lurker");
    const codes: number[] = [];
    hub.hub.on("close", (code) => codes.push(code));
    await Promise.all([hub.hub.close(3), hub.hub.close(4)]);
    await Promise.all([user.closed, other.closed, lurker.closed]);
    expect([...user.lines, ...other.lines].filter((line) => line.startsWith("$Quit"))).toEqual([]);
    expect(codes).toEqual([3]);
    const [error] = (await once(connect(port, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
  });
});
