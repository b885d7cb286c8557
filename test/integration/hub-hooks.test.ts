import { describe, expect, it } from "vitest";
import { HOOK_NAMES } from "../../lib/index.js";
import { TestHub } from "../helpers/hub.js";

const IP = "127.0.0.1";

describe("each hook at its place", () => {
  it("at login, in order", async () => {
    const hub = await TestHub.start();
    const al = await hub.connect("al", { password: "pw", share: "42" });
    hub.vh("AddRegUser", "al", 3, "pw");
    await al.handshake();
    await al.next("$Hello al");
    al.send(`$Version 1,0091|$GetNickList|${al.info()}|`);
    await al.next(/^\$OpList/);
    const fields = ["al", "test", "<Test V:1,M:A,H:1/0/0,S:3>", "LAN", "al@example.org", "42"];
    const supports = "$Supports NoGetINFO NoHello";
    expect(hub.recorded()).toEqual([
      ["OnNewConn", IP],
      ["OnNewReg", "Hub-Security", "al", 3],
      ["OnParsedMsgAnyEx", IP, supports],
      ["OnParsedMsgSupports", IP, supports, expect.stringMatching(/^\$Supports .*NoGetINFO/)],
      ["OnParsedMsgAnyEx", IP, expect.stringMatching(/^\$Key /)],
      ["OnParsedMsgAnyEx", IP, "$ValidateNick al"],
      ["OnParsedMsgValidateNick", "$ValidateNick al"],
      ["OnParsedMsgAnyEx", IP, "$MyPass pw"],
      ["OnParsedMsgMyPass", "al", "$MyPass pw"],
      ["OnParsedMsgAny", "al", "$Version 1,0091"],
      ["OnParsedMsgVersion", IP, "$Version 1,0091"],
      ["OnParsedMsgAny", "al", "$GetNickList"],
      ["OnParsedMsgAny", "al", al.info()],
      ["OnValidateTag", "al", fields[2]],
      ["OnFirstMyINFO", ...fields],
      ["OnParsedMsgMyINFO", ...fields],
      ["OnUserInList", "al"],
      ["OnUserLogin", "al"],
    ]);
  });

  it("when a client goes, before and after it is known", async () => {
    const hub = await TestHub.start();
    const stranger = await hub.connect("stranger");
    await stranger.next(/^\$Lock/);
    hub.recorded();
    stranger.close();
    const gone = (nick: string) => [
      ["OnCloseConn", IP],
      ["OnCloseConnEx", IP, 4, nick],
    ];
    expect(await hub.until(2)).toEqual(gone(""));
    const al = await hub.login("al");
    hub.recorded();
    al.close();
    expect(await hub.until(3)).toEqual([["OnUserLogout", "al"], ...gone("al")]);
  });

  it("when users talk", async () => {
    const hub = await TestHub.start();
    const op = await hub.operator("op");
    const al = await hub.login("al", { supports: "NoGetINFO NoHello MCTo" });
    hub.recorded();
    al.say("hello");
    al.pm("op", "psst $5");
    al.send("$MCTo: op $al quietly|");
    op.send("$MCTo al $op softly|");
    op.pm("OpChat", "ops only");
    await op.next("<al> hello");
    await op.next("$To: op From: al $<al> psst $5");
    await op.next("<al> quietly");
    await al.next("$MCTo: al $op softly");
    await op.sync();
    const talk = ["OnParsedMsgChat", "OnParsedMsgPM", "OnParsedMsgMCTo", "OnOpChatMessage"];
    const calls = hub.recorded(...talk);
    expect(calls.filter((call) => call[1] === "al")).toEqual([
      ["OnParsedMsgChat", "al", "hello"],
      ["OnParsedMsgPM", "al", "psst $5", "op"],
      ["OnParsedMsgMCTo", "al", "quietly", "op"],
    ]);
    expect(calls.filter((call) => call[1] === "op")).toEqual([
      ["OnParsedMsgMCTo", "op", "softly", "al"],
      ["OnParsedMsgPM", "op", "ops only", "OpChat"],
      ["OnOpChatMessage", "op", "ops only"],
    ]);
  });

  it("for commands: by class and prefix, in main chat and to the bot", async () => {
    const hub = await TestHub.start();
    const op = await hub.operator("op");
    const al = await hub.login("al");
    hub.recorded();
    const hooks = ["OnUserCommand", "OnOperatorCommand", "OnHubCommand", "OnParsedMsgPM"];
    for (const [client, text] of [
      [al, "+stats x"],
      [al, "!stats"],
      [op, "+help"],
      [op, "!kick x"],
    ] as const) {
      client.say(text);
      await client.sync();
    }
    expect(hub.recorded(...hooks)).toEqual([
      ["OnUserCommand", "al", "+stats x"],
      ["OnHubCommand", "al", "stats x", 0, 0, "+"],
      ["OnUserCommand", "al", "!stats"],
      ["OnHubCommand", "al", "stats", 0, 0, "!"],
      ["OnUserCommand", "op", "+help"],
      ["OnHubCommand", "op", "help", 3, 0, "+"],
      ["OnOperatorCommand", "op", "!kick x"],
      ["OnHubCommand", "op", "kick x", 3, 0, "!"],
    ]);
    op.pm("Hub-Security", "!info");
    await op.next("$To: op From: Hub-Security $<Hub-Security> Unknown command: !info");
    expect(hub.recorded(...hooks)).toEqual([
      ["OnOperatorCommand", "op", "!info"],
      ["OnHubCommand", "op", "info", 3, 1, "!"],
    ]);
    // To somebody else it is a private message like any other.
    op.pm("al", "!info");
    await al.next("$To: al From: op $<op> !info");
    expect(hub.recorded(...hooks)).toEqual([["OnParsedMsgPM", "op", "!info", "al"]]);
  });

  it("for searches and connections", async () => {
    const hub = await TestHub.start();
    const al = await hub.login("al");
    await hub.login("bob");
    hub.recorded();
    const search = `$Search ${IP}:412 F?T?0?1?song`;
    const result = "$SR al a\\b.mp3\u00055 1/2\u0005Hub (1.2.3.4)\u0005bob";
    al.send(`${search}|${result}|$ConnectToMe bob ${IP}:412S|$RevConnectToMe al bob|`);
    await al.sync();
    const calls = hub.recorded().filter(([hook]) => hook !== "OnParsedMsgAny");
    expect(calls).toEqual([
      ["OnParsedMsgSearch", "al", search],
      ["OnParsedMsgSR", "al", result],
      ["OnParsedMsgConnectToMe", "al", "bob", IP, "412S"],
      ["OnParsedMsgRevConnectToMe", "al", "bob"],
    ]);
  });

  it("for what clients tell of themselves, and for what nobody knows", async () => {
    const hub = await TestHub.start();
    const al = await hub.login("al");
    hub.recorded();
    al.send('$MyHubURL dchub://h|$ExtJSON al {"a":1}|$BotINFO x|$Nonsense 1 2|$Supports X|');
    await al.sync();
    const calls = hub.recorded().filter(([hook]) => hook !== "OnParsedMsgAny");
    expect(calls).toEqual([
      ["OnParsedMsgMyHubURL", "al", "$MyHubURL dchub://h"],
      ["OnParsedMsgExtJSON", "al", '$ExtJSON al {"a":1}'],
      ["OnParsedMsgBotINFO", "al", "$BotINFO x"],
      ["OnUnknownMsg", "al", "$Nonsense 1 2"],
    ]);
  });

  it("for a client that takes the hub for a peer", async () => {
    const hub = await TestHub.start();
    const peer = await hub.connect("peer");
    await peer.next(/^\$Lock/);
    hub.recorded();
    hub.answer("OnCtmToHub", 0);
    peer.send("$MyNick lost|$Lock EXTENDEDPROTOCOL Pk=DC++Ref=dchub://other.example:411|");
    await peer.closed;
    const ports = [peer.socket.localPort ?? expect.any(Number), hub.hub.port];
    expect(hub.recorded("OnCtmToHub", "OnCloseConnEx")).toEqual([
      ["OnCtmToHub", "lost", IP, expect.any(Number), ports[1], "dchub://other.example:411"],
      ["OnCloseConnEx", IP, 21, ""],
    ]);
  });

  it("when operators kick and drop", async () => {
    const hub = await TestHub.start();
    const op = await hub.operator("op");
    const [al, bob] = [await hub.login("al"), await hub.login("bob")];
    hub.recorded();
    op.say("op is kicking al because: bad manners");
    op.send("$Kick AL|$Close BOB|");
    await Promise.all([al.closed, bob.closed]);
    expect(al.lines.at(-1)).toBe("<Hub-Security> op kicked you: bad manners");
    const hooks = [
      "OnOperatorKicks",
      "OnOperatorDrops",
      "OnOperatorDropsWithReason",
      "OnCloseConnEx",
    ];
    expect(hub.recorded(...hooks)).toEqual([
      ["OnOperatorKicks", "op", "al", "bad manners"],
      ["OnCloseConnEx", IP, 2, "al"],
      ["OnOperatorDrops", "op", "bob"],
      ["OnOperatorDropsWithReason", "op", "bob", ""],
      ["OnCloseConnEx", IP, 2, "bob"],
    ]);
    expect(bob.lines.at(-1)).not.toMatch(/kicked/);
  });

  it("when the hub's bot speaks; not again for what is said meanwhile", async () => {
    const hub = await TestHub.start();
    const al = await hub.login("al");
    hub.recorded();
    hub.recorder.call("during", "OnPublicBotMessage", "mc", ["echo"]);
    hub.vh("SendToAll", "news");
    hub.vh("classmc", "for ops", 3, 10, "Newsbot");
    await al.next("<Hub-Security> news");
    await al.next("<Hub-Security> echo");
    expect(hub.recorded()).toEqual([
      ["OnPublicBotMessage", "Hub-Security", "news", 0, 10],
      ["OnPublicBotMessage", "Newsbot", "for ops", 3, 10],
    ]);
  });

  it("when configuration changes", async () => {
    const hub = await TestHub.start();
    hub.vh("SetConfig", "config", "int_search", 500);
    hub.vh("SetConfig", "config", "dns_lookup", true);
    hub.vh("SetConfig", "config", "hub_desc", "new");
    hub.vh("SetConfig", "mine", "x", 1.5);
    const bot = "Hub-Security";
    expect(hub.recorded("OnSetConfig")).toEqual([
      ["OnSetConfig", bot, "config", "int_search", "500", "3", 3],
      ["OnSetConfig", bot, "config", "dns_lookup", "1", "0", 1],
      ["OnSetConfig", bot, "config", "hub_desc", "new", "", 12],
      ["OnSetConfig", bot, "mine", "x", "1.5", "", 12],
    ]);
  });

  it("every timer_serv_period milliseconds", async () => {
    const hub = await TestHub.start();
    hub.vh("SetConfig", "config", "timer_serv_period", 20);
    const before = Date.now();
    for (const [, ms] of await hub.until(4, "OnTimer")) expect(ms).toBeGreaterThanOrEqual(before);
    hub.vh("SetConfig", "config", "timer_serv_period", 3_600_000);
    hub.recorded();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(hub.recorded("OnTimer")).toEqual([]);
  });
});

