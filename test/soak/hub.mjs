// The soak's hub, in a process of its own: `hub.mjs SECONDS SEED`. Plays rounds of random actions; after each, with all
// unloaded, it must be as it was at the start. Tells its parent what it does, for when that is the last word.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import * as facade from "../../dist/index.js";
import { ACTIONS, HOOK_MS, UNLOAD_MS } from "./actions.mjs";
import { generator } from "./random.mjs";
import { BUSY, HANGS, LIVE, script as source } from "./script.mjs";

const [seconds, seed] = process.argv.slice(2).map(Number);

const SCRIPTS = 24;
const MOST_BUSY = 3; // scripts with busy threads at a time: all have to share the processor
const ROUND_MS = Math.min(seconds * 100, 10_000);
const SLACK_MS = 1500; // for what the machine does besides
const SETTLE_MS = 15_000;

const problems = [];
const counts = {};
const worst = {};
const host = new facade.ScriptHost({
  hub: { mc: () => true, pm: () => true, GetUserClass: (nick) => nick.length },
  hookTimeoutMs: HOOK_MS,
  unloadTimeoutMs: UNLOAD_MS,
  slowHookMs: 0,
});

const hub = {
  facade,
  host,
  random: generator(seed),
  /** Ids of scripts with hooks that hang. */
  expected: new Set(),
  slots: Array.from({ length: SCRIPTS }, (_, i) => ({ i, interpreter: i % 3 ? "own" : "main" })),
  names: 0,
  /** The kinds of threads and hangs that a round had. */
  used: new Set(),

  count(what, n = 1) {
    counts[what] = (counts[what] ?? 0) + n;
  },
  emptySlot: () => hub.random.pick(hub.slots.filter(({ script }) => !script)),
  loadedSlot: () => hub.random.pick(hub.slots.filter(({ script }) => script)),
  slotOf: (script) => hub.slots.find((slot) => slot.script === script),
  free(slot) {
    slot.script = undefined;
    slot.busy = false;
  },
  /** A kind of threads for a script. */
  kind(slot) {
    const kind = hub.random.pick(Object.keys(LIVE));
    const busy = hub.slots.filter((other) => other !== slot && other.busy).length;
    if (BUSY.test(kind) && busy >= MOST_BUSY) return "a sleeping loop";
    slot.busy ||= BUSY.test(kind);
    hub.doing += `: ${kind}`;
    hub.used.add(kind);
    return kind;
  },
  write(name, last, slot = {}) {
    slot.me = `script ${++hub.names}`;
    const hang = hub.random.pick(Object.keys(HANGS));
    hub.doing += `, hang: ${hang}`;
    hub.used.add(`hang: ${hang}`);
    writeFileSync(name, source(slot.me, hang, hub.kind(slot), last));
    return path.resolve(name);
  },
  load(slot) {
    if (!slot) return;
    const { interpreter } = slot;
    const file = hub.write(`script${slot.i}.py`, "", slot);
    const loaded = hub.attempt("loads", () => {
      slot.script = host.load(file, { interpreter });
    });
    if (!loaded) hub.free(slot);
  },
  reload(slot, told) {
    hub.write(`script${slot.i}.py`, "", slot);
    if (!hub.attempt("loads", () => told(slot.script.reload()))) hub.free(slot);
  },
  /** What may need more time than it has, when its imports share the processor with busy threads; false when it did. */
  attempt(what, action) {
    try {
      action();
      hub.count(what);
      return true;
    } catch (error) {
      if (!(error instanceof facade.HookTimeoutError)) throw error;
      hub.count(`${what} in time no more`);
      return false;
    }
  },
};

