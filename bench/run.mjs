// `npm run bench [-- NAME…] [--peers] [--python PATH]`: runs trials, those that are named or of the themes that are
// named, each beside its floor, in processes of their own and in turn, several times over. Prints a table, keeps the
// figures in build/bench.json, and exits with 1 when a goal is missed. `npm run bench:chart` draws them.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { fail, findPythons } from "../tools/common.mjs";
import { buildBench } from "./build.mjs";
import { Processes } from "./processes.mjs";
import { judge, keepResults } from "./results.mjs";
import { printTable } from "./table.mjs";
import { trials } from "./trials/index.mjs";

// Growth, delays and series last longer, and each takes the middle of many by itself.
const REPETITIONS = { time: 10, native: 10, delay: 10, growth: 3, series: 3 };

const { values: options, positionals: wanted } = parseArgs({
  options: { peers: { type: "boolean" }, python: { type: "string" } },
  allowPositionals: true,
});
if (options.python !== undefined) process.env.VH_PYTHON = options.python;
const chosen = choose();
const [python] = findPythons();
buildBench(python);
const processes = new Processes(python);
const installed = options.peers ? await processes.listPeers() : [];

const measured = await runAll();
const results = measured.map(({ trial, figures, peers }) => judge(trial, figures, peers));
const machine = {
  python: python.version,
  node: process.version,
  cpu: cpus()[0]?.model ?? "",
  cores: cpus().length,
};
keepResults(python.tag, machine, results);
printTable(machine, results);
process.exit(results.some(({ met }) => met === false) ? 1 : 0);

function choose() {
  for (const name of wanted)
    if (!trials.some((t) => t.name === name || t.theme === name))
      fail(`No trial or theme ${name}. There are: ${trials.map((t) => t.name).join(", ")}`);
  return trials.filter(
    ({ name, theme }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(theme),
  );
}

/** The figures of every repetition; the trials take turns, so that a slow minute does not hit one alone. */
async function runAll() {
  const all = chosen.map((trial) => ({
    trial,
    figures: [],
    peers: trial.peers ? installed.map((peer) => ({ ...peer, figures: [] })) : [],
  }));
  for (let i = 0; i < Math.max(...Object.values(REPETITIONS)); i++) {
    process.stderr.write(`repetition ${i + 1}\n`);
    for (const { trial, figures, peers } of all) {
      if (i >= REPETITIONS[trial.kind]) continue;
      figures.push(await processes.measure(trial));
      for (const peer of peers) await measurePeer(peer, trial);
    }
  }
  return all;
}

async function measurePeer(peer, { name }) {
  if (!peer.installed) return;
  const { subject, why } = await processes.measurePeer(peer.name, name);
  if (subject !== null) peer.figures.push(subject);
  else Object.assign(peer, { installed: false, why }); // not asked again
}
