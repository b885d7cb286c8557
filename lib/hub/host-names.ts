/**
 * Names of addresses, from the name service: looked up in the background and remembered for a while.
 * @packageDocumentation
 */
import { Resolver } from "node:dns/promises";

/** How long an answer is good, in milliseconds: also that there is no name. */
const GOOD_MS = 3600_000;

/** How many answers are remembered. */
const REMEMBERED = 10_000;

/** What the name service says of an address without a name. */
const NO_NAME = new Set(["ENOTFOUND", "ENODATA"]);

interface Answer {
  readonly name: Promise<string | undefined>;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Looks names up, each address once at a time. */
export class HostNames {
  // Not the operating system's: that would hold the threads that files and passwords need, for as long as it likes.
  readonly #resolver = new Resolver({ timeout: 2000, tries: 2 });
  readonly #reverse: (ip: string) => Promise<string[]>;
  readonly #answers = new Map<string, Answer>();
  #closed = false;

  /** @param reverse - asks a name service for the names of an address; the system's by default */
  constructor(reverse?: (ip: string) => Promise<string[]>) {
    this.#reverse = reverse ?? ((ip) => this.#resolver.reverse(ip));
  }

  /** The name of an address, undefined when it has none or nobody answers. Never rejects. */
  async find(ip: string): Promise<string | undefined> {
    if (this.#closed) return undefined;
    const known = this.#answers.get(ip);
    if (known && known.until > Date.now()) return known.name;
    const name = this.#ask(ip);
    this.#answers.delete(ip);
    this.#answers.set(ip, { name, until: Date.now() + GOOD_MS });
    if (this.#answers.size > REMEMBERED) {
      const [oldest = ""] = this.#answers.keys();
      this.#answers.delete(oldest);
    }
    return name;
  }

  /** Ends what is being looked up, and looks nothing up any more. */
  close(): void {
    this.#closed = true;
    this.#resolver.cancel();
  }

  async #ask(ip: string): Promise<string | undefined> {
    try {
      const [name = ""] = await this.#reverse(ip);
      // Whoever has the address chooses its name.
      return /^[\w.-]{1,253}$/.test(name) ? name : undefined;
    } catch (error) {
      if (!NO_NAME.has(String((error as NodeJS.ErrnoException).code))) this.#answers.delete(ip);
      return undefined;
    }
  }
}
