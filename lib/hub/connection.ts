/**
 * One connection: cuts what arrives into lines, and keeps a broken or hostile peer from costing more than itself.
 * Bounded: the length of a line, how much comes in, what waits to be sent, and the time a peer has to take the last
 * bytes.
 * @packageDocumentation
 */
import { isAscii } from "node:buffer";
import { Socket } from "node:net";
// The global one is an accessor: a call for each packet.
import { performance } from "node:perf_hooks";
import type { Duplex } from "node:stream";
import { CloseReason } from "./constants.js";
import type { Codec } from "./encoding.js";
import type { Limits } from "./limits.js";
import { Outbox } from "./outbox.js";
import { TokenBucket } from "./token-bucket.js";

/** How long a closing connection waits for its peer to take what was written, in milliseconds. */
const LINGER_MS = 1000;

const PIPE = 0x7c;
const NOTHING = Buffer.alloc(0);

/** A line that means nothing: it shows that both ends are alive. */
const PING = "|";

/** How much is made text at once, in bytes: a part of it that is kept keeps all of it in memory. */
const PIECE_BYTES = 4096;

/** What the lines that came together have in common. */
export interface Arrival {
  /** When they came, by the clock of `performance.now()`. */
  readonly at: number;
  /** Whether all of it is ASCII. */
  readonly isAscii: boolean;
}

/** Who hears of a connection's lines and end. */
export interface ConnectionListener {
  /**
   * A line arrived, without its `|`.
   * @param wire - its characters are bytes
   */
  onLine(wire: string, arrival: Arrival): void;
  /** The connection closed: once, whoever closed it. `reason` is one of vh.eCR_*. */
  onClose(reason: number): void;
}

/** One accepted connection: TCP, TLS, or whatever carries bytes both ways. */
export class Connection {
  readonly #stream: Duplex;
  readonly #limits: Limits;
  readonly #listener: ConnectionListener;
  readonly #bytesIn: TokenBucket;
  readonly #outbox: Outbox;
  #pending = NOTHING;
  #open = true;
  #held = false;
  /** Whether something that the peer has asked for is in the outbox. */
  #asks = false;
  /** How much of what waits the peer has asked for, in bytes. */
  #asked = 0;
  /** What the end means if the stream just ends. */
  #endReason: number = CloseReason.Quit;

  constructor(stream: Duplex, codec: Codec, limits: Limits, listener: ConnectionListener) {
    this.#stream = stream;
    this.#limits = limits;
    this.#listener = listener;
    this.#bytesIn = new TokenBucket(limits.bytesIn);
    this.#outbox = new Outbox(codec, (bytes) => {
      this.#send(bytes);
    });
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
    const backlog = this.#outbox.length + this.#stream.writableLength;
    return backlog - this.#asked > this.#limits.backlogBytes / 2;
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
    this.#receive(NOTHING);
  }

  /**
   * Sends protocol; a peer that does not take it is disconnected rather than waited for. Its end is told later, not from
   * here: it makes the hub write to all others, and thousands of slow readers must not nest.
   * @param asked - whether it is the user list, which the peer has asked for: however long that is, it may take its time
   */
  write(data: string, asked = false): void {
    if (!this.#open || data === "") return;
    if (asked) this.#asks = true;
    this.#outbox.add(data);
  }

  /** Sends what was written, then disconnects. */
  close(reason: number): void {
    if (!this.#open) return;
    this.#open = false;
    this.#pending = NOTHING;
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

  /** Hands a batch to the system, unless too much waits there already. */
  #send(bytes: Buffer): void {
    const stream = this.#stream;
    if (stream.destroyed) return;
    const backlog = stream.writableLength;
    const keepsUp = backlog <= this.#limits.backlogBytes;
    // What was asked for before has gone, or counts no more than anything else.
    if (keepsUp) this.#asked = 0;
    if (backlog > this.#limits.backlogBytes + this.#asked) {
      this.#endReason = CloseReason.Timeout;
      stream.destroy();
      return;
    }
    stream.write(bytes);
    if (this.#asks && keepsUp) this.#asked = stream.writableLength - backlog;
    this.#asks = false;
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
    const at = performance.now();
    if (this.#bytesIn.take(chunk.length, at) !== "pass") {
      this.close(CloseReason.Kicked);
      return;
    }
    const bytes = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    const taken = this.#held ? 0 : this.#takeLines(bytes, { at, isAscii: isAscii(bytes) });
    if (!this.isOpen()) return;
    if (bytes.length - taken > this.#limits.lineBytes && !this.#held) {
      this.close(CloseReason.Syntax);
    } else {
      // A copy: the chunk may be a part of much more.
      this.#pending = taken < bytes.length ? Buffer.from(bytes.subarray(taken)) : NOTHING;
    }
  }

  /** Takes all lines that are complete, unless one of them is too long, ends the connection or has the others wait. */
  #takeLines(bytes: Buffer, arrival: Arrival): number {
    let taken = 0;
    for (let end = lastPipe(bytes, taken); end >= 0; end = lastPipe(bytes, taken)) {
      const piece = bytes.toString("latin1", taken, end + 1);
      for (let at = 0; at < piece.length;) {
        const pipe = piece.indexOf("|", at);
        if (pipe - at > this.#limits.lineBytes) return taken;
        taken += pipe + 1 - at;
        this.#listener.onLine(piece.slice(at, pipe), arrival);
        if (!this.#open || this.#held) return taken;
        at = pipe + 1;
      }
    }
    return taken;
  }
}

/** The last `|` of a piece that starts there, or the first one behind that; -1 if there is none. */
function lastPipe(bytes: Buffer, from: number): number {
  const end = bytes.length - 1;
  if (end < from) return -1;
  // Nearly all that comes is one line or a few, whole.
  if (end <= from + PIECE_BYTES && bytes[end] === PIPE) return end;
  const last = bytes.lastIndexOf(PIPE, from + PIECE_BYTES);
  return last >= from ? last : bytes.indexOf(PIPE, from + PIECE_BYTES);
}
