// Threads of scripts: what their calls cost them, and what they cost the hub.
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { measureDelay } from "../measures/delay.mjs";
import { median } from "../statistics.mjs";
import { MESSAGE, NICK } from "../payloads.mjs";
import { getUserClass } from "./functions.mjs";

const CALLING = path.join(import.meta.dirname, "..", "scripts", "calling.py");
const CALLS = 2000;
const ROUNDS = 5;
/** How many hooks a busy hub has to dispatch in each turn of its event loop. */
const HOOKS_A_TURN = 10;

/** Microseconds, by the clock, of a call by a thread: a script's, and one that is bare. */
const measureCalls =
  (meanwhile) =>
  async (_, { host, floor }) => {
    host.ref(); // nothing else keeps an idle hub's process
    const script = host.load(CALLING);
    const scripts = () =>
      new Promise((resolve) => {
        host.register("took", resolve);
        script.call("start", CALLS);
      });
    const sides = [scripts, () => floor.callFromThread(getUserClass, CALLS)];
    const times = sides.map(() => []);
    for (let round = 0; round <= ROUNDS; round++)
      for (const [i, side] of sides.entries()) {
        const took = side();
        await meanwhile(host, took);
        // The first is for warming up.
        if (round > 0) times[i].push((await took) / CALLS / 1000);
      }
    const [subject, bare] = times.map(median);
    return { subject, floor: bare, ratio: subject / bare };
  };

const idle = () => undefined;

async function busy(host, took) {
  let over = false;
  void took.then(() => (over = true));
  while (!over) {
    for (let i = 0; i < HOOKS_A_TURN; i++) host.dispatch("OnParsedMsgChat", NICK, MESSAGE);
    await turn();
  }
}

const call = (name, hub, value, meanwhile) => ({
  name,
  what: `vh.GetUserClass(nick) by a script's thread, ${hub}`,
  against: "a bare thread's call through Node's event loop",
  kind: "delay",
  goal: { value },
  measure: measureCalls(meanwhile),
});

const starvation = (threads) => ({
  name: `starvation-${threads}`,
  what: `a hook with three vh calls beside ${threads} computing threads, 99th percentile`,
  against: "without threads",
  kind: "delay",
  goal: { value: 10_000 },
  measure: (_, bench) => measureDelay(bench, threads),
});

export const trials = [
  call("thread-call-idle", "the hub idle", 40, idle),
  call("thread-call-busy", `the hub busy with ${HOOKS_A_TURN} hooks a turn`, 15, busy),
  starvation(1),
  starvation(5),
];
