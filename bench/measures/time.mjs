import { median } from "../statistics.mjs";

const WARM_UP_MS = 300;
const BATCH_MS = 5;
const ROUNDS = 40;

/** Nanoseconds of one execution, subject and floor in turn. */
export async function compareTimes({ subject, floor, per = 1, warmUpMs }, bench) {
  const [first, second] = await takeTurns([await subject(bench), await floor(bench)], { warmUpMs });
  return {
    subject: median(first) / per,
    floor: median(second) / per,
    ratio: median(first.map((ns, i) => ns / second[i])),
  };
}

/** Nanoseconds of one execution of each, once a round, the rounds of all in turn. */
export async function takeTurns(runs, { rounds = ROUNDS, warmUpMs = WARM_UP_MS } = {}) {
  const sides = [];
  for (const run of runs) sides.push({ run, batch: await warmUp(run, warmUpMs), samples: [] });
  for (let round = 0; round < rounds; round++)
    for (const { run, batch, samples } of sides) samples.push((await timed(run, batch)) / batch);
  return sides.map(({ samples }) => samples);
}

/** Runs until the machine code is settled; returns how many executions fill a batch. */
async function warmUp(run, ms) {
  let batch = 1;
  for (const end = performance.now() + ms; performance.now() < end;) {
    const took = (await timed(run, batch)) / 1e6;
    batch = Math.max(1, Math.round((batch * BATCH_MS) / Math.max(took, BATCH_MS / 10)));
  }
  return batch;
}

/** Nanoseconds of processor time, which what else runs on the machine takes nothing of. */
async function timed(run, n) {
  const start = process.cpuUsage();
  await run(n);
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}