describe("a block", () => {
  it.each([
    ["OnNewConn", 21],
    ["OnParsedMsgValidateNick", 21],
    ["OnParsedMsgMyPass", 21],
    ["OnParsedMsgVersion", 21],
    ["OnValidateTag", 11],
    ["OnFirstMyINFO", 21],
    ["OnUserInList", 21],
    ["OnUserLogin", 21],
  ])("in %s disconnects at login", async (hook, reason) => {
    const hub = await TestHub.start();
    const witness = await hub.login("witness");
    hub.vh("AddRegUser", "al", 0, "pw");
    hub.recorded();
    hub.answer(hook, 0);
    const al = await hub.connect("al", { password: "pw" });
    await al.handshake().catch(() => undefined);
    al.send(`$Version 1|${al.info()}|`);
    await al.closed;
    expect(hub.recorded("OnCloseConnEx").map((call) => call[2])).toEqual([reason]);
    const seen = (await witness.sync()).filter((line) => line.includes(" al"));
    expect(seen.length > 0).toBe(hook === "OnUserLogin");
    expect(hub.vh("GetUserClass", "al")).toBe(-2);
  });

  it.each(["$MyHubURL x", "$BotINFO x", "$Version 1"])("of %s disconnects", async (line) => {
    const hub = await TestHub.start();
    const al = await hub.login("al");
    hub.answer(`OnParsedMsg${line.slice(1).split(" ")[0] ?? ""}`, 0);
    al.send(`${line}|`);
    await al.closed;
    expect(hub.recorded("OnCloseConnEx").at(-1)?.[2]).toBe(21);
  });

  it("drops what was said, whatever it was, and nothing else", async () => {
    const hub = await TestHub.start();
    const [al, bob] = [await hub.login("al"), await hub.login("bob", { tag: "P" })];
    const extJson = await hub.login("json", { supports: "NoGetINFO NoHello ExtJSON2" });
    const lines: Record<string, string> = {
      OnParsedMsgChat: "<al> x",
      OnParsedMsgPM: "$To: bob From: al $<al> x",
      OnParsedMsgMCTo: "$MCTo: bob $al x",
      OnParsedMsgSearch: `$Search ${IP}:1 F?T?0?1?x`,
      OnParsedMsgSR: "$SR al x 1/1\u0005h (i)\u0005bob",
      OnParsedMsgMyINFO: al.info().replace("test", "changed"),
      OnParsedMsgExtJSON: "$ExtJSON al {}",
      OnParsedMsgConnectToMe: `$ConnectToMe bob ${IP}:1`,
      OnParsedMsgRevConnectToMe: "$RevConnectToMe al bob",
    };
    await hub.settle();
    for (const [hook, line] of Object.entries(lines)) {
      hub.answer(hook, 0);
      al.send(`${line}|`);
      expect(await al.sync()).toEqual([]);
      expect([hook, await bob.sync()]).toEqual([hook, []]);
      hub.answer(hook, 1);
      al.send(`${line}|`);
      await al.sync();
      const seen = [...(await bob.sync()), ...(await extJson.sync())];
      expect([hook, seen.length > 0]).toEqual([hook, true]);
    }
    hub.recorded();
    hub.answer("OnParsedMsgAny", 0);
    al.say("unseen");
    al.send("$UserIP al|");
    await hub.until(2, "OnParsedMsgAny");
    hub.answer("OnParsedMsgAny", 1);
    expect(await al.sync()).toEqual([]);
    expect((await bob.sync()).filter((line) => line.includes("unseen"))).toEqual([]);
  });

  it("of OnParsedMsgAnyEx leaves a line unprocessed, of OnParsedMsgSupports unanswered", async () => {
    const hub = await TestHub.start();
    hub.answer("OnParsedMsgSupports", 0);
    const al = await hub.login("al");
    expect(al.lines.some((line) => line.startsWith("$Supports"))).toBe(false);
    hub.answer("OnParsedMsgAnyEx", 0);
    const bob = await hub.connect("bob");
    await bob.handshake();
    await al.sync();
    expect(bob.lines.map((line) => line.split(" ")[0])).toEqual(["$Lock", "$HubName"]);
    expect(bob.socket.closed).toBe(false);
  });

  it("of a command means that a script took it; what nobody takes is said aloud", async () => {
    const hub = await TestHub.start();
    const [al, bob] = [await hub.login("al"), await hub.login("bob")];
    for (const hook of ["OnUserCommand", "OnHubCommand"]) {
      hub.answer(hook, 0);
      al.say("+stats");
      await al.sync();
      expect(await bob.sync()).not.toContain("<al> +stats");
      hub.answer(hook, null);
    }
    const calls = hub.recorded("OnUserCommand", "OnHubCommand", "OnParsedMsgChat");
    expect(calls.map(([hook]) => hook)).toEqual(["OnUserCommand", "OnUserCommand", "OnHubCommand"]);
    al.say("+1");
    await bob.next("<al> +1");
  });

  it("cancels kicks, drops, registrations and settings, and silences the operators' chat", async () => {
    const hub = await TestHub.start();
    const [op, op2] = [await hub.operator("op"), await hub.operator("op2")];
    const al = await hub.login("al");
    for (const hook of [
      "OnOperatorKicks",
      "OnOperatorDrops",
      "OnNewReg",
      "OnSetConfig",
      "OnOpChatMessage",
    ]) {
      hub.answer(hook, 0);
    }
    op.send("$Kick al|$Close al|");
    op.pm("OpChat", "hush");
    await op.sync();
    expect(hub.vh("KickUser", "op", "al", "why")).toBe(false);
    expect(hub.vh("AddRegUser", "new", 1)).toBe(false);
    expect(hub.vh("SetConfig", "config", "hub_desc", "x")).toBe(false);
    expect(hub.vh("GetConfig", "config", "hub_desc")).toBe("");
    expect((await op2.sync()).join()).not.toContain("hush");
    hub.answer("OnOperatorDrops", null);
    hub.answer("OnOperatorDropsWithReason", 0);
    op.send("$Close al|");
    await op.sync();
    await al.sync();
    expect(al.socket.closed).toBe(false);
  });
});

