import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { Connection } from "../../lib/hub/connection.js";
import { limitsFrom, type LimitOptions } from "../../lib/hub/limits.js";

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A connection over loopback, its peer, and what its listener heard. */
async function pair(limits: LimitOptions = {}) {
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
  const connection: Connection = new Connection(socket, limitsFrom(limits), {
    onLine: (line) => {
      lines.push(line.toString());
      if (line.toString() === "close") connection.close(2);
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
  connection.write(Buffer.from("x".repeat(500_000)));
  connection.close(21);
  connection.close(4);
  connection.write(Buffer.from("too late"));
  await once(peer, "end");
  expect(heard).toBe("x".repeat(500_000));
  expect(reasons).toEqual([21]);
});

it("does not wait for a peer that neither reads nor goes", async () => {
  const { connection, socket, peer } = await pair();
  peer.pause();
  connection.write(Buffer.alloc(50_000_000));
  connection.close(0);
  await once(socket, "close");
});

it("tells the end of a slow reader later, not from inside a write", async () => {
  const { connection, peer, reasons } = await pair({ backlogBytes: 1000 });
  peer.pause();
  connection.write(Buffer.alloc(20_000_000));
  connection.write(Buffer.from("one more"));
  connection.write(Buffer.from("and one more"));
  expect(reasons).toEqual([]);
  await expect.poll(() => reasons).toEqual([6]);
});
