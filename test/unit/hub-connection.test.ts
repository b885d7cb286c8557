import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { inflateSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../../lib/hub/connection.js";
import { codecFor, type Codec } from "../../lib/hub/encoding.js";
import { limitsFrom, type LimitOptions } from "../../lib/hub/limits.js";

const utf8 = codecFor("UTF-8");
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A connection over loopback, its peer, and what its listener heard. */
async function pair(limits: LimitOptions = {}, codec: Codec = utf8) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const peer = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [socket] = (await once(server, "connection")) as [Socket];
  ends.push(() => {
    peer.destroy();
    socket.destroy();
    server.close();
  });
  const lines: string[] = [];
  const reasons: number[] = [];
  const connection: Connection = new Connection(socket, codec, limitsFrom(limits), {
    onLine: (line) => {
      lines.push(line);
      if (line === "close") connection.close(2);
    },
    onClose: (reason) => reasons.push(reason),
  });
  return { connection, socket, peer, lines, reasons };
}

it("cuts lines wherever the network cuts them", async () => {
  const { peer, lines } = await pair();
  peer.setNoDelay(true);
  for (const chunk of ["one|tw", "o", "||thr", "ee|fo"]) {
    peer.write(chunk);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await expect.poll(() => lines).toEqual(["one", "two", "", "three"]);
});

it("cuts lines of any length out of a chunk of any length", async () => {
  const { peer, lines } = await pair();
  const sent = Array.from({ length: 3000 }, (_, i) =>
    String(i).repeat(i % 100 === 0 ? 3000 : i % 9),
  );
  peer.write(sent.map((line) => `${line}|`).join(""));
  await expect.poll(() => lines.length).toBe(sent.length);
  expect(lines).toEqual(sent);
});

it("gives each line as the bytes that came", async () => {
  const { peer, lines } = await pair();
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i).filter((i) => i !== 0x7c));
  peer.write(Buffer.concat([bytes, Buffer.from("|")]));
  await expect.poll(() => lines).toEqual([bytes.toString("latin1")]);
});

it("hears nothing more of a peer that it closed, not even from the same packet", async () => {
  const { peer, lines, reasons } = await pair();
  peer.write("one|close|two|");
  await once(peer.resume(), "end");
  expect(lines).toEqual(["one", "close"]);
  expect(reasons).toEqual([2]);
});

it("sends what was written before it closes, and ends once", async () => {
  const { connection, peer, reasons } = await pair();
  let heard = "";
  peer.setEncoding("latin1").on("data", (text: string) => (heard += text));
  connection.write("x".repeat(500_000));
  connection.close(21);
  connection.close(4);
  connection.write("too late");
  await once(peer, "end");
  expect(heard).toBe("x".repeat(500_000));
  expect(reasons).toEqual([21]);
});

it("does not wait for a peer that neither reads nor goes", async () => {
  const { connection, socket, peer } = await pair();
  peer.pause();
  connection.write("x".repeat(50_000_000));
  connection.close(0);
  await once(socket, "close");
});

it("tells the end of a slow reader later, not from inside a write", async () => {
  const { connection, peer, reasons } = await pair({ backlogBytes: 1000 });
  peer.pause();
  connection.write("x".repeat(20_000_000));
  connection.write("one more");
  connection.write("and one more");
  expect(reasons).toEqual([]);
  await expect.poll(() => reasons).toEqual([6]);
});

it("counts what waits in bytes, however few characters they are", async () => {
  const { connection, peer, reasons } = await pair({ backlogBytes: 25_000_000 });
  peer.pause();
  connection.write("я".repeat(10_000_000));
  connection.write("and more|");
  expect(connection.lags()).toBe(true);
  connection.write("я".repeat(10_000_000));
  connection.write("too much|");
  await expect.poll(() => reasons).toEqual([6]);
});

it("lets a peer take its time for what it has asked for, however long that is, and no more", async () => {
  const { connection, peer, reasons } = await pair({ backlogBytes: 1000 });
  peer.pause();
  connection.write("x".repeat(20_000_000), true);
  expect(connection.lags()).toBe(false);
  connection.write("one more");
  expect(connection.lags()).toBe(false);
  connection.write("x".repeat(20_000_000), true);
  connection.write("too much");
  await expect.poll(() => reasons).toEqual([6]);
});