describe("a substitution", () => {
  it("changes what is said and who says it", async () => {
    const hub = await TestHub.start();
    const [al, bob] = [await hub.login("al"), await hub.login("bob")];
    hub.answer("OnParsedMsgChat", ["al", "b****"]);
    al.say("bleep");
    await bob.next("<al> b****");
    hub.answer("OnParsedMsgChat", ["Al the Great", "a|b"]);
    al.say("x");
    await bob.next("<Al the Great> a&#124;b");
  });

  it("changes a $MyINFO at login and later; None keeps a field", async () => {
    const hub = await TestHub.start();
    const bob = await hub.login("bob");
    hub.answer("OnFirstMyINFO", ["first", null, null, null, null]);
    hub.answer("OnParsedMsgMyINFO", [null, null, "DSL", null, "99"]);
    const al = await hub.login("al", { share: "7" });
    const changed =
      "$MyINFO $ALL al first<Test V:1,M:A,H:1/0/0,S:3>$ $DSL\u0001$al@example.org$99$";
    await bob.next(changed);
    expect(hub.recorded("OnParsedMsgMyINFO").at(-1)?.slice(1, 3)).toEqual(["al", "first"]);
    expect(hub.vh("GetMyINFO", "al")).toEqual([
      "al",
      "first",
      "<Test V:1,M:A,H:1/0/0,S:3>",
      "DSL",
      "al@example.org",
      "99",
    ]);
    hub.answer("OnParsedMsgMyINFO", [null, null, null, null, "lots$"]);
    al.send(`${al.info()}|`);
    await bob.next(/^\$MyINFO \$ALL al test.*\$7\$$/);
  });

  it("changes a $MyINFO that says nothing new, too", async () => {
    const hub = await TestHub.start();
    const bob = await hub.login("bob");
    const al = await hub.login("al");
    await bob.next(al.info());
    al.send(`${al.info()}|`);
    await bob.next(al.info());
    hub.answer("OnParsedMsgMyINFO", ["new", null, null, null, null]);
    al.send(`${al.info()}|`);
    await bob.next(al.info().replace("test", "new"));
    hub.answer("OnParsedMsgMyINFO", true);
    al.send(`${al.info()}|`);
    await bob.next(al.info());
  });
});

