/** Every script of scripts-py does on a real ScriptHost what its first lines say. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ScriptHost } from "../../lib/index.js";
import { loadNative } from "../../lib/native.js";
import { type Call, RecordingHub } from "./examples-hub.js";

const scripts = fileURLToPath(new URL("../../scripts-py/", import.meta.url));
const TTH = "LWPNACQDBZRYXW3VHJVCJ64QBZNGHOHHHZWCLNQ";

let dir: string;
let hub: RecordingHub;
let host: ScriptHost;
let complaints: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "vh-examples-"));
  hub = new RecordingHub({ alice: 0, bob: 0, op: 3 });
  openHost();
});

afterEach(() => {
  host.close();
  rmSync(dir, { recursive: true });
  expect(complaints).toEqual([]);
});

function openHost(): void {
  complaints = [];
  host = new ScriptHost({ hub: hub.api, botName: "Bot", baseDir: dir });
  host.on("error", (error: Error) => complaints.push(error.message));
  host.on("warning", ({ message }: { message: string }) => complaints.push(message));
  host.on("print", ({ text }: { text: string }) => complaints.push(text));
}

const load = (...names: string[]) => names.map((name) => host.load(join(scripts, `${name}.py`)));
const chat = (nick: string, msg: string) => host.dispatch("OnParsedMsgChat", nick, msg);

/** Types a command in main chat; true when a script handled it. */
const command = (nick: string, text: string, inPm = 0) =>
  !host.dispatch("OnHubCommand", nick, text, hub.users.get(nick) ?? 0, inPm, "+").allowed;

/** The text of the only call there was, which must be that function to that nick. */
function said(name: "usermc" | "pm", nick: string): string {
  const calls = hub.take();
  expect(calls).toEqual([
    [name, expect.any(String), nick, ...(name === "pm" ? [null, null] : [null])],
  ]);
  return String(calls[0]?.[1]);
}

/** Ticks OnTimer until scripts have made that many calls; their calls, in order. */
async function tickUntil(count: number): Promise<Call[]> {
  const calls: Call[] = [];
  const deadline = Date.now() + 15_000;
  while (calls.length < count) {
    if (Date.now() > deadline) throw new Error(`after 15 s: ${JSON.stringify(calls)}`);
    await sleep(20);
    host.dispatch("OnTimer", Date.now());
    calls.push(...hub.take());
  }
  return calls;
}

describe("welcome", () => {
  test("greets at login, with the topic when there is one", () => {
    load("welcome");
    expect(host.dispatch("OnUserLogin", "alice").allowed).toBe(true);
    expect(said("usermc", "alice")).toBe(
      "Welcome, alice! 3 users are here. Type +help for the commands.",
    );
    hub.topic = "Be kind";
    host.dispatch("OnUserLogin", "bob");
    expect(said("usermc", "bob")).toMatch(/^Welcome, bob!.*\nTopic: Be kind$/);
  });

  test("tells statistics where they were asked for", () => {
    load("welcome");
    host.dispatch("OnUserLogin", "alice");
    hub.take();
    chat("alice", "hello");
    chat("bob", "hello");
    expect(command("alice", "stats")).toBe(true);
    expect(said("usermc", "alice")).toMatch(/^3 users share 5 GiB\..* 1 logins, 2 messages\.$/);
    expect(command("alice", "STATS ", 1)).toBe(true);
    expect(said("pm", "alice")).toMatch(/^3 users share/);
    expect(command("alice", "statsx")).toBe(false);
  });

  test("lists every script's commands", () => {
    load("welcome", "history", "word_filter", "dynamic", "remind");
    expect(command("alice", "help")).toBe(true);
    const help = said("usermc", "alice");
    for (const word of ["help", "stats", "history", "uptime", "words", "remind", "reminders"]) {
      expect(help).toContain(`+${word}`);
    }
    expect(help).toContain("!filter");
  });
});

