// The child's side of child.ts: what a body works with, and the proof that all is well after it.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { Worker } from "node:worker_threads";

const dist = (name) =>
  pathToFileURL(path.join(process.env.VH_TEST_ROOT, "dist", `${name}.js`)).href;
const entry = dist("index");
const facade = await import(entry);
const folder = process.cwd();

const WITNESS = `
import vh
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
heard = 0

def OnParsedMsgChat(nick, msg):
    global heard
    heard += 1

def count():
    return heard

def count_interpreters():
    return len(interpreters.list_all())
`;

const THREADED = `
import threading, time
threading.Thread(target=time.sleep, args=(0.001,)).start()
`;

/** Takes off the indentation that all lines of a text share. */
function dedent(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const indents = lines.map((line) => line.length - line.trimStart().length);
  const shared = Math.min(...indents);
  return text.replace(new RegExp(`^ {${shared}}`, "gm"), "");
}

let opened = [];
const errors = [];
const warnings = [];
const prints = [];
let files = 0;

function open(hub = {}, options = {}) {
  const host = new facade.ScriptHost({ hub, baseDir: folder });
  host.on("error", (error, { hook = "" }) =>
    errors.push(`${error.pythonType ?? error.message} ${hook}`.trim()),
  );
  host.on("warning", ({ message }) => warnings.push(message));
  host.on("print", ({ text }) => prints.push(text));
  const witness = host.load(kit.write(WITNESS, `witness${opened.length}.py`), options);
  opened.push({ host, witness, interpreters: options.interpreter === "main" ? 0 : 1 });
  return host;
}

const kit = {
  assert,
  facade,
  fs,
  module: (name) => import(dist(name)),
  folder,
  errors,
  warnings,
  prints,
  kept: 0,
  get host() {
    return opened.at(-1)?.host ?? open();
  },
  open,
  write(source, name = `script${++files}.py`) {
    const file = path.join(folder, name);
    fs.writeFileSync(file, typeof source === "string" ? dedent(source) : source);
    return file;
  },
  plugin(file, hub) {
    open(hub).loadPlugin(file);
    const caller = kit.load("import vh\ndef call(*args): return vh.CallDynamicFunction(*args)");
    return (...args) => caller.call("call", ...args);
  },
  load(source, { name, ...options } = {}) {
    return kit.host.load(kit.write(source, name), options);
  },
  fails(source, name) {
    const file = kit.write(source, name);
    try {
      kit.host.load(file);
    } catch (error) {
      assert.ok(error instanceof facade.ScriptLoadError, String(error));
      return error;
    }
    return assert.fail(`${file} loads`);
  },
  chat: (msg = "hello") => kit.host.dispatch("OnParsedMsgChat", "alice", msg),
  async until(condition) {
    for (let i = 0; i < 3000 && !condition(); i++) await sleep(10);
    assert.ok(condition(), `not in time: ${condition}`);
  },
  sleep,
  inTime(start, ms) {
    const time = performance.now() - start;
    assert.ok(time < ms + 4000, `${time} ms`);
  },
  worker(body, data = null, options = {}) {
    const worker = new Worker(path.join(import.meta.dirname, "child-worker.mjs"), {
      ...options,
      workerData: { entry, body: String(body), data },
    });
    const messages = [];
    worker.on("message", (message) => messages.push(message));
    worker.on("error", (error) => messages.push(error.message));
    return { worker, messages, ended: new Promise((resolve) => worker.on("exit", resolve)) };
  },
  interpreters() {
    void kit.host;
    return opened.find(({ host }) => !host.closed).witness.call("count_interpreters");
  },
  async warm() {
    const host = open({ mc: () => true, pm: () => true });
    for (const interpreter of ["own", "main"]) {
      const script = kit.load(THREADED, { interpreter });
      await sleep(20);
      script.unload();
    }
    return host;
  },
  census: () => ({
    interpreters: kit.interpreters(),
    held: [kit.host.stats.interpreters, kit.host.stats.threads, kit.host.stats.zombies],
    threads: readAll("/proc/self/task", (file) => fs.readFileSync(`${file}/comm`, "utf8").trim()),
    files: readAll("/proc/self/fd", (file) => fs.readlinkSync(file)),
  }),
  async settles(before, meanwhile) {
    for (let i = 0; i < 500 && !isDeepStrictEqual(kit.census(), before); i++) {
      meanwhile?.();
      await sleep(20);
    }
    assert.deepEqual(kit.census(), before);
  },
};

/** What a function says of each entry of a folder; of those that are gone by then, nothing. */
function readAll(folder, read) {
  const entry = (name) => {
    try {
      return [read(path.join(folder, name))];
    } catch {
      return [];
    }
  };
  return fs.readdirSync(folder).flatMap(entry).sort();
}

/**
 * With everything else unloaded, the witnesses are whole and nothing but the main and their interpreters exists. One
 * host goes on to serve the next body, if this one spared it.
 */
function prove() {
  void kit.host; // opened even if the body needed none
  for (const { host, witness } of opened) {
    if (host.closed) continue;
    for (const script of host.scripts) if (script !== witness) script.unload();
    const heard = witness.call("count");
    assert.deepEqual(host.dispatch("OnParsedMsgChat", "a", "b"), {
      allowed: true,
      args: ["a", "b"],
    });
    assert.equal(witness.call("count"), heard + 1);
    const fresh = host.load(kit.write("def add(a, b): return a + b"));
    assert.equal(fresh.call("add", 2, 3), 5);
    fresh.unload();
    assert.deepEqual(host.scripts, [witness]);
  }
  const alive = opened.filter(({ host }) => !host.closed);
  const witnesses = alive.reduce((sum, { interpreters }) => sum + interpreters, 0);
  if (alive.length > 0) assert.equal(kit.interpreters(), 1 + witnesses + kit.kept);
  opened = alive.splice(0, 1);
  for (const { host } of alive) host.close();
}

/**
 * Runs bodies one after the other, and proves after each that it did no harm. Says which one it runs, for when that is
 * the last word; the very last line says that all is done.
 */
export async function run(bodies, args, proved) {
  for (const [name, body] of Object.entries(bodies)) {
    if (proved) console.log(name);
    await body(kit, ...args);
    if (!proved) return;
    prove();
    for (const list of [errors, warnings, prints]) list.length = 0;
  }
  console.log("done");
}