describe("a script", () => {
  it("may disconnect the very client whose event it sees", async () => {
    const hub = await TestHub.start();
    const [al, bob] = [await hub.login("al"), await hub.login("bob")];
    hub.recorder.call("during", "OnParsedMsgChat", "CloseConnection", ["al"]);
    al.say("my last words");
    await al.closed;
    await bob.next("$Quit al");
    expect(await bob.sync()).toEqual([]);
  });

  it("may talk to a user who is only just logging in", async () => {
    const hub = await TestHub.start();
    hub.recorder.call("during", "OnValidateTag", "usermc", ["be patient", "al"]);
    const al = await hub.login("al");
    expect(al.lines).toContain("<Hub-Security> be patient");
    expect(al.lines.indexOf("<Hub-Security> be patient")).toBeLessThan(al.lines.indexOf(al.info()));
  });
});

it("every hook is dispatched by the hub or the core", async () => {
  const { readFileSync, readdirSync } = await import("node:fs");
  const folder = new URL("../../lib/hub/", import.meta.url);
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  const missing = HOOK_NAMES.filter(
    (hook) => ![`"${hook}"`, `Hook.${hook},`].some((use) => source.includes(use)),
  );
  expect(missing).toEqual(["OnUnLoad", "OnScriptCommand", "OnScriptQuery"]);
});
