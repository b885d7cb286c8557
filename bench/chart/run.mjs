// `npm run bench:chart`: draws what build/bench.json holds, of every Python that was measured, into docs/.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fail, root } from "../../tools/common.mjs";
import { readResults } from "../results.mjs";
import { drawCurves } from "./curves.mjs";
import { drawRatios } from "./ratios.mjs";

const runs = Object.entries(readResults())
  .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
  .map(([, run]) => run);
if (runs.length === 0) fail("Nothing was measured yet: npm run bench");

const [{ machine }] = runs;
const dates = runs.flatMap(({ results }) => results.map(({ date }) => date.slice(0, 10))).sort();
const pythons = runs.map(({ machine }) => machine.python).join(" and ");
const caption = `${machine.cpu}, ${machine.cores} cores; Node ${machine.node}; Python ${pythons}; ${dates.at(-1)}`;

write("benchmarks.svg", drawRatios(runs, caption));
write("benchmarks-growth.svg", drawCurves(runs, caption));

function write(name, svg) {
  const file = path.join(root, "docs", name);
  writeFileSync(file, svg);
  console.log(file);
}
