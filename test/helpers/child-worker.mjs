// A worker thread of a child process: runs the body that kit.worker() gave it.
import fs from "node:fs";
import { parentPort, threadId, workerData } from "node:worker_threads";

const { entry, body, data } = workerData;
const { ScriptHost } = await import(entry);

const post = (message) => parentPort.postMessage(message);
const host = new ScriptHost({ hub: { Topic: () => "worker" } });
host.on("error", (error) => post(error.pythonType));
host.on("print", ({ text }) => post(text));
let files = 0;

function load(source, options) {
  const file = `worker${threadId}_${++files}.py`;
  fs.writeFileSync(file, source);
  return host.load(file, options);
}

await (0, eval)(`(${body})`)({ host, load, post, data });
