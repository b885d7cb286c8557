/** A hub of all functions, or of some, that keeps their calls and answers what a test says. */
import type { HubApi } from "../../lib/index.js";
import { HUB_SIGNATURES } from "./vh-contract.js";

/** One call of a hub function: its name, then its arguments. */
export type Call = [name: string, ...args: unknown[]];

const ALL = HUB_SIGNATURES.map(({ name }) => name);

export class Recorder {
  readonly hub: Partial<HubApi>;
  /** What functions return, by name. */
  answers: Record<string, unknown> = {};
  readonly #calls: Call[] = [];

  constructor(names: readonly string[] = ALL) {
    const entries = names.map((name) => {
      const serve = (...args: unknown[]): unknown => {
        this.#calls.push([name, ...args]);
        const answer = this.answers[name];
        return typeof answer === "function"
          ? (answer as (...args: unknown[]) => unknown)(...args)
          : answer;
      };
      return [name, serve] as const;
    });
    this.hub = Object.fromEntries(entries);
  }

  /** Forgets calls and answers. */
  reset(): void {
    this.#calls.length = 0;
    this.answers = {};
  }

  /** The calls since the last time, of one function or of all. */
  take(name?: string): Call[] {
    return this.#calls.splice(0).filter(([called]) => name === undefined || called === name);
  }
}
