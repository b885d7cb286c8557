/**
 * What the hub sends, gathered over one turn of the event loop: a peer gets all of it in one write. What many peers
 * get alike is joined, and compressed, once.
 * @packageDocumentation
 */
import { constants, deflateSync } from "node:zlib";

/** What is sent without waiting for the turn's end, in bytes: from then on the kernel says how fast the peer reads. */
const FLUSH_BYTES = 64 * 1024;

/** The least that is worth compressing, in bytes. */
const ZIP_BYTES = 1024;

/** `$ZOn|`: a complete zlib stream follows, then plain lines again. */
const ZIP_START = Buffer.from("$ZOn|");

/** Lines that go out together, as wire text. */
class Batch {
  readonly #parts: readonly string[];
  #joined: Buffer | undefined;
  #zipped: Buffer | undefined;

  constructor(parts: readonly string[]) {
    this.#parts = parts;
  }

  /** Whether the batch consists of the same lines. */
  consistsOf(parts: readonly string[]): boolean {
    return this.#parts.length === parts.length && this.#parts.every((part, i) => part === parts[i]);
  }

  /** What is sent; compressed only where that makes it shorter. */
  bytes(zip: boolean): Buffer {
    this.#joined ??= Buffer.from(this.#parts.join(""), "latin1");
    if (!zip || this.#joined.length < ZIP_BYTES) return this.#joined;
    this.#zipped ??= compress(this.#joined);
    return this.#zipped;
  }
}

function compress(bytes: Buffer): Buffer {
  const stream = deflateSync(bytes, { level: constants.Z_BEST_SPEED });
  const zipped = Buffer.concat([ZIP_START, stream]);
  return zipped.length < bytes.length ? zipped : bytes;
}

/** What waits for the end of this turn. */
let due: Outbox[] = [];

function flushDue(): void {
  const outboxes = due;
  due = [];
  let batch: Batch | undefined;
  for (const outbox of outboxes) batch = outbox.flush(batch);
}

/** The lines that one peer gets at the end of this turn. */
export class Outbox {
  /** Whether the peer understands `$ZOn`. */
  zips = false;
  readonly #write: (bytes: Buffer) => void;
  #parts: string[] = [];
  #length = 0;

  /** @param write sends bytes to the peer */
  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  /** How many bytes wait. */
  get length(): number {
    return this.#length;
  }

  /** Sends wire text, at the end of this turn at the latest. */
  add(wire: string): void {
    if (this.#parts.length === 0 && due.push(this) === 1) setImmediate(flushDue);
    this.#parts.push(wire);
    this.#length += wire.length;
    if (this.#length >= FLUSH_BYTES) this.flush();
  }

  /**
   * Sends what waits, now.
   * @param like what another outbox has sent: used again if it is the same
   * @returns what was sent, or `like` when nothing waited
   */
  flush(like?: Batch): Batch | undefined {
    if (this.#parts.length === 0) return like;
    const batch = like?.consistsOf(this.#parts) ? like : new Batch(this.#parts);
    this.#parts = [];
    this.#length = 0;
    this.#write(batch.bytes(this.zips));
    return batch;
  }
}
