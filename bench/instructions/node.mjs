// `node.mjs TAG`: the paths between JavaScript and Python, and their floors, for callgrind to count.
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { ScriptHost } from "../../dist/index.js";
import { built } from "../build.mjs";
import { getUserClass } from "../trials/functions.mjs";
import { trials } from "../trials/index.mjs";

const BATCHES = 5;
/** How often each is called in a batch, and how often before that: until V8 and Python have no more to optimize. */
const CALLS = {
  dispatch: { calls: 1000, warmUp: 50_000 },
  "vh-call": { calls: 1000, warmUp: 50_000 },
  dict: { calls: 100, warmUp: 2000 },
};

const require = createRequire(import.meta.url);
const [tag] = process.argv.slice(2);
const counter = require(built(tag, "instructions", "counter.node"));
const host = new ScriptHost({ hub: { GetUserClass: getUserClass } });
const script = host.load(path.join(import.meta.dirname, "..", "scripts", "hooks.py"));
const floor = require(built(tag, "floor", "floor.node"));

for (const [name, { calls, warmUp }] of Object.entries(CALLS)) {
  const trial = trials.find((t) => t.name === name);
  for (const side of ["subject", "floor"]) {
    const work = trial[side]({ host, script, floor });
    for (let done = 0; done < warmUp; done += calls) work(calls);
    await setTimeout(100); // what V8 does beside it comes to its end
    for (let i = 0; i < BATCHES; i++) {
      counter.begin();
      work(calls);
      counter.end(`${name} ${side} ${calls}`);
    }
  }
}
host.close();
