/**
 * One TCP connection: cuts what arrives into lines, and keeps a broken or hostile peer from costing more than itself.
 * Bounded: the length of a line, what waits to be sent, and the time a peer has to take the last bytes.
 * @packageDocumentation
 */
import type { Socket } from "node:net";
import { CloseReason } from "./constants.js";

/** What one connection may cost. */
export interface Limits {
  /** The longest line, in bytes. */
  lineBytes: number;
  /** How much may wait to be sent before the next line, in bytes; a reader slower than that is disconnected. */
  backlogBytes: number;
  /** The time from connecting to being logged in, in milliseconds. */
  loginMs: number;
}

/** Room for any client that behaves. */
export const DEFAULT_LIMITS: Limits = {
  lineBytes: 64 * 1024,
  backlogBytes: 1024 * 1024,
  loginMs: 30_000,
};

/** How long a closing connection waits for its peer to take what was written, in milliseconds. */
const LINGER_MS = 1000;

const PIPE = 0x7c;

/** Who hears of a connection's lines and end. */
export interface ConnectionListener {
  /** A line arrived, without its `|`. */
  onLine(line: Buffer): void;
  /** The connection closed: once, whoever closed it. `reason` is one of vh.eCR_*. */
  onClose(reason: number): void;
}

/** The address of a socket's peer, an IPv4 one always as such. */
export function peerAddress(socket: Socket): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}

/** One accepted TCP connection. */
export class Connection {
  readonly #socket: Socket;
  readonly #limits: Limits;
  readonly #listener: ConnectionListener;
  #pending = Buffer.alloc(0);
  #open = true;
  #held = false;
  /** What the end means if the socket just ends. */
  #endReason: number = CloseReason.Quit;

  constructor(socket: Socket, limits: Limits, listener: ConnectionListener) {
    this.#socket = socket;
    this.#limits = limits;
    this.#listener = listener;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on("data", (chunk: Buffer) => {
      this.#receive(chunk);
    });
    // An error is always followed by "close".
    socket.on("error", () => undefined);
    socket.on("end", () => {
      this.close(this.#endReason);
    });
    socket.on("close", () => {
      this.close(this.#endReason);
    });
  }

  /** False once the connection is closing. */
  isOpen(): boolean {
    return this.#open;
  }

  /** Lets the lines that arrive wait until {@link release}, in their order. */
  hold(): void {
    this.#held = true;
    this.#socket.pause();
  }

  /** Takes the lines that have waited, and those that follow. */
  release(): void {
    this.#held = false;
    this.#socket.resume();
    this.#receive(Buffer.alloc(0));
  }

  /**
   * Sends bytes; a peer that does not take them is disconnected rather than waited for. Its end is told later, not from
   * here: it makes the hub write to all others, and thousands of slow readers must not nest.
   */
  write(bytes: Buffer): void {
    if (!this.#open || this.#socket.destroyed) return;
    if (this.#socket.writableLength <= this.#limits.backlogBytes) {
      this.#socket.write(bytes);
    } else {
      this.#endReason = CloseReason.Timeout;
      this.#socket.destroy();
    }
  }

  /** Sends what was written, then disconnects. */
  close(reason: number): void {
    if (!this.#open) return;
    this.#open = false;
    this.#pending = Buffer.alloc(0);
    this.#listener.onClose(reason);
    this.#socket.end();
    const linger = setTimeout(() => {
      this.#socket.destroy();
    }, LINGER_MS);
    this.#socket.once("close", () => {
      clearTimeout(linger);
    });
  }

  #receive(chunk: Buffer): void {
    if (!this.isOpen()) return;
    let rest = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    for (let end = rest.indexOf(PIPE); end >= 0 && !this.#held; end = rest.indexOf(PIPE)) {
      if (end > this.#limits.lineBytes) break;
      this.#listener.onLine(rest.subarray(0, end));
      if (!this.isOpen()) return;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > this.#limits.lineBytes && !this.#held) {
      this.close(CloseReason.Syntax);
    } else {
      this.#pending = Buffer.from(rest);
    }
  }
}
