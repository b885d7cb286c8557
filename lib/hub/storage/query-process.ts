/**
 * The process that runs the queries of scripts, on its own connection to the hub's database: what runs for ever ends
 * with it, at any point, as the database survives the end of any process.
 * @packageDocumentation
 */
import { Worker } from "node:worker_threads";
import { loadSqlite } from "./database.js";
import { addMySqlFunctions } from "./mysql.js";
import { runQuery, type SqlMode } from "./query.js";

/** What is asked of it. */
export interface Query {
  readonly query: string;
  readonly limit: number;
}

const [, , file = "", mode] = process.argv;
const db = new (loadSqlite())(file, { timeout: 1000 });
db.pragma("synchronous = FULL");
db.pragma("hard_heap_limit = 268435456");
addMySqlFunctions(db);

// A killed hub ends no query. One that runs on would hold this thread up, and the database from the next hub.
const watchHub = `setInterval(() => {
  if (process.ppid !== ${process.ppid}) process.kill(process.pid, "SIGKILL");
}, 250)`;
new Worker(watchHub, { eval: true }).unref();

// A terminal's Ctrl-C goes to all its processes; the hub, which ends in good order, still needs this one.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
process.on("disconnect", () => {
  db.close();
  process.exit();
});
process.on("message", ({ query, limit }: Query) => {
  process.send?.(runQuery(db, query, limit, mode as SqlMode));
});
process.send?.("ready");
