/**
 * One connection: cuts what arrives into lines, and keeps a broken or hostile peer from costing more than itself.
 * Bounded: the length of a line, how much comes in, what waits to be sent, and the time a peer has to take the last
 * bytes.
 * @packageDocumentation
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { CloseReason } from "./constants.js";
import type { Limits } from "./limits.js";
import { Outbox } from "./outbox.js";
import { TokenBucket } from "./token-bucket.js";

/** How long a closing connection waits for its peer to take what was written, in milliseconds. */
const LINGER_MS = 1000;

const PIPE = 0x7c;

/** A line that means nothing: it shows that both ends are alive. */
const PING = Buffer.from("|");

/** Who hears of a connection's lines and end. */
export interface ConnectionListener {
  /** A line arrived, without its `|`. */
  onLine(line: Buffer): void;
  /** The connection closed: once, whoever closed it. `reason` is one of vh.eCR_*. */
  onClose(reason: number): void;
}

/** One accepted connection: TCP, TLS, or whatever carries bytes both ways. */
export class Connection {
  readonly #stream: Duplex;
  readonly #limits: Limits;
  readonly #listener: ConnectionListener;
  readonly #bytesIn: TokenBucket;
  readonly #outbox = new Outbox((bytes) => {
    if (!this.#stream.destroyed) this.#stream.write(bytes);
  });
  #pending = Buffer.alloc(0);
  #open = true;
  #held = false;
  /** How much of what waits the peer has asked for. */
  #asked = 0;
  /** What the end means if the stream just ends. */
  #endReason: number = CloseReason.Quit;

  constructor(stream: Duplex, limits: Limits, listener: ConnectionListener) {
    this.#stream = stream;
    this.#limits = limits;
    this.#listener = listener;
    this.#bytesIn = new TokenBucket(limits.bytesIn);
    // Whether another stream's peer still lives, the one who made it has to know.
    if (stream instanceof Socket) this.#keepAlive(stream);
    stream.on("data", (chunk: Buffer) => {
      this.#receive(chunk);
    });
    // An error is always followed by "close".
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ETIMEDOUT") this.#endReason = CloseReason.Timeout;
    });
    stream.on("end", () => {
      this.close(this.#endReason);
    });
    stream.on("close", () => {
      this.close(this.#endReason);
    });
  }

  /** The hub's port that the peer came to. */
  get localPort(): number {
    return this.#stream instanceof Socket ? (this.#stream.localPort ?? 0) : 0;
  }

  /** False once the connection is closing. */
  isOpen(): boolean {
    return this.#open;
  }

  /** From now on the peer gets long batches compressed (`$ZOn`). */
  compress(): void {
    this.#outbox.zips = true;
  }

  /** Whether half of what may wait for the peer waits. */
  lags(): boolean {
    return this.#backlog() - this.#asked > this.#limits.backlogBytes / 2;
  }

  /** Lets the lines that arrive wait until {@link release}, in their order. */
  hold(): void {
    this.#held = true;
    this.#stream.pause();
  }

  /** Takes the lines that have waited, and those that follow. */
  release(): void {
    this.#held = false;
    this.#stream.resume();
    this.#receive(Buffer.alloc(0));
  }

  /**
   * Sends bytes; a peer that does not take them is disconnected rather than waited for. Its end is told later, not from
   * here: it makes the hub write to all others, and thousands of slow readers must not nest.
   * @param asked - whether it is the user list, which the peer has asked for: however long that is, it may take its time
   */
  write(bytes: Buffer, asked = false): void {
    if (!this.#open || this.#stream.destroyed || bytes.length === 0) return;
    const backlog = this.#backlog();
    if (backlog <= this.#limits.backlogBytes) {
      // What was asked for before has gone, or counts no more than anything else.
      this.#asked = asked ? bytes.length : 0;
    }
    if (backlog <= this.#limits.backlogBytes + this.#asked) {
      this.#outbox.add(bytes);
    } else {
      this.#endReason = CloseReason.Timeout;
      this.#stream.destroy();
    }
  }

  /** Sends what was written, then disconnects. */
  close(reason: number): void {
    if (!this.#open) return;
    this.#open = false;
    this.#pending = Buffer.alloc(0);
    this.#listener.onClose(reason);
    this.#outbox.flush();
    this.#stream.end();
    const linger = setTimeout(() => {
      this.#stream.destroy();
    }, LINGER_MS);
    this.#stream.once("close", () => {
      clearTimeout(linger);
    });
  }

  #backlog(): number {
    return this.#outbox.length + this.#stream.writableLength;
  }

  #keepAlive(socket: Socket): void {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.setTimeout(this.#limits.keepAliveMs);
    socket.on("timeout", () => {
      this.#onStillness();
    });
  }

  /** Nothing came or went for a while: a peer that was to take something has died, any other may be asleep. */
  #onStillness(): void {
    if (this.#stream.writableLength > 0) this.close(CloseReason.ToAnyAction);
    else this.write(PING);
  }

  #receive(chunk: Buffer): void {
    if (!this.isOpen()) return;
    if (this.#bytesIn.take(chunk.length) !== "pass") {
      this.close(CloseReason.Kicked);
      return;
    }
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
