/**
 * Queries of scripts on the hub's database, by vh.SQL: the hub waits for each, but not for ever.
 * @packageDocumentation
 */
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { IN_MEMORY, type Database } from "./database.js";
import { addMySqlFunctions } from "./mysql.js";
import { runQuery, type QueryResult, type SqlMode } from "./query.js";
import type { BridgeData } from "./query-bridge.js";

/** From the sources, too, the compiled program: a thread cannot run TypeScript. */
const BRIDGE = new URL("../../../dist/hub/storage/query-bridge.js", import.meta.url);

/** How long a query may run, in milliseconds; the hub stands still meanwhile. */
const TIME_MS = 3000;

/** How long the thread and the process may take besides, to start or to end, in milliseconds. */
const START_MS = 15_000;

const DEFAULT_LIMIT = 100;

/** Runs the queries of scripts. */
export class Sql {
  readonly #db: Database;
  readonly #file: string;
  readonly #mode: SqlMode;
  readonly #timeMs: number;
  #bridge: Bridge | undefined;

  /** @param file - the database's path, or {@link IN_MEMORY}: then its queries have no time limit */
  constructor(db: Database, file: string, mode: SqlMode, timeMs = TIME_MS) {
    this.#db = db;
    this.#file = file;
    this.#mode = mode;
    this.#timeMs = timeMs;
    if (file === IN_MEMORY) addMySqlFunctions(db);
  }

  /** Runs one statement. @param limit - how many rows at most; below 1: 100 */
  query(query: string, limit: number): QueryResult {
    const rows = limit >= 1 ? limit : DEFAULT_LIMIT;
    if (this.#mode === "off") return { error: "vh.SQL is off on this hub" };
    if (this.#file === IN_MEMORY) return runQuery(this.#db, query, rows, this.#mode);
    this.#bridge ??= this.#newBridge();
    const result = this.#bridge.query(query, rows);
    if (result) return result;
    this.close();
    return { error: "The process for queries does not answer" };
  }

  close(): void {
    this.#bridge?.close();
    this.#bridge = undefined;
  }

  #newBridge(): Bridge {
    const bridge = new Bridge(this.#file, this.#mode, this.#timeMs, () => {
      if (this.#bridge === bridge) this.close();
    });
    return bridge;
  }
}

/** The thread that runs the process, made when the first query comes. */
class Bridge {
  readonly #worker: Worker;
  readonly #patienceMs: number;
  readonly #answered = new Int32Array(new SharedArrayBuffer(4));
  readonly #port;

  /** @param onEnd - told when the thread has ended: nobody would answer the next query */
  constructor(file: string, mode: SqlMode, timeMs: number, onEnd: () => void) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#patienceMs = START_MS + timeMs;
    const workerData = { file, mode, timeMs, port: port2, answered: this.#answered };
    this.#worker = new Worker(BRIDGE, {
      workerData: workerData satisfies BridgeData,
      transferList: [port2],
      execArgv: [],
    });
    this.#worker.on("error", () => undefined).on("exit", onEnd);
    this.#worker.unref();
    this.#port.unref();
  }

  /** Holds this thread up until the answer is there; undefined when none comes. */
  query(query: string, limit: number): QueryResult | undefined {
    Atomics.store(this.#answered, 0, 0);
    this.#port.postMessage({ query, limit });
    Atomics.wait(this.#answered, 0, 0, this.#patienceMs);
    return receiveMessageOnPort(this.#port)?.message as QueryResult | undefined;
  }

  /** Ends the thread; the process ends with its connection to it. */
  close(): void {
    this.#port.close();
    void this.#worker.terminate();
  }
}