host.on("error", (error, { script, hook }) => {
  if (error instanceof facade.HookTimeoutError && hub.expected.delete(script?.id)) return;
  problem(`an error event of ${script?.path} ${hook ?? ""}: ${error.traceback ?? error.stack}`);
});
host.on("warning", () => hub.count("warnings"));
host.on("print", ({ text }) => {
  if (/Traceback|Exception|Error/.test(text)) hub.count("lines of tracebacks");
});
process.on("uncaughtException", (error) => problem(error.stack));

function problem(text) {
  problems.push(`round ${hub.round}, ${hub.doing}: ${text}`);
  process.send({ problem: problems.at(-1) });
}

/** Tells the parent, does it, and sees how long it held the hub's thread. */
async function timed(doing, limit, action) {
  hub.doing = doing;
  process.send({ doing });
  const start = performance.now();
  try {
    await action();
  } catch (error) {
    problem(error.stack);
  }
  const time = performance.now() - start;
  worst[doing] = Math.max(worst[doing] ?? 0, time);
  if (time > limit + SLACK_MS) problem(`took ${time.toFixed()} ms, ${limit} ms are allowed`);
}

function entries(folder, read) {
  const entry = (name) => {
    try {
      return [read(path.join(folder, name))];
    } catch {
      return []; // gone by now
    }
  };
  return readdirSync(folder).flatMap(entry).sort();
}

const census = () => ({
  threads: entries("/proc/self/task", (task) => readFileSync(`${task}/comm`, "utf8").trim()),
  files: entries("/proc/self/fd", (file) => readlinkSync(file)),
  held: [host.stats.interpreters, host.stats.threads, host.zombies],
});

/** Unloads all and waits until nothing is left; in the main interpreter cycles are garbage that nobody has collected. */
async function settle(start) {
  const unload = (slot) => () => ACTIONS.unload.run({ ...hub, loadedSlot: () => slot });
  for (const slot of hub.slots)
    if (slot.script) await timed("unload at a round's end", UNLOAD_MS, unload(slot));
  await Promise.all(hub.endings);
  hub.doing = "settling";
  writeFileSync("collect.py", "import gc\ngc.collect()\n");
  for (const end = performance.now() + SETTLE_MS; performance.now() < end; await sleep(50)) {
    process.send({ doing: "settling" });
    host.load("collect.py", { interpreter: "main" }).unload();
    if (!start || isDeepStrictEqual(census(), start)) break;
  }
  if (start)
    try {
      assert.deepEqual(census(), start);
    } catch (error) {
      problem(`left at the end: ${error.message}\nof ${[...hub.used].join("; ")}`);
    }
  for (let i = 0; i < 3; i++) globalThis.gc();
  return process.memoryUsage.rss() / 1024;
}

/** What is made but once in a process is there before it is counted. */
function warmUp() {
  writeFileSync(
    "first.py",
    "import asyncio, threading, time\nthreading.Thread(target=time.sleep, args=(0.01,)).start()\n",
  );
  for (const interpreter of ["own", "main"]) host.load("first.py", { interpreter }).unload();
}

async function play(end) {
  const running = new Set();
  hub.endings = running;
  while (performance.now() < end) {
    const [name, { limit, run }] = hub.random.draw(ACTIONS);
    let ending;
    await timed(name, limit, () => {
      ending = run(hub);
    });
    if (ending) {
      const settled = ending.catch((error) => problem(error.stack));
      running.add(settled);
      void settled.finally(() => running.delete(settled));
    }
    await timed("an idle moment", 0, () => sleep(hub.random.below(20)));
  }
}

hub.round = 0;
hub.endings = new Set();
warmUp();
await settle();
const start = census();
const levels = [];
for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
  hub.random = generator(seed + hub.round);
  hub.used.clear();
  await play(Math.min(end, performance.now() + ROUND_MS));
  const rssKb = await settle(start);
  levels.push({ loads: counts.loads, rssKb });
  process.send({ round: hub.round++, rssKb, counts });
}
const python = host.pythonVersion;
host.close();
process.send({ result: { python, counts, worst, levels, problems } }, () => process.disconnect());
