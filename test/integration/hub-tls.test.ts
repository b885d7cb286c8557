import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import { Hub } from "../../lib/hub/index.js";
import { makeCertificate } from "../helpers/certificate.js";
import { Command, script } from "../helpers/command.js";
import { TestHub } from "../helpers/hub.js";
import { NmdcClient } from "../helpers/nmdc-client.js";

const { cert, key, certFile, keyFile } = makeCertificate();
const tls = { cert, key, port: 0 };
const noAddress = () => undefined;

describe("a hub with a certificate", () => {
  it("takes clients with TLS and without, who hear each other", async () => {
    const hub = await TestHub.start({ tls });
    const bob = await hub.login("bob");
    const al = await hub.login("al", { tls: true });
    expect(hub.hub.tlsPort).not.toBe(hub.hub.port);
    await bob.next(al.info());
    al.say("from far");
    await bob.next("<al> from far");
    bob.pm("al", "psst");
    await al.next("$To: al From: bob $<bob> psst");
    expect(hub.vh("GetUserIP", "al")).toBe("127.0.0.1");
    al.close();
    await bob.next("$Quit al");
    expect(hub.recorded("OnNewConn", "OnCloseConnEx")).toEqual([
      ["OnNewConn", "127.0.0.1"],
      ["OnNewConn", "127.0.0.1"],
      ["OnCloseConnEx", "127.0.0.1", 4, "al"],
    ]);
  });

  it("hears nothing of who is gone when the hands are shaken", async () => {
    const hub = await TestHub.start({ tls });
    hub.recorded();
    // As of a socket that has been reset.
    Object.defineProperty(TLSSocket.prototype, "remoteAddress", {
      get: noAddress,
      configurable: true,
    });
    const gone = connectTls({
      port: hub.hub.tlsPort,
      host: "127.0.0.1",
      rejectUnauthorized: false,
    });
    await once(gone.resume(), "close");
    Reflect.deleteProperty(TLSSocket.prototype, "remoteAddress");
    expect(hub.recorded("OnNewConn", "OnCloseConn")).toEqual([]);
    await hub.login("al", { tls: true });
  });

  it("compresses what it encrypts", async () => {
    const hub = await TestHub.start({ tls });
    const al = await hub.login("al", { tls: true, supports: "NoGetINFO NoHello ZPipe" });
    hub.vh("SendToAll", "x".repeat(50_000));
    await al.next(`<Hub-Security> ${"x".repeat(50_000)}`);
    expect(al.received.zipped).toBeGreaterThan(0);
    expect(al.received.bytes).toBeLessThan(5000);
  });

  it("tells a client that takes it for a peer to which port it came", async () => {
    const hub = await TestHub.start({ tls });
    const peer = await hub.connect("peer", { tls: true });
    peer.send("$MyNick lost|$Lock EXTENDEDPROTOCOL Pk=DC++Ref=nmdcs://other.example:411|");
    const [call] = await hub.until(1, "OnCtmToHub");
    expect(call?.[4]).toBe(hub.hub.tlsPort);
  });

  it("hangs up on who does not shake hands, and no script hears of it", async () => {
    const hub = await TestHub.start({ tls, limits: { loginMs: 1000, pendingLogins: 3 } });
    const bob = await hub.login("bob", { tls: true });
    hub.recorded();
    const port = hub.hub.tlsPort;
    const [rude, mute, gone] = [
      connect(port, "127.0.0.1").resume(),
      connect(port, "127.0.0.1").resume(),
      connect(port, "127.0.0.1").resume(),
    ];
    for (const socket of [rude, mute, gone]) socket.on("error", () => undefined);
    rude.write("$Supports NoHello|$Key x|$ValidateNick rude|");
    gone.once("connect", () => gone.resetAndDestroy());
    await Promise.all([rude, mute, gone].map((socket) => once(socket, "close")));
    bob.say("still here");
    await bob.next("<bob> still here");
    // None of them counts any more.
    for (const nick of ["al", "cy", "di"]) {
      const client = await hub.connect(nick, { tls: true });
      await client.next(/^\$Lock/);
    }
    expect(hub.recorded("OnNewConn", "OnParsedMsgAnyEx")).toEqual(
      Array(3).fill(["OnNewConn", "127.0.0.1"]),
    );
  });

  it("refuses those over a limit without a handshake", async () => {
    const hub = await TestHub.start({ tls, limits: { connectionsPerIp: 1 } });
    await hub.login("bob", { tls: true });
    hub.recorded();
    const socket = connectTls({
      port: hub.hub.tlsPort,
      host: "127.0.0.1",
      rejectUnauthorized: false,
    });
    await once(socket, "error");
    expect(hub.recorded("OnNewConn", "OnCloseConnEx")).toEqual([
      ["OnCloseConnEx", "127.0.0.1", 8, ""],
    ]);
  });

  it("closes, whatever handshakes are under way", async () => {
    const hub = await TestHub.start({ tls });
    const al = await hub.login("al", { tls: true });
    const mute = connect(hub.hub.tlsPort, "127.0.0.1").resume();
    await once(mute, "connect");
    const ended = once(mute, "close");
    // So that the hub has seen the one who says nothing.
    await hub.login("bob", { tls: true });
    await hub.hub.close();
    await Promise.all([al.closed, ended]);
  });

  it("says what is wrong with a certificate, and which port is in use", async () => {
    expect(() => new Hub({ storage: "memory", tls: { cert: "none", key } })).toThrow(RangeError);
    expect(() => new Hub({ storage: "memory", tls: { cert: "none", key } })).toThrow(
      /TLS certificate/,
    );
    const first = await TestHub.start({ tls });
    const port = first.hub.tlsPort;
    const second = new Hub({ storage: "memory", port: 0, tls: { ...tls, port } });
    await expect(second.listen()).rejects.toMatchObject({ code: "EADDRINUSE", port });
    expect(second.port).toBe(0);
    await second.close();
  });
});

