/** Every script of scripts-py does on a real ScriptHost what its first lines say. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Stage } from "./examples-stage.js";

const scripts = fileURLToPath(new URL("../../scripts-py/", import.meta.url));
const TTH = "LWPNACQDBZRYXW3VHJVCJ64QBZNGHOHHHZWCLNQ";
const stage = new Stage({ alice: 0, bob: 0, op: 3 });

const load = (...names: string[]) =>
  names.map((name) => stage.host.load(join(scripts, `${name}.py`)));

/** Types a command in main chat or in private; true when a script handled it. */
const command = (nick: string, text: string, inPm = 0) =>
  !stage.host.dispatch("OnHubCommand", nick, text, stage.hub.users.get(nick) ?? 0, inPm, "+")
    .allowed;

describe("welcome", () => {
  test("greets at login, with the topic when there is one", () => {
    load("welcome");
    expect(stage.host.dispatch("OnUserLogin", "alice").allowed).toBe(true);
    expect(stage.said("usermc", "alice")).toBe(
      "Welcome, alice! Users online: 3. Type +help for the commands.",
    );
    stage.hub.topic = "Be kind";
    stage.host.dispatch("OnUserLogin", "bob");
    expect(stage.said("usermc", "bob")).toMatch(/^Welcome, bob!.*\nTopic: Be kind$/);
  });

  test("tells statistics where they were asked for", () => {
    load("welcome");
    stage.host.dispatch("OnUserLogin", "alice");
    stage.hub.take();
    stage.chat("alice", "hello");
    stage.chat("bob", "hello");
    expect(command("alice", "stats")).toBe(true);
    expect(stage.said("usermc", "alice")).toMatch(
      /^Users online: 3, sharing 5 GiB\..* logins 1, chat messages 2\.$/,
    );
    expect(command("alice", "STATS ", 1)).toBe(true);
    expect(stage.said("pm", "alice")).toMatch(/^Users online: 3/);
    expect(command("alice", "statsx")).toBe(false);
  });

  test("lists every script's commands", () => {
    load("welcome", "history", "word_filter", "dynamic", "remind");
    expect(command("alice", "help")).toBe(true);
    const help = stage.said("usermc", "alice");
    for (const word of ["help", "stats", "history", "uptime", "words", "remind", "reminders"]) {
      expect(help).toContain(`+${word}`);
    }
    expect(help).toContain("!filter");
    const { allowed } = stage.host.dispatch("OnHubCommand", "alice", "help", 0, 0, "!");
    expect(allowed, "!help is the hub's").toBe(true);
  });
});

describe("word_filter", () => {
  test("replaces and blocks words, but not an operator's", () => {
    load("word_filter");
    expect(stage.chat("alice", "well, DARN it")).toEqual({
      allowed: true,
      args: ["alice", "well, d**n it"],
    });
    expect(stage.chat("alice", "darning socks").args).toEqual(["alice", "darning socks"]);
    expect(stage.hub.take()).toEqual([]);
    expect(stage.chat("alice", "Buy cheap shares!").allowed).toBe(false);
    expect(stage.said("usermc", "alice")).toContain("not sent");
    expect(stage.chat("op", "darn, buy cheap shares")).toEqual({
      allowed: true,
      args: ["op", "darn, buy cheap shares"],
    });
  });

  test("blocks private messages", () => {
    load("word_filter");
    expect(stage.host.dispatch("OnParsedMsgPM", "alice", "buy cheap shares", "bob").allowed).toBe(
      false,
    );
    expect(stage.host.dispatch("OnParsedMsgMCTo", "alice", "buy cheap shares", "bob").allowed).toBe(
      false,
    );
    expect(stage.host.dispatch("OnParsedMsgPM", "alice", "darn", "bob").allowed).toBe(true);
  });

  test("takes its list from the hub's folder, and again on !filter", () => {
    const list = join(stage.dir, "word_filter.txt");
    writeFileSync(list, "# ours\nfoo = b\\1r  # not a group\n");
    load("word_filter");
    expect(stage.chat("alice", "a foo, darn").args[1]).toBe("a b\\1r, darn");
    writeFileSync(list, "foo\n");
    expect(stage.host.dispatch("OnOperatorCommand", "op", "!filter").allowed).toBe(false);
    expect(stage.said("usermc", "op")).toBe("Word filter: words replaced 0, blocked 1.");
    expect(stage.chat("alice", "foo").allowed).toBe(false);
    stage.hub.take();
    writeFileSync(list, Buffer.from([0xff, 0xfe]));
    stage.host.dispatch("OnOperatorCommand", "op", "!filter");
    expect(stage.said("usermc", "op")).toContain("stays as it was");
    expect(stage.chat("alice", "foo").allowed).toBe(false);
    expect(stage.host.dispatch("OnOperatorCommand", "op", "!kick").allowed).toBe(true);
  });
});