describe("word_filter", () => {
  test("replaces and blocks words, but not an operator's", () => {
    load("word_filter");
    expect(chat("alice", "well, DARN it")).toEqual({
      allowed: true,
      args: ["alice", "well, d**n it"],
    });
    expect(chat("alice", "darning socks").args).toEqual(["alice", "darning socks"]);
    expect(hub.take()).toEqual([]);
    expect(chat("alice", "Buy cheap shares!").allowed).toBe(false);
    expect(said("usermc", "alice")).toContain("not sent");
    expect(chat("op", "darn, buy cheap shares")).toEqual({
      allowed: true,
      args: ["op", "darn, buy cheap shares"],
    });
  });

  test("blocks private messages", () => {
    load("word_filter");
    expect(host.dispatch("OnParsedMsgPM", "alice", "buy cheap shares", "bob").allowed).toBe(false);
    expect(host.dispatch("OnParsedMsgMCTo", "alice", "buy cheap shares", "bob").allowed).toBe(
      false,
    );
    expect(host.dispatch("OnParsedMsgPM", "alice", "darn", "bob").allowed).toBe(true);
  });

  test("takes its list from the hub's folder, and again on !filter", () => {
    const list = join(dir, "word_filter.txt");
    writeFileSync(list, "# ours\nfoo = b\\1r  # not a group\n");
    load("word_filter");
    expect(chat("alice", "a foo, darn").args[1]).toBe("a b\\1r, darn");
    writeFileSync(list, "foo\n");
    expect(host.dispatch("OnOperatorCommand", "op", "!filter").allowed).toBe(false);
    expect(said("usermc", "op")).toBe("Word filter: 0 words replaced, 1 blocked.");
    expect(chat("alice", "foo").allowed).toBe(false);
    hub.take();
    writeFileSync(list, Buffer.from([0xff, 0xfe]));
    host.dispatch("OnOperatorCommand", "op", "!filter");
    expect(said("usermc", "op")).toContain("stays as it was");
    expect(chat("alice", "foo").allowed).toBe(false);
    expect(host.dispatch("OnOperatorCommand", "op", "!kick").allowed).toBe(true);
  });
});

describe("magnets", () => {
  const link = (rest: string) => `look magnet:?xt=urn:tree:tiger:${TTH}${rest} here`;

  test("describes links from a worker thread, and who had them first", async () => {
    load("magnets");
    chat("alice", link("&xl=4294967296&dn=Debian+12.iso"));
    expect(await tickUntil(1)).toEqual([["mc", "alice's link: Debian 12.iso, 4 GiB", null]]);
    chat("bob", link("&xl=4294967296&dn=d.iso"));
    expect(await tickUntil(1)).toEqual([
      ["mc", "bob's link: d.iso, 4 GiB (first posted by alice)", null],
    ]);
  });

  test("lets nobody write protocol by a link, and passes over what is no file", async () => {
    load("magnets");
    chat("alice", "magnet:?xt=urn:btih:123&dn=x");
    chat("alice", link("&dn=a%7C%24Kick+bob%7C%0Ab&xl=99999999999999999999"));
    expect(await tickUntil(1)).toEqual([
      ["mc", "alice's link: a&#124;&#36;Kick bob&#124; b", null],
    ]);
  });

  test("is silent about links in messages that the word filter blocks", async () => {
    load("word_filter", "magnets");
    chat("alice", link("&dn=one") + " buy cheap shares");
    expect(said("usermc", "alice")).toContain("not sent");
    chat("alice", link("&dn=two"));
    expect(await tickUntil(1)).toEqual([["mc", "alice's link: two", null]]);
  });
});

describe("remind", () => {
  test("reminds by private message when the time has come", async () => {
    load("remind");
    expect(command("alice", "remind 1s tea is  ready")).toBe(true);
    expect(said("usermc", "alice")).toBe("You will be reminded in 1s.");
    command("alice", "reminders");
    expect(said("usermc", "alice")).toContain("time: 1.");
    expect(await tickUntil(1)).toEqual([["pm", "Reminder: tea is  ready", "alice", null, null]]);
    command("alice", "reminders");
    expect(said("usermc", "alice")).toContain("time: 0.");
  });

  test("keeps what is due for who is offline, till the next login", async () => {
    load("remind");
    command("alice", "remind 0s tea", 1);
    command("bob", "remind 1s coffee", 1);
    hub.users.delete("alice");
    hub.take();
    expect(await tickUntil(1)).toEqual([["pm", "Reminder: coffee", "bob", null, null]]);
    hub.users.set("alice", 0);
    host.dispatch("OnUserLogin", "alice");
    expect(said("pm", "alice")).toBe("Reminder: tea");
    host.dispatch("OnUserLogin", "alice");
    expect(hub.take()).toEqual([]);
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
      expect(said("usermc", "alice")).toMatch(/^Usage/);
    }
    for (let n = 0; n < 5; n++) {
      command("alice", `remind 1${n}m tea`);
      expect(said("usermc", "alice")).toBe(`You will be reminded in 1${n}m.`);
    }
    command("alice", "remind 1h tea");
    expect(said("usermc", "alice")).toBe("You have 5 reminders already.");
    script?.reload();
    command("alice", "reminders");
    expect(said("usermc", "alice")).toContain("time: 0.");
  });
});