describe("vh-python run", () => {
  it("listens for TLS too, and says where", async () => {
    const files = ["--tls-cert", certFile, "--tls-key", keyFile, "--tls-port", "0"];
    const run = new Command("run", "--port", "0", "--script", script("a.py", ""), ...files);
    await run.port();
    const port = Number(/nmdcs:\/\/127\.0\.0\.1:(\d+)/.exec(run.stdout)?.[1]);
    const al = await NmdcClient.login(port, { nick: "al", tls: true });
    al.say("hello");
    await al.next("<al> hello");
    al.close();
  });

  it.each([
    [["--tls-cert", "c.pem"], "TLS needs both --tls-cert and --tls-key"],
    [["--tls-port", "4112"], "TLS needs both --tls-cert and --tls-key"],
    [["--tls-cert", "none.pem", "--tls-key", "none.pem"], "none.pem"],
    [["--tls-cert", keyFile, "--tls-key", keyFile], "TLS certificate or its key cannot be used"],
    [["--tls-cert", "c", "--tls-key", "k", "--tls-port", "x"], "Not a TCP port: x"],
  ])("refuses %j", async (args, message) => {
    const run = new Command("run", "--port", "0", ...args);
    expect(await run.exit()).toBe(2);
    expect(run.stderr).toContain(message);
  });

  it("says that the port for TLS is in use", async () => {
    const hub = await TestHub.start();
    const port = String(hub.hub.port);
    const files = ["--tls-cert", certFile, "--tls-key", keyFile, "--tls-port", port];
    const run = new Command("run", "--port", "0", ...files);
    expect(await run.exit()).toBe(1);
    expect(run.stderr).toBe(
      `vh-python: cannot listen at nmdcs://127.0.0.1:${port}: the port is in use (try --tls-port N)\n`,
    );
  });
});