describe("magnets", () => {
  const link = (rest: string) => `look magnet:?xt=urn:tree:tiger:${TTH}${rest} here`;

  test("describes links from a worker thread, and who had them first", async () => {
    load("magnets");
    stage.chat("alice", link("&xl=4294967296&dn=Debian+12.iso"));
    expect(await stage.tickUntil(1)).toEqual([["mc", "alice's link: Debian 12.iso, 4 GiB", null]]);
    stage.chat("bob", link("&xl=4294967296&dn=d.iso"));
    expect(await stage.tickUntil(1)).toEqual([
      ["mc", "bob's link: d.iso, 4 GiB (first posted by alice)", null],
    ]);
  });

  test("lets nobody write protocol by a link, and passes over what is no file", async () => {
    load("magnets");
    stage.chat("alice", "magnet:?xt=urn:btih:123&dn=x");
    stage.chat("alice", link("&dn=a%7C%24Kick+bob%7C%0Ab&xl=99999999999999999999"));
    expect(await stage.tickUntil(1)).toEqual([
      ["mc", "alice's link: a&#124;&#36;Kick bob&#124; b", null],
    ]);
  });

  test("is silent about links in messages that the word filter blocks", async () => {
    load("word_filter", "magnets");
    stage.chat("alice", link("&dn=one") + " buy cheap shares");
    expect(stage.said("usermc", "alice")).toContain("not sent");
    stage.chat("alice", link("&dn=two"));
    expect(await stage.tickUntil(1)).toEqual([["mc", "alice's link: two", null]]);
  });
});

describe("remind", () => {
  test("reminds by private message when the time has come", async () => {
    load("remind");
    expect(command("alice", "remind 1s tea is  ready")).toBe(true);
    expect(stage.said("usermc", "alice")).toBe("You will be reminded in 1s.");
    command("alice", "reminders");
    expect(stage.said("usermc", "alice")).toContain("time: 1.");
    expect(await stage.tickUntil(1)).toEqual([
      ["pm", "Reminder: tea is  ready", "alice", null, null],
    ]);
    command("alice", "reminders");
    expect(stage.said("usermc", "alice")).toContain("time: 0.");
  });

  test("keeps what is due for who is offline, till the next login", async () => {
    load("remind");
    command("alice", "remind 0s tea", 1);
    command("bob", "remind 1s coffee", 1);
    stage.hub.users.delete("alice");
    stage.hub.take();
    expect(await stage.tickUntil(1)).toEqual([["pm", "Reminder: coffee", "bob", null, null]]);
    stage.hub.users.set("alice", 0);
    stage.host.dispatch("OnUserLogin", "alice");
    expect(stage.said("pm", "alice")).toBe("Reminder: tea");
    stage.host.dispatch("OnUserLogin", "alice");
    expect(stage.hub.take()).toEqual([]);
  });

  test("refuses what it cannot do, and goes with reminders still waiting", () => {
    const [script] = load("remind");
    for (const wrong of [
      "remind",
      "remind tea",
      "remind 5y tea",
      "remind 31d tea",
      "remind 10s ",
    ]) {
      expect(command("alice", wrong)).toBe(true);
      expect(stage.said("usermc", "alice")).toMatch(/^Usage/);
    }
    for (let n = 0; n < 5; n++) {
      command("alice", `remind 1${n}m tea`);
      expect(stage.said("usermc", "alice")).toBe(`You will be reminded in 1${n}m.`);
    }
    command("alice", "remind 1h tea");
    expect(stage.said("usermc", "alice")).toBe("You have 5 reminders already.");
    script?.reload();
    command("alice", "reminders");
    expect(stage.said("usermc", "alice")).toContain("time: 0.");
  });
});

