/**
 * What the hub sends, gathered over one turn of the event loop: a peer gets all of it in one write. What many peers
 * get alike is joined, encoded and compressed once.
 * @packageDocumentation
 */
import { constants, deflateSync } from "node:zlib";
import type { Codec } from "./encoding.js";

/**
 * How many characters do not wait for the turn's end: from then on the kernel says how fast the peer reads. More in one
 * piece than a processor's nearest caches hold costs more, and a TLS record takes no more either.
 */
const FLUSH_LENGTH = 16 * 1024;

/** The least that is worth compressing, in bytes. */
const ZIP_BYTES = 1024;

/** `$ZOn|`: a complete zlib stream follows, then plain lines again. */
const ZIP_START = Buffer.from("$ZOn|");

/** Lines that go out together. */
class Batch {
  readonly #parts: readonly string[];
  readonly #codec: Codec;
  #encoded: Buffer | undefined;
  #zipped: Buffer | undefined;

  constructor(parts: readonly string[], codec: Codec) {
    this.#parts = parts;
    this.#codec = codec;
  }

  /** Whether the batch consists of the same lines, in the same encoding. */
  consistsOf(parts: readonly string[], codec: Codec): boolean {
    return (
      this.#codec === codec &&
      this.#parts.length === parts.length &&
      this.#parts.every((part, i) => part === parts[i])
    );
  }

  /** What is sent; compressed only where that makes it shorter. */
  bytes(zip: boolean): Buffer {
    this.#encoded ??= this.#codec.encode(this.#parts.join(""));
    if (!zip || this.#encoded.length < ZIP_BYTES) return this.#encoded;
    this.#zipped ??= compress(this.#encoded);
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

/** What was sent in this turn, the latest last: used again for peers that get the same. */
let recent: Batch[] = [];

/** How many of these are kept: some peers get searches of one form, some of another, some none. */
const MAX_RECENT = 8;

function flushDue(): void {
  const outboxes = due;
  due = [];
  for (const outbox of outboxes) outbox.flush();
  recent = [];
}

/** The lines that one peer gets at the end of this turn. */
export class Outbox {
  /** Whether the peer understands `$ZOn`. */
  zips = false;
  readonly #codec: Codec;
  readonly #write: (bytes: Buffer) => void;
  #parts: string[] = [];
  #length = 0;

  /** @param write sends bytes to the peer */
  constructor(codec: Codec, write: (bytes: Buffer) => void) {
    this.#codec = codec;
    this.#write = write;
  }

  /** How many characters wait. */
  get length(): number {
    return this.#length;
  }

  /** Sends protocol, at the end of this turn at the latest. */
  add(data: string): void {
    if (this.#parts.length === 0 && due.push(this) === 1) setImmediate(flushDue);
    this.#parts.push(data);
    this.#length += data.length;
    if (this.#length >= FLUSH_LENGTH) this.flush();
  }

  /** Sends what waits, now. */
  flush(): void {
    if (this.#parts.length === 0) return;
    const parts = this.#parts;
    const batch = recent.find((sent) => sent.consistsOf(parts, this.#codec)) ?? this.#batch(parts);
    this.#parts = [];
    this.#length = 0;
    this.#write(batch.bytes(this.zips));
  }

  #batch(parts: readonly string[]): Batch {
    const batch = new Batch(parts, this.#codec);
    if (recent.push(batch) > MAX_RECENT) recent.shift();
    return batch;
  }
}
