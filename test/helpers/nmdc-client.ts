/** A small NMDC client for the tests, written from the protocol's description and sharing no code with the hub. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { inflateSync, type Inflate } from "node:zlib";
import iconv from "iconv-lite";

export interface ClientOptions {
  nick: string;
  /** The whole tag, or the mode alone. */
  tag?: string;
  password?: string;
  encoding?: string;
  supports?: string;
  share?: string;
  /** Where the hub is; "127.0.0.1" unless given. */
  host?: string;
  /** Whether to encrypt, whatever the certificate. */
  tls?: boolean;
}

const DEADLINE_MS = 5000;
const SUPPORTS = "NoGetINFO NoHello";
const ZIP_START = Buffer.from("$ZOn");

/** The key for a lock, from the protocol's description. */
export function keyFor(lock: string): Buffer {
  const l = Buffer.from(lock, "latin1");
  const k = Buffer.alloc(l.length);
  for (let i = 1; i < l.length; i++) k[i] = (l[i] ?? 0) ^ (l[i - 1] ?? 0);
  k[0] = (l[0] ?? 0) ^ (l.at(-1) ?? 0) ^ (l.at(-2) ?? 0) ^ 5;
  const parts = [...k].map((byte) => {
    const swapped = ((byte << 4) & 240) | ((byte >> 4) & 15);
    return [0, 5, 36, 96, 124, 126].includes(swapped)
      ? Buffer.from(`/%DCN${String(swapped).padStart(3, "0")}%/`)
      : Buffer.of(swapped);
  });
  return Buffer.concat(parts);
}

export class NmdcClient {
  readonly nick: string;
  readonly socket: Socket;
  readonly options: ClientOptions;
  /** Every line received, without its `|`; what came compressed, as it was before. */
  readonly lines: string[] = [];
  /** How many bytes came in all, and how many of them were compressed. */
  readonly received = { bytes: 0, zipped: 0 };
  /** Resolves when the hub has closed the connection. */
  readonly closed: Promise<void>;
  #read = 0;
  #pending = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  private constructor(socket: Socket, options: ClientOptions) {
    this.socket = socket;
    this.options = options;
    this.nick = options.nick;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
        this.#wake();
      });
    });
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      this.#receive(chunk);
    });
  }

  static async connect(port: number, options: ClientOptions): Promise<NmdcClient> {
    const { host = "127.0.0.1", tls = false } = options;
    const socket = tls
      ? connectTls({ port, host, rejectUnauthorized: false })
      : connect(port, host);
    await once(socket, tls ? "secureConnect" : "connect");
    return new NmdcClient(socket, options);
  }

  /** Connects and logs in, until the hub's answer to $GetNickList. */
  static async login(port: number, options: ClientOptions): Promise<NmdcClient> {
    const client = await NmdcClient.connect(port, options);
    await client.handshake();
    await client.next(`$Hello ${client.nick}`);
    client.send(`$Version 1,0091|$GetNickList|${client.info()}|`);
    await client.next(/^\$OpList /);
    return client;
  }

  /** From $Lock to $ValidateNick, and $MyPass when there is a password. */
  async handshake(): Promise<void> {
    const lock = /^\$Lock (\S+) Pk=/.exec(await this.next(/^\$Lock /))?.[1] ?? "";
    this.send(`$Supports ${this.options.supports ?? SUPPORTS}|`);
    this.sendBytes(Buffer.concat([Buffer.from("$Key "), keyFor(lock), Buffer.from("|")]));
    this.send(`$ValidateNick ${this.nick}|`);
    if (this.options.password === undefined) return;
    await this.next("$GetPass");
    this.send(`$MyPass ${this.options.password}|`);
  }

  /** The client's own $MyINFO line. */
  info(): string {
    const { tag = "A", share = "0" } = this.options;
    const whole = tag.length === 1 ? `<Test V:1,M:${tag},H:1/0/0,S:3>` : tag;
    return `$MyINFO $ALL ${this.nick} test${whole}$ $LAN\u0001$${this.nick}@example.org$${share}$`;
  }

  send(data: string): void {
    this.sendBytes(iconv.encode(data, this.options.encoding ?? "utf8"));
  }

  sendBytes(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  say(text: string): void {
    this.send(`<${this.nick}> ${text}|`);
  }

  pm(target: string, text: string): void {
    this.send(`$To: ${target} From: ${this.nick} $<${this.nick}> ${text}|`);
  }

  /** The next line that is, or matches, what is given; what came before it counts as read. */
  async next(wanted: string | RegExp): Promise<string> {
    const matches = (line: string) =>
      typeof wanted === "string" ? line === wanted : wanted.test(line);
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      while (this.#read < this.lines.length) {
        const line = this.lines[this.#read++] ?? "";
        if (matches(line)) return line;
      }
      const left = deadline - Date.now();
      if (this.socket.closed || left <= 0) {
        const why = this.socket.closed ? "the hub closed the connection" : "time is up";
        throw new Error(
          `${this.nick} waits for ${String(wanted)}: ${why}. Lines:\n${this.lines.join("\n")}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Waits until the hub has dealt with all that was sent, and returns what it sent meanwhile. */
  async sync(): Promise<string[]> {
    const from = this.#read;
    this.send(`$UserIP ${this.nick}|`);
    await this.next(/^\$UserIP /);
    return this.lines.slice(from, this.#read - 1);
  }

  close(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.received.bytes += chunk.length;
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (let end = this.#pending.indexOf("|"); end >= 0; end = this.#pending.indexOf("|")) {
      if (this.#pending.subarray(0, end).equals(ZIP_START)) {
        if (!this.#unzip(end + 1)) break;
        continue;
      }
      this.lines.push(
        iconv.decode(this.#pending.subarray(0, end), this.options.encoding ?? "utf8"),
      );
      this.#pending = this.#pending.subarray(end + 1);
    }
    this.#wake();
  }

  /** Puts the zlib stream that starts there into plain text, once all of it has come. */
  #unzip(start: number): boolean {
    let unzipped: { buffer: Buffer; engine: Inflate };
    try {
      // With `info` it is an object, which the types do not know.
      const result: unknown = inflateSync(this.#pending.subarray(start), { info: true });
      unzipped = result as typeof unzipped;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "Z_BUF_ERROR") return false;
      throw error;
    }
    const length = unzipped.engine.bytesWritten;
    this.received.zipped += length;
    this.#pending = Buffer.concat([unzipped.buffer, this.#pending.subarray(start + length)]);
    return true;
  }
}