describe("history", () => {
  const line = (nick: string, text: string) =>
    new RegExp(`^\\[\\d\\d\\.\\d\\d\\. \\d\\d:\\d\\d\\] <${nick}> ${text}$`);

  test("shows what was said, on command and at login", () => {
    load("history");
    command("alice", "history");
    expect(stage.said("usermc", "alice")).toBe("Nothing was said yet.");
    stage.host.dispatch("OnUserLogin", "alice");
    expect(stage.hub.take()).toEqual([]);
    for (let n = 1; n <= 7; n++) stage.chat("alice", `line ${n}`);
    stage.chat("bob", "bytes \udcff, emoji 😀, quote ' and \0");
    command("alice", "history 2");
    const lines = stage.said("usermc", "alice").split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(line("alice", "line 7"));
    expect(lines[1]).toMatch(line("bob", "bytes \\?, emoji 😀, quote ' and \\0"));
    stage.host.dispatch("OnUserLogin", "bob");
    expect(stage.said("usermc", "bob").split("\n")).toHaveLength(6);
    command("alice", "history 9999", 1);
    expect(stage.said("pm", "alice").split("\n")).toHaveLength(8);
    for (const wrong of ["history 0", "history x", "history 1 2"]) {
      expect(command("alice", wrong)).toBe(true);
      expect(stage.said("usermc", "alice")).toBe("Usage: +history N");
    }
  });

  test("keeps it across restarts of the hub, the last 1,000 lines", () => {
    load("history");
    for (let n = 1; n <= 1010; n++) stage.chat("alice", `line ${n}`);
    stage.host.dispatch("OnTimer", 1);
    stage.host.close();
    stage.open();
    load("history");
    command("alice", "history 1");
    expect(stage.said("usermc", "alice")).toMatch(line("alice", "line 1010"));
    stage.chat("bob", "and after");
    stage.host.close();
    stage.open();
    const [script] = load("history");
    command("alice", "history 2");
    expect(stage.said("usermc", "alice")).toMatch(/line 1010\n.*<bob> and after$/);
    expect(script?.call("last", 5000)).toMatch(/^\[[^\]]+\] <alice> line 11\n/);
  });

  test("shows messages as the word filter let them through", () => {
    load("history", "word_filter");
    stage.chat("alice", "darn");
    stage.chat("alice", "buy cheap shares");
    stage.hub.take();
    command("alice", "history");
    expect(stage.said("usermc", "alice")).toMatch(line("alice", "d\\*\\*n"));
  });
});

describe("dynamic", () => {
  test("uses the hub's functions", () => {
    load("dynamic");
    stage.host.register("hub_uptime", () => ({
      seconds: 93_784,
      started: "2024-05-01T00:00:00Z",
      users: 3,
    }));
    stage.host.register("count_words", (texts: string[]) => {
      const counts = new Map<string, number>();
      for (const word of texts.join(" ").split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
      return Object.fromEntries(counts);
    });
    command("alice", "uptime");
    expect(stage.said("usermc", "alice")).toBe(
      "Up for 1d 2h 3m, since 2024-05-01T00:00:00Z. Users: 3.",
    );
    command("alice", "words");
    expect(stage.said("usermc", "alice")).toBe("Nothing was said yet.");
    stage.chat("alice", "seven 7 seven");
    stage.chat("bob", "__proto__ seven 7");
    command("alice", "words", 1);
    expect(stage.said("pm", "alice")).toBe("Most said: seven (3), 7 (2), __proto__ (1)");
  });

  test("says so when the hub lacks one", () => {
    load("dynamic");
    stage.chat("alice", "hello");
    expect(command("alice", "uptime")).toBe(true);
    expect(stage.said("usermc", "alice")).toBe("This hub does not tell how long it runs.");
    expect(command("alice", "words")).toBe(true);
    expect(stage.said("usermc", "alice")).toBe("This hub does not count words.");
  });
});

describe("all examples", () => {
  const all = ["dynamic", "history", "magnets", "remind", "welcome", "word_filter"];

  test.each(["own", "main"] as const)("live together, interpreter: %s", async (interpreter) => {
    for (const name of all) stage.host.load(join(scripts, `${name}.py`), { interpreter });
    stage.host.dispatch("OnUserLogin", "alice");
    stage.chat("alice", `magnet:?xt=urn:tree:tiger:${TTH}&dn=x`);
    command("alice", "remind 0s tea");
    stage.hub.take();
    const calls = await stage.tickUntil(2);
    expect(calls.map(([name]) => name).sort()).toEqual(["mc", "pm"]);
    const names = ["Dynamic", "History", "Magnets", "Remind", "Welcome", "Word filter"];
    expect(stage.host.query("_get_script_name")).toEqual(names);
  });
});
