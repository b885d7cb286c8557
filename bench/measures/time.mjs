import { median } from "../statistics.mjs";

const WARM_UP_MS = 300;
const BATCH_MS = 5;
const ROUNDS = 40;

/** Nanoseconds of one execution, subject and floor in turn. */
export async function compareTimes({ subject, floor, per = 1 }, bench) {
  const [first, second] = takeTurns([await subject(bench), await floor(bench)]);
  return {
    subject: median(first) / per,
    floor: median(second) / per,
    ratio: median(first.map((ns, i) => ns / second[i])),
  };
}

/** Nanoseconds of one execution of each, once a round, the rounds of all in turn. */
export function takeTurns(runs, rounds = ROUNDS) {
  const sides = runs.map((run) => ({ run, batch: warmUp(run), samples: [] }));
  for (let round = 0; round < rounds; round++)
    for (const { run, batch, samples } of sides) samples.push(timed(run, batch) / batch);
  return sides.map(({ samples }) => samples);
}

/** Runs until the machine code is settled; returns how many executions fill a batch. */
function warmUp(run) {
  let batch = 1;
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end;) {
    const ms = timed(run, batch) / 1e6;
    batch = Math.max(1, Math.round((batch * BATCH_MS) / Math.max(ms, BATCH_MS / 10)));
  }
  return batch;
}

/** Nanoseconds of processor time, which what else runs on the machine takes nothing of. */
function timed(run, n) {
  const start = process.cpuUsage();
  run(n);
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}
