// Counts, and compares with what counts.json keeps.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { countAll } from "./count.mjs";
import { judge, LIMITS } from "./judge.mjs";

const FILE = path.join(import.meta.dirname, "counts.json");

/** Counts and prints; returns a row for each Python and path. */
export function check() {
  const rows = Object.entries(countAll()).flatMap(compare);
  print(rows);
  return rows;
}

/** Counts, and keeps it; what is kept of other Pythons stays. */
export function update() {
  const all = Object.entries({ ...read(), ...countAll() });
  all.sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}

/** A row's path, and by how much it differs. */
export function summarize({ name, change }) {
  return `${name} ${change < 0 ? "" : "+"}${(change * 100).toFixed(1)}%`;
}

function read() {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

function compare([python, { tools, paths }]) {
  const all = read();
  // One that nothing is kept for is held against the newest there is.
  const kept = all[python] ?? Object.values(all).at(-1);
  const same = python in all && isDeepStrictEqual(decisive(tools), decisive(kept.tools));
  if (!same) console.log(`Python ${python} is counted with`, tools, "and kept with", kept.tools);
  return Object.entries(paths).map(([name, counted]) => ({
    name: `${python} ${name}`,
    counted,
    kept: kept.paths[name],
    ...judge(counted, kept.paths[name], same),
  }));
}

/** Patches of Python and Node are not: the floor tells what they change. */
function decisive({ compiler, machine, python, node }) {
  const [, ...build] = python.split(" ");
  return { compiler, machine, build, node: node.split(".")[0] };
}

function print(rows) {
  const line = (name, ...cells) =>
    console.log(name.padEnd(30) + cells.map((cell) => String(cell).padEnd(9)).join(""));
  console.log("\nInstructions of a call, and of its floor\n");
  line("", "counted", "kept", "floor", "kept");
  for (const row of rows) {
    const verdict = row.passed ? "" : "TOO MANY";
    const { counted, kept } = row;
    line(summarize(row), counted.subject, kept.subject, counted.floor, kept.floor, verdict);
  }
  if (rows.some(({ change }) => change < -LIMITS.same))
    console.log("\nSome cost much less than is kept: npm run bench:instructions -- --update");
}
