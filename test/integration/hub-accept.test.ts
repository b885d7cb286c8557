/** Clients that come by another way than the hub's ports. */
import { once } from "node:events";
import { duplexPair, PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Hub } from "../../lib/hub/index.js";
import { TestHub } from "../helpers/hub.js";
import { keyFor } from "../helpers/nmdc-client.js";

const IP = "192.0.2.7";

/** A client's end of a stream that the hub has accepted, and what came out of it. */
function come(hub: Hub, ip = IP) {
  const [mine, its] = duplexPair();
  const client = { stream: mine, heard: "" };
  mine.setEncoding("latin1").on("data", (text: string) => (client.heard += text));
  hub.accept(its, { ip, port: 4321 });
  return client;
}

async function logIn(hub: Hub, nick: string) {
  const client = come(hub);
  await expect.poll(() => client.heard).toContain("$Lock ");
  const lock = /\$Lock (\S+)/.exec(client.heard)?.[1] ?? "";
  client.stream.write(Buffer.concat([Buffer.from("$Key "), keyFor(lock), Buffer.from("|")]));
  client.stream.write(`$ValidateNick ${nick}|$MyINFO $ALL ${nick} <x V:1>$ $\u0001$$0$|`);
  await expect.poll(() => client.heard).toContain(`$MyINFO $ALL ${nick} `);
  return client;
}

it("takes a client over any stream", async () => {
  const test = await TestHub.start();
  const alice = await logIn(test.hub, "alice");
  expect(test.recorded("OnNewConn")).toEqual([["OnNewConn", IP]]);
  expect(test.vh("GetUserIP", "alice")).toBe(IP);
  alice.stream.write("<alice> hello|");
  await expect.poll(() => alice.heard).toContain("<alice> hello|");
  alice.stream.end();
  await test.until(1, "OnUserLogout");
});

it("holds it to the limits of its address", async () => {
  const { hub } = await TestHub.start({ limits: { connectionsPerIp: 1 } });
  const first = come(hub);
  const second = come(hub);
  await once(second.stream, "end");
  expect(second.heard).toContain("too many connections from your address");
  first.stream.end();
  await once(first.stream, "close");
  const third = come(hub, `::ffff:${IP}`);
  await expect.poll(() => third.heard).toContain("$Lock ");
});

it("takes no stream that is closed, and none that gives anything but bytes", async () => {
  const { hub } = await TestHub.start({ limits: { connectionsPerIp: 1 } });
  const closed = new PassThrough().destroy();
  await once(closed, "close");
  hub.accept(closed, { ip: IP, port: 0 });
  const peer = { ip: IP, port: 0 };
  expect(() => {
    hub.accept(new PassThrough().setEncoding("latin1"), peer);
  }).toThrow(TypeError);
  expect(() => {
    hub.accept(new PassThrough({ objectMode: true }), peer);
  }).toThrow(TypeError);
  const alice = come(hub);
  await expect.poll(() => alice.heard).toContain("$Lock ");
});

it("takes no client without an address, and none after its end", async () => {
  const { hub } = await TestHub.start();
  expect(() => come(hub, "localhost")).toThrow(RangeError);
  const alice = await logIn(hub, "alice");
  await hub.close();
  await expect.poll(() => alice.stream.readableEnded).toBe(true);
  const [mine, its] = duplexPair();
  hub.accept(its, { ip: IP, port: 0 });
  expect(its.destroyed).toBe(true);
  mine.destroy();
});
