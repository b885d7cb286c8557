/**
 * The hub's way in: its ports, and what becomes of each connection.
 * @packageDocumentation
 */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Server as TlsServer } from "node:tls";
import { Hook } from "../hooks.js";
import { peerAddress } from "./addresses.js";
import { Admission, type Refusal } from "./admission.js";
import { isRefused } from "./banning.js";
import { Client } from "./client.js";
import { Connection } from "./connection.js";
import { CloseReason } from "./constants.js";
import { receive } from "./dispatch.js";
import type { Hub } from "./hub.js";
import type { Limits } from "./limits.js";
import { greet, onGone, tellGone } from "./login.js";
import { formatChat } from "./protocol.js";
import { createTlsServer, type TlsOptions } from "./tls.js";

const DEFAULT_TLS_PORT = 4112;

/** Where a client comes from. */
export interface Peer {
  readonly ip: string;
  readonly port: number;
}

/** Listens, lets in who may come, and holds all connections. */
export class Entrance {
  readonly #hub: Hub;
  readonly #limits: Limits;
  readonly #admission: Admission;
  readonly #plainDoor: Server;
  readonly #tlsDoor: Server | undefined;
  readonly #tlsPort: number;
  readonly #clients = new Set<Client>();
  /** Sockets that are not encrypted yet, by their peer. */
  readonly #handshakes = new Map<string, Socket>();

  /** @throws RangeError when the certificate and its key cannot be used */
  constructor(hub: Hub, limits: Limits, tls?: TlsOptions) {
    this.#hub = hub;
    this.#limits = limits;
    this.#admission = new Admission(limits);
    this.#tlsPort = tls?.port ?? DEFAULT_TLS_PORT;
    this.#plainDoor = this.#createDoor((socket) => {
      this.#acceptSocket(socket);
    });
    if (tls) this.#tlsDoor = this.#createTlsDoor(tls);
  }

  /** The port it listens on, 0 before it does. */
  get port(): number {
    return portOf(this.#plainDoor);
  }

  /** The port for TLS, 0 before it listens there, or when it does not. */
  get tlsPort(): number {
    return this.#tlsDoor ? portOf(this.#tlsDoor) : 0;
  }

  /** Starts to take clients. @throws Error with the system's code when an address cannot be had (EADDRINUSE) */
  async open(host: string, port: number): Promise<void> {
    await listen(this.#plainDoor, port, host);
    try {
      if (this.#tlsDoor) await listen(this.#tlsDoor, this.#tlsPort, host);
    } catch (error) {
      this.#plainDoor.close();
      throw error;
    }
  }

  /** Takes no more clients, at once. @returns when all that there are have gone */
  async close(): Promise<void> {
    const doors = [this.#plainDoor, ...(this.#tlsDoor ? [this.#tlsDoor] : [])];
    const closed = doors.filter(({ listening }) => listening).map((door) => once(door, "close"));
    for (const door of doors) door.close();
    for (const socket of this.#handshakes.values()) socket.destroy();
    await Promise.all(closed);
  }

  /** Takes a client that came by another way than a port, or hangs up on it as on any other. */
  enter(stream: Duplex, peer: Peer): void {
    if (this.#admit(stream, peer.ip, true)) this.#accept(stream, peer);
  }

  /** Disconnects everybody. */
  disconnectAll(): void {
    for (const { connection } of this.#clients) connection.close(CloseReason.Default);
  }

  #createDoor(onAdmitted: (socket: Socket) => void, tell = true): Server {
    const door = createServer((socket) => {
      const ip = peerAddress(socket);
      // Without one it has been reset while it waited to be accepted.
      if (ip === "") socket.on("error", () => undefined).destroy();
      else if (this.#admit(socket, ip, tell)) onAdmitted(socket);
    });
    // Failing to listen is told by open(); failing to accept concerns that connection alone.
    return door.on("error", () => undefined);
  }

  #createTlsDoor(tls: TlsOptions): Server {
    const encrypting: TlsServer = createTlsServer(tls, this.#limits.loginMs, (socket) => {
      this.#handshakes.delete(peerOf(socket));
      this.#acceptSocket(socket);
    });
    const onAdmitted = (socket: Socket) => {
      const peer = peerOf(socket);
      this.#handshakes.set(peer, socket);
      socket.once("close", () => this.#handshakes.delete(peer));
      encrypting.emit("connection", socket);
    };
    // Who is refused is not worth a handshake, and understands nothing without one.
    return this.#createDoor(onAdmitted, false);
  }

  /** Counts a connection until it closes, or refuses it. */
  #admit(stream: Duplex, ip: string, tell: boolean): boolean {
    // Nothing to be done: "close" follows.
    stream.on("error", () => undefined);
    const refusal = this.#admission.enter(ip, this.#hub.users.listening().length);
    if (refusal) {
      this.#refuse(stream, ip, refusal, tell);
      return false;
    }
    stream.once("close", () => {
      this.#admission.leave(ip);
    });
    return true;
  }

  /** Hangs up. For the scripts too it is a connection that closed, unless they would hear it over and over. */
  #refuse(stream: Duplex, ip: string, { reason, why, silent }: Refusal, tell: boolean): void {
    if (silent) {
      stream.destroy();
      return;
    }
    const { codec, botName } = this.#hub;
    if (tell) stream.write(codec.encode(formatChat(botName, why)));
    stream.end(() => stream.destroy());
    tellGone(this.#hub, ip, reason, "");
  }

  #acceptSocket(socket: Socket): void {
    const ip = peerAddress(socket);
    // Without one it has been reset during the handshake.
    if (ip === "") socket.on("error", () => undefined).destroy();
    else this.#accept(socket, { ip, port: socket.remotePort ?? 0 });
  }

  #accept(stream: Duplex, peer: Peer): void {
    const connection = new Connection(stream, this.#hub.codec, this.#limits, {
      onLine: (wire, arrival) => {
        try {
          receive(client, wire, arrival);
        } catch (error) {
          client.fail(error);
        }
      },
      onClose: (reason) => {
        clearTimeout(deadline);
        this.#clients.delete(client);
        try {
          onGone(client, reason);
        } catch (error) {
          this.#hub.warn(String(error));
        }
      },
    });
    const client = new Client(this.#hub, connection, peer);
    const deadline = setTimeout(() => {
      if (!client.user?.listed) client.expel(CloseReason.Timeout, "Your login took too long.");
    }, this.#limits.loginMs).unref();
    this.#clients.add(client);
    try {
      const { ip } = peer;
      if (client.require(Hook.OnNewConn, ip) && !isRefused(client, { ip })) greet(client);
    } catch (error) {
      client.fail(error);
    }
  }
}

async function listen(door: Server, port: number, host: string): Promise<void> {
  door.listen(port, host);
  await once(door, "listening");
}

function portOf(door: Server): number {
  return (door.address() as AddressInfo | null)?.port ?? 0;
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ""} ${String(socket.remotePort)}`;
}
