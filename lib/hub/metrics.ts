/**
 * What the hub and its scripts do, in numbers for a monitoring system (Prometheus).
 * @packageDocumentation
 */
import type { Registry } from "prom-client";
import type { HookStats, ScriptStats } from "../stats.js";
import type { Hub } from "./hub.js";
import { requireOptional } from "./optional.js";

type Prometheus = typeof import("prom-client");

/** A value, and what it is of. */
type Sample = readonly [labels: Record<string, string>, value: number];

/** What measures a process goes on for as long as that lives: once for all hubs in it. */
let ofProcess: Registry | undefined;

/** The measurements of one hub, and those of its process. */
export class Metrics {
  readonly #prometheus: Prometheus;
  readonly #own: Registry;
  readonly #all: Registry;
  /** Counts what clients send. @param kind - a command of the protocol, "chat" or "unknown" */
  readonly received: (kind: string) => void;

  /** @throws SetupError when prom-client is not installed */
  constructor(hub: Hub) {
    this.#prometheus = requireOptional("prom-client", "The metrics port") as Prometheus;
    const { Counter, Registry, collectDefaultMetrics } = this.#prometheus;
    this.#own = new Registry();
    const messages = new Counter({
      name: "vh_messages_received_total",
      help: "Messages of clients, by the protocol's command; chat: main chat, commands included",
      labelNames: ["kind"],
      registers: [this.#own],
    });
    this.received = (kind) => {
      messages.inc({ kind });
    };
    this.#addGauges(hub);
    this.#addCounters(hub);
    if (!ofProcess) {
      ofProcess = new Registry();
      collectDefaultMetrics({ register: ofProcess });
    }
    this.#all = Registry.merge([this.#own, ofProcess]);
  }

  /** The type of {@link format}'s text, for HTTP. */
  get contentType(): string {
    return this.#all.contentType;
  }

  /** All measurements now, as Prometheus reads them. */
  format(): Promise<string> {
    return this.#all.metrics();
  }

  #addGauges({ users, scripts }: Hub): void {
    const add = (name: string, help: string, value: () => number) => {
      new this.#prometheus.Gauge({
        ...{ name, help, registers: [this.#own] },
        collect() {
          this.set(value());
        },
      });
    };
    add("vh_users", "Users who are logged in", () => users.listening().length);
    add("vh_scripts", "Scripts that are loaded", () => scripts.stats.scripts);
    add("vh_zombies", "Unloaded scripts whose threads live on", () => scripts.stats.zombies);
    add("vh_threads", "Threads that scripts started", () => scripts.stats.threads);
    add("vh_interpreters", "Python interpreters", () => scripts.stats.interpreters);
    // Python's allocator does not tell for which script it works.
    const memory = "Memory of the process: the hub's and all scripts' together";
    add("vh_memory_bytes", memory, () => scripts.stats.memory);
  }

  /** A script's counters begin anew when it is reloaded; one file that is loaded twice is counted as one script. */
  #addCounters({ scripts }: Hub): void {
    const add = (name: string, help: string, samples: (stats: ScriptStats) => Sample[]) => {
      new this.#prometheus.Counter({
        ...{ name, help, registers: [this.#own], labelNames: ["script", "path", "hook"] },
        collect() {
          this.reset();
          for (const { name: script, path, stats } of scripts.scripts) {
            for (const [labels, value] of samples(stats)) {
              this.inc({ script, path, ...labels }, value);
            }
          }
        },
      });
    };
    const byHook =
      (value: (stats: HookStats) => number) =>
      ({ hooks }: ScriptStats): Sample[] =>
        Object.entries(hooks).map(([hook, stats]) => [{ hook }, value(stats)]);
    const ofScript = (value: (stats: ScriptStats) => number) => (stats: ScriptStats) => [
      [{}, value(stats)] as const,
    ];
    const calls = byHook((stats) => stats.calls);
    const errors = byHook((stats) => stats.errors);
    const seconds = byHook((stats) => stats.timeMs / 1000);
    add("vh_script_calls_total", "Calls of a script's hooks", calls);
    add("vh_script_errors_total", "Exceptions that came out of a script's hooks", errors);
    add("vh_script_seconds_total", "Time in a script's hooks, estimated from samples", seconds);
    const timeouts = ofScript((stats) => stats.timeouts);
    const vhCalls = ofScript((stats) => stats.vhCalls);
    add("vh_script_timeouts_total", "Times that a script took too long", timeouts);
    add("vh_script_vh_calls_total", "Calls of vh functions by a script", vhCalls);
  }
}
