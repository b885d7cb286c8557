// One peer in a process of its own. `node bench/peers/run.mjs list` prints {name, version, installed, why} of each;
// `run.mjs NAME TRIAL` prints {subject, clock, python}: nanoseconds of one execution, or null and why there are none;
// `run.mjs NAME check` fails when the peer does not do what the trials ask of it.
import assert from "node:assert";
import { setImmediate } from "node:timers/promises";
import { fail, findPythons } from "../../tools/common.mjs";
import { MESSAGE, NICK, USERS, USERS_100K } from "../payloads.mjs";
import { median } from "../statistics.mjs";
import { environmentOf, peers, readInstalled } from "./peers.mjs";

const WARM_UP_MS = 300;
const BATCH_MS = 5;
const ROUNDS = 40;

const TRIALS = {
  dispatch: (peer) => repeat(() => peer.hook(NICK, MESSAGE)),
  "vh-call": async (peer) => (n) => peer.ask(n),
  dict: (peer) => repeat(() => peer.echo(USERS)),
  "dict-100k": (peer) => repeat(() => peer.echo(USERS_100K)),
};

/** Nanoseconds: of this process' processor, which what else runs takes nothing of, or, where another process does the
 * work, by the clock. */
const CLOCKS = {
  processor: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  },
  wall: () => performance.now() * 1e6,
};

const [python] = findPythons();
Object.assign(process.env, environmentOf(python));
const [name, trial] = process.argv.slice(2);
if (name === "list") print(readInstalled(python));
else if (!peers.some((peer) => peer.name === name)) fail(`No peer ${name}.`);
else if (trial === "check") await using(check);
else if (!(trial in TRIALS)) fail(`No such trial. There are: ${Object.keys(TRIALS).join(", ")}`);
else print({ ...(await attempt()), python: python.version });

function print(value) {
  console.log(JSON.stringify(value));
}

async function attempt() {
  const { installed, why } = readInstalled(python).find((peer) => peer.name === name);
  if (!installed) return { subject: null, why };
  try {
    return await using(async (peer, clock) => {
      const subject = await measure(await TRIALS[trial](peer), CLOCKS[clock]);
      return { subject, clock };
    });
  } catch (error) {
    return { subject: null, why: error.message };
  }
}

async function using(action) {
  const { open, clock } = await import(`./adapters/${name}.mjs`);
  const peer = await open(python);
  try {
    return await action(peer, clock);
  } finally {
    await peer.close();
  }
}

/** Loosely: node-calls-python makes undefined of None, and says so. */
async function check(peer) {
  assert.equal(await peer.hook(NICK, MESSAGE), 1);
  assert.deepEqual(await peer.echo(USERS), USERS);
  await peer.ask(3);
}

/** Awaits only what is a promise: an await would cost as much as the fastest calls. */
async function repeat(action) {
  const first = action();
  await first;
  if (first instanceof Promise)
    return async (n) => {
      for (let i = 0; i < n; i++) await action();
    };
  return (n) => {
    for (let i = 0; i < n; i++) action();
  };
}

/** The median of batches, after the machine code is settled. */
async function measure(run, now) {
  let batch = 1;
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end;) {
    const ms = (await timed(run, batch, now)) / 1e6;
    batch = Math.max(1, Math.round((batch * BATCH_MS) / Math.max(ms, BATCH_MS / 10)));
  }
  const samples = [];
  for (let round = 0; round < ROUNDS; round++) samples.push((await timed(run, batch, now)) / batch);
  return median(samples);
}

/** With the turn of the event loop in which Node destroys what a batch left to its finalizers. */
async function timed(run, n, now) {
  const start = now();
  await run(n);
  await setImmediate();
  return now() - start;
}
