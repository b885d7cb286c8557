/** A million protocol messages, from a client's bytes to its answer, through hub, hooks and vh: nothing is kept. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Client } from "../../lib/hub/client.js";
import type { Arrival } from "../../lib/hub/connection.js";
import { run, type Body } from "../helpers/child.js";

const SCRIPT = fileURLToPath(new URL("../fixtures/stress/busy.py", import.meta.url));
const MESSAGES = 250_000; // in each of four rounds
const WARM_UP = 100_000;
const MAX_GROWTH_KB = 350; // in the best round: less than two bytes a message

/**
 * Sends messages of forty users, without sockets (whose buffers are Node's), and prints what the process grew by in each
 * of four times so many.
 */
const traffic: Body<[script: string, messages: number, warmUp: number]> = async (
  { assert, module },
  path,
  messages,
  warmUp,
) => {
  const hubs = (await module("hub/index")) as typeof import("../../lib/hub/index.js");
  const clients = (await module("hub/client")) as { Client: typeof Client };
  const { receive } = (await module("hub/dispatch")) as {
    receive: (client: Client, wire: string, arrival: Arrival) => void;
  };
  const hub = new hubs.Hub({ storage: "memory", limits: hubs.UNLIMITED });
  hub.config.set("config", "int_search", "0");
  const arrived = () => ({ at: performance.now(), isAscii: false });
  let errors = 0;
  let lines = 0;
  let written = 0;
  hub.scripts.on("error", () => errors++);
  hub.scripts.on("print", () => lines++);
  hub.scripts.on("warning", ({ message }) => {
    assert.equal(message, "");
  });
  hub.scripts.register("users", (given: unknown) => ({ given, users: [...Array(5).keys()] }));
  const script = hub.load(path);

  const users = Array.from({ length: 40 }, (_, i) => {
    const connection = {
      isOpen: () => true,
      lags: () => false,
      write: (wire: string) => (written += wire.length),
      close: (reason: number) => {
        throw new Error(`closed: ${String(reason)}`);
      },
    };
    const client = new clients.Client(hub, connection as never, { ip: "10.0.0.1", port: 1000 + i });
    client.keyGiven = true;
    const nick = `user${String(i)}`;
    const info = `$MyINFO $ALL ${nick} desc<++ V:1,M:${i % 2 ? "A" : "P"},H:1/0/0,S:3>$ $LAN\x01$e@x$1000$`;
    const say = (text: string) => hub.codec.encode(`<${nick}> ${text}`).toString("latin1");
    const other = `user${String((i + 1) % 40)}`;
    const login = [
      "$Supports NoHello NoGetINFO",
      `$ValidateNick ${nick}`,
      "$Version 1,0091",
      "$GetNickList",
      info,
    ];
    for (const line of login) receive(client, line, arrived());
    const mix = [
      say("hello there, how are you all?"),
      say("привет всем 🐍"),
      say("darn, a word to be filtered"),
      say("this one is blocked"),
      say("+command with arguments"),
      say("raise an exception"),
      `$To: ${other} From: ${nick} $<${nick}> psst, ${"x".repeat(100)}`,
      `$Search Hub:${nick} F?T?0?1?some$file`,
      `$Search 10.0.0.1:412 F?T?0?9?TTH:ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFG`,
      `$SR ${nick} dir\\file.txt\x05100 1/2\x05TTH:X (10.0.0.1:4111)\x05${other}`,
      info,
      `$ConnectToMe ${other} 10.0.0.1:5000`,
      `$RevConnectToMe ${nick} ${other}`,
      "$Nonsense \0\xff",
      "",
      "$GetNickList",
    ];
    return { client, mix };
  });

  let sent = 0;
  const send = (count: number) => {
    for (let i = 0; i < count; i++) {
      const user = users[sent % users.length];
      // Each user sends one kind after the other.
      const line = user?.mix[Math.floor(sent / users.length) % user.mix.length];
      if (user && line) receive(user.client, line, arrived());
      if (sent % 5000 === 0) hub.scripts.dispatch("OnTimer", Date.now());
      sent++;
    }
  };
  const measure = () => {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    return process.memoryUsage.rss() / 1024;
  };

  send(warmUp);
  const levels = [measure()];
  for (let round = 0; round < 4; round++) {
    send(messages);
    levels.push(measure());
  }
  const counts = script.call("total") as Record<string, number>;
  const { stats } = script;
  console.log(JSON.stringify({ levels, sent, errors, lines, written, counts, stats }));
};

test(`${String(4 * MESSAGES)} messages`, async () => {
  const end = await run(traffic, [SCRIPT, MESSAGES, WARM_UP], {
    bare: true,
    deadline: 280,
    // A young generation of fixed size: V8 would grow it as it sees fit, which is not what is measured.
    node: ["--expose-gc", "--max-semi-space-size=1", "--single-threaded-gc"],
  });
  expect(end, end.stderr).toMatchObject({ code: 0, signal: null });
  const { levels, sent, errors, lines, written, counts, stats } = JSON.parse(end.stdout) as {
    levels: number[];
    sent: number;
    errors: number;
    lines: number;
    written: number;
    counts: Record<string, number>;
    stats: { calls: number; errors: number; vhCalls: number };
  };
  // Each user sends each of the sixteen kinds in turn.
  const each = sent / 16;
  const about = (n: number) => [expect.closeTo(n, -2.5)] as const;
  expect([counts["chat"]]).toEqual(about(5 * each));
  expect([counts["pm"]]).toEqual(about(each));
  expect([counts["search"]]).toEqual(about(2 * each));
  expect([counts["command"]]).toEqual(about(each));
  expect([counts["relay"]]).toEqual(about(each));
  expect([errors]).toEqual(about(each));
  expect(stats.errors).toBe(errors);
  expect(lines).toBe(counts["timer"]);
  expect(written).toBeGreaterThan(sent);
  const growth = levels.slice(1).map((level, i) => level - (levels[i] ?? 0));
  // What is lost at each message is lost in every round; an allocator's whim is not.
  expect(Math.min(...growth), `RSS in KB: ${levels.join(", ")}`).toBeLessThanOrEqual(MAX_GROWTH_KB);
});
