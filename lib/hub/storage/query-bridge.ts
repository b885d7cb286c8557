/**
 * The thread between the hub, which waits, and the process that runs the queries: starts it, gives it its time, and
 * kills it when that is over.
 * @packageDocumentation
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { workerData, type MessagePort } from "node:worker_threads";
import type { QueryResult, SqlMode } from "./query.js";
import type { Query } from "./query-process.js";

/** What the hub gives the thread. */
export interface BridgeData {
  readonly file: string;
  readonly mode: SqlMode;
  /** How long a query may run, in milliseconds. */
  readonly timeMs: number;
  readonly port: MessagePort;
  /** 1 when an answer is there. */
  readonly answered: Int32Array;
}

const PROGRAM = fileURLToPath(new URL("./query-process.js", import.meta.url));

const { file, mode, timeMs, port, answered } = workerData as BridgeData;
let child: ChildProcess | undefined;

port.on("message", (query: Query) => {
  void answer(query)
    .catch((error: unknown): QueryResult => ({ error: String(error) }))
    .then((result) => {
      port.postMessage(result);
      Atomics.store(answered, 0, 1);
      Atomics.notify(answered, 0);
    });
});

async function answer(query: Query): Promise<QueryResult> {
  child = child?.connected && !child.killed ? child : await start();
  const running = child;
  running.send(query);
  const timer = setTimeout(() => running.kill("SIGKILL"), timeMs);
  const result = await reply(running);
  clearTimeout(timer);
  if (result !== undefined) return result as QueryResult;
  return {
    error: running.killed
      ? `The query took longer than ${timeMs} ms and was stopped`
      : "The query ended the process that ran it",
  };
}

async function start(): Promise<ChildProcess> {
  const started = fork(PROGRAM, [file, mode], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  if ((await reply(started)) === undefined)
    throw new Error("The process for queries does not start");
  return started;
}

/** The process's next message; undefined once it has ended instead. */
async function reply(from: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const message = once(from, "message", { signal: ended.signal });
  const exit = once(from, "exit", { signal: ended.signal });
  const first = await Promise.race([message, exit.then(() => undefined)]);
  ended.abort();
  return (first as unknown[] | undefined)?.[0];
}
