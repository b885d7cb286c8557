/** KB by which the process grows with one execution of one side, of `times` that follow `warmUp`. */
export function measureGrowth(trial, bench, side) {
  const run = trial[side](bench);
  run(trial.warmUp);
  const before = residentKb();
  run(trial.times);
  return { [side]: (residentKb() - before) / trial.times };
}

function residentKb() {
  globalThis.gc();
  return process.memoryUsage.rss() / 1024;
}