describe("history", () => {
  const line = (nick: string, text: string) =>
    new RegExp(`^\\[\\d\\d\\.\\d\\d\\. \\d\\d:\\d\\d\\] <${nick}> ${text}$`);

  test("shows what was said, on command and at login", () => {
    load("history");
    command("alice", "history");
    expect(said("usermc", "alice")).toBe("Nothing was said yet.");
    host.dispatch("OnUserLogin", "alice");
    expect(hub.take()).toEqual([]);
    for (let n = 1; n <= 7; n++) chat("alice", `line ${n}`);
    chat("bob", "bytes \udcff, emoji 😀, quote ' and \0");
    command("alice", "history 2");
    const lines = said("usermc", "alice").split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(line("alice", "line 7"));
    expect(lines[1]).toMatch(line("bob", "bytes \\?, emoji 😀, quote ' and \\0"));
    host.dispatch("OnUserLogin", "bob");
    expect(said("usermc", "bob").split("\n")).toHaveLength(6);
    command("alice", "history 9999", 1);
    expect(said("pm", "alice").split("\n")).toHaveLength(8);
    for (const wrong of ["history 0", "history x", "history 1 2"]) {
      expect(command("alice", wrong)).toBe(true);
      expect(said("usermc", "alice")).toBe("Usage: +history N");
    }
  });

  test("keeps it across restarts of the hub, the last 1,000 lines", () => {
    load("history");
    for (let n = 1; n <= 1010; n++) chat("alice", `line ${n}`);
    host.dispatch("OnTimer", 1);
    host.close();
    openHost();
    load("history");
    command("alice", "history 1");
    expect(said("usermc", "alice")).toMatch(line("alice", "line 1010"));
    chat("bob", "and after");
    host.close();
    openHost();
    const [script] = load("history");
    command("alice", "history 2");
    expect(said("usermc", "alice")).toMatch(/line 1010\n.*<bob> and after$/);
    expect(script?.call("last", 5000)).toMatch(/^\[[^\]]+\] <alice> line 11\n/);
  });

  test("shows messages as the word filter let them through", () => {
    load("history", "word_filter");
    chat("alice", "darn");
    chat("alice", "buy cheap shares");
    hub.take();
    command("alice", "history");
    expect(said("usermc", "alice")).toMatch(line("alice", "d\\*\\*n"));
  });
});

describe("dynamic", () => {
  test("uses the hub's functions", () => {
    load("dynamic");
    host.register("hub_uptime", () => ({
      seconds: 93_784,
      started: "2024-05-01T00:00:00Z",
      users: 3,
    }));
    host.register("count_words", (texts: string[]) => {
      const counts = new Map<string, number>();
      for (const word of texts.join(" ").split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
      return Object.fromEntries(counts);
    });
    command("alice", "uptime");
    expect(said("usermc", "alice")).toBe(
      "Up for 1d 2h 3m, since 2024-05-01T00:00:00Z, with 3 users.",
    );
    command("alice", "words");
    expect(said("usermc", "alice")).toBe("Nothing was said yet.");
    chat("alice", "seven 7 seven");
    chat("bob", "__proto__ seven 7");
    command("alice", "words", 1);
    expect(said("pm", "alice")).toBe("Most said: seven (3), 7 (2), __proto__ (1)");
  });

  test("says so when the hub lacks one", () => {
    load("dynamic");
    chat("alice", "hello");
    expect(command("alice", "uptime")).toBe(true);
    expect(said("usermc", "alice")).toBe("This hub does not tell how long it runs.");
    expect(command("alice", "words")).toBe(true);
    expect(said("usermc", "alice")).toBe("This hub does not count words.");
  });
});

describe("all examples", () => {
  const all = ["dynamic", "history", "magnets", "remind", "welcome", "word_filter"];

  test.each(["own", "main"] as const)("live together, interpreter: %s", async (interpreter) => {
    for (const name of all) host.load(join(scripts, `${name}.py`), { interpreter });
    host.dispatch("OnUserLogin", "alice");
    chat("alice", `magnet:?xt=urn:tree:tiger:${TTH}&dn=x`);
    command("alice", "remind 0s tea");
    hub.take();
    const calls = await tickUntil(2);
    expect(calls.map(([name]) => name).sort()).toEqual(["mc", "pm"]);
    const names = ["Dynamic", "History", "Magnets", "Remind", "Welcome", "Word filter"];
    expect(host.query("_get_script_name")).toEqual(names);
  });
});

describe("vh.pyi", () => {
  const fixture = fileURLToPath(new URL("../fixtures/stub/compare_stub.py", import.meta.url));
  const stub = join(scripts, "vh.pyi");

  test("says of every name what the module says", () => {
    const script = host.load(fixture);
    expect(script.call("compare", stub)).toEqual([]);
    expect(script.call("count", stub)).toEqual([62, 72]);
  });

  test("gives every function the types of the native table, or closer ones", () => {
    const said = host.load(fixture).call("types", stub) as Record<string, string[]>;
    const closer: Record<string, string> = {
      "_GeoIP | None": "dict | None",
      Any: "object",
      "list[str] | list[tuple[str, str, str]]": "object",
    };
    for (const types of Object.values(said))
      types.splice(0, 99, ...types.map((t) => closer[t] ?? t));
    const table = loadNative().tables.functions.map(({ name, parameters, result }) => [
      name,
      [...parameters.map(({ type }) => type), result],
    ]);
    expect(said).toEqual(Object.fromEntries(table));
  });
});