describe("what is sent", () => {
  /** All that the peer gets, until the connection is closed. */
  async function heardBy(peer: Socket): Promise<Buffer> {
    const chunks: Buffer[] = [];
    peer.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(peer, "end");
    return Buffer.concat(chunks);
  }

  it("in one turn goes out in one write, and no later", async () => {
    const { connection, socket, peer } = await pair();
    const write = vi.spyOn(socket, "write");
    for (let i = 0; i < 100; i++) connection.write(`line ${i}|`);
    expect(write).not.toHaveBeenCalled();
    await once(peer, "data");
    expect(write).toHaveBeenCalledTimes(1);
  });

  it("is handed to the kernel without waiting when it is much", async () => {
    const { connection, peer, reasons } = await pair({ backlogBytes: 200_000 });
    const line = "x".repeat(50_000);
    const heard = heardBy(peer);
    // Less than what a socket takes at once, more than what may wait.
    for (let i = 0; i < 10; i++) connection.write(line);
    expect(reasons).toEqual([]);
    connection.close(0);
    expect((await heard).length).toBe(500_000);
  });

  it("is compressed for who understands it, where it is long: a complete stream, then plain lines", async () => {
    const { connection, peer } = await pair();
    const heard = heardBy(peer);
    connection.compress();
    connection.write("short|");
    await once(peer, "data");
    const long = "a long line|".repeat(500);
    for (let i = 0; i < 500; i++) connection.write("a long line|");
    await new Promise((resolve) => setImmediate(resolve));
    connection.write("short again|");
    connection.close(0);
    const bytes = await heard;
    expect(bytes.length).toBeLessThan(500);
    const start = bytes.indexOf("$ZOn|");
    expect(bytes.subarray(0, start).toString()).toBe("short|");
    const stream = bytes.subarray(start + 5, bytes.indexOf("short again|"));
    expect(inflateSync(stream).toString()).toBe(long);
    expect(bytes.subarray(start + 5 + stream.length).toString()).toBe("short again|");
  });

  it("is not compressed when that makes it longer", async () => {
    const { connection, peer } = await pair({}, codecFor("latin1"));
    const heard = heardBy(peer);
    connection.compress();
    const noise = randomBytes(5000);
    connection.write(noise.toString("latin1"));
    connection.close(0);
    expect((await heard).equals(noise)).toBe(true);
  });

  it("alike to many of different encodings, is encoded for each", async () => {
    const cp1251 = codecFor("CP1251");
    const pairs = [await pair(), await pair({}, cp1251), await pair({}, cp1251)];
    const heard = pairs.map(({ peer }) => heardBy(peer));
    for (const { connection } of pairs) connection.write("привет|");
    await new Promise((resolve) => setImmediate(resolve));
    for (const { connection } of pairs) connection.close(0);
    const [first, ...others] = await Promise.all(heard);
    expect(first).toEqual(utf8.encode("привет|"));
    for (const other of others) expect(other).toEqual(cp1251.encode("привет|"));
  });

  it("alike to many, is joined and compressed once", async () => {
    const [a, b, c] = [await pair(), await pair(), await pair()];
    const written = [a, b, c].map(({ socket }) => vi.spyOn(socket, "write"));
    a.connection.compress();
    b.connection.compress();
    for (let i = 0; i < 100; i++) {
      const line = `something that all of them get, ${i}|`;
      for (const { connection } of [a, b, c]) connection.write(line);
    }
    await once(c.peer, "data");
    const [first, second, third] = written.map((write) => write.mock.calls[0]?.[0]);
    expect(second).toBe(first);
    expect(String(third)).toMatch(/^something .*99\|$/s);
  });

  it("alike to some and in another form to others, is encoded once a form", async () => {
    const pairs = [await pair(), await pair(), await pair(), await pair()];
    const written = pairs.map(({ socket }) => vi.spyOn(socket, "write"));
    for (const [i, { connection }] of pairs.entries()) {
      connection.write("to all|");
      if (i % 2 === 1) connection.write("to every second|");
    }
    await new Promise((resolve) => setImmediate(resolve));
    const [first, second, third, fourth] = written.map((write) => write.mock.calls[0]?.[0]);
    expect(third).toBe(first);
    expect(fourth).toBe(second);
    expect(String(second)).toBe(`${String(first)}to every second|`);
  });

  it("alike to many, is encoded once, however much it is", async () => {
    const [a, b] = [await pair(), await pair()];
    const written = [a, b].map(({ socket }) => vi.spyOn(socket, "write"));
    for (let i = 0; i < 30; i++) {
      for (const { connection } of [a, b]) connection.write(`${i}: ${"x".repeat(5000)}|`);
    }
    await new Promise((resolve) => setImmediate(resolve));
    const [first, second] = written.map((write) =>
      write.mock.calls.map(([bytes]) => bytes as Buffer),
    );
    expect(first?.length).toBeGreaterThan(1);
    expect(second?.length).toBe(first?.length);
    for (const [i, bytes] of (second ?? []).entries()) expect(bytes).toBe(first?.[i]);
  });
});

describe("keep-alive", () => {
  it("pings a peer whenever nothing came or went for a while", async () => {
    const { peer, reasons } = await pair({ keepAliveMs: 20 });
    let heard = "";
    peer.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    await expect.poll(() => heard).toMatch(/^\|{3,}$/);
    expect(reasons).toEqual([]);
  });

  it("gives up a peer that takes nothing of what waits for it", async () => {
    const { connection, peer, reasons } = await pair({ keepAliveMs: 50 });
    peer.pause();
    connection.write("x".repeat(20_000_000));
    await expect.poll(() => reasons).toEqual([7]);
  });
});

it("takes no more bytes than it may cost", async () => {
  const { peer, lines, reasons } = await pair({ bytesIn: { perSecond: 1, burst: 1000 } });
  peer.write(`${"x".repeat(899)}|`);
  await expect.poll(() => lines).toHaveLength(1);
  peer.write(`${"x".repeat(899)}|`);
  await once(peer.resume(), "end");
  expect(lines).toHaveLength(1);
  expect(reasons).toEqual([2]);
});
