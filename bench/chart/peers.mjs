// The part of docs/benchmarks.svg that compares with other bridges, on a logarithmic scale.
import { amount, digits, round } from "../amounts.mjs";
import { BAR, bar, LEFT, line, MARGIN, SCALE, text } from "./svg.mjs";

/** Where the scale begins, in nanoseconds, and over how many powers of ten it goes. */
const LEAST_NS = 100;
const DECADES = 7;

const x = (ns) => LEFT + (SCALE / DECADES) * Math.log10(Math.max(ns, LEAST_NS) / LEAST_NS);

/** Draws the first Python's of which there are any; returns the elements, and where they end. */
export function drawPeers(runs, top) {
  const run = runs.find(({ results }) => results.some(({ peers }) => peers));
  if (!run) return [[], top];
  const title = `Time of a call beside others, Python ${run.machine.python}; each line is ten times`;
  const start = top + 14;
  let y = start;
  const groups = run.results
    .filter(({ peers }) => peers)
    .map((result) => {
      y += 14;
      const name = text(MARGIN, y, result.what, "faint");
      const rows = rowsOf(result).map((row) => drawRow(row, (y += BAR + 6)));
      y += 18;
      return [name, rows];
    });
  const ticks = Array.from({ length: DECADES }, (_, i) => LEAST_NS * 10 ** i).map((ns) => [
    line(x(ns), start, x(ns), y, "grid"),
    text(x(ns), y + 14, round(ns, "ns"), "faint middle"),
  ]);
  return [[text(MARGIN, top, title, "heading"), ticks, groups], y + 30];
}

function rowsOf({ floor, subject, peers }) {
  return [
    { name: "the floor", ns: floor.median, colour: "d", told: "" },
    { name: "vh-python", ns: subject.median, colour: "a", told: "" },
    ...peers.map(({ name, subject, faster, why }) =>
      subject
        ? { name, ns: subject.median, colour: "c", told: `, ${digits(faster)} times` }
        : { name, told: why },
    ),
  ];
}

function drawRow({ name, ns, colour, told }, y) {
  const label = text(LEFT - 8, y + BAR, name, "right");
  if (ns === undefined) return [label, text(LEFT + 6, y + BAR, told, "faint")];
  return [
    label,
    bar(LEFT, y, x(ns) - LEFT, BAR, colour),
    text(x(ns) + 6, y + BAR, amount(ns, "ns") + told, "faint"),
  ];
}
