// docs/benchmarks.svg: each trial as a multiple of its floor, beside its goal; and the peers.
import { amount, digits } from "../amounts.mjs";
import { bar, COLOURS, line, page, text } from "./svg.mjs";

const WIDTH = 880;
const LEFT = 290;
const SCALE = 520;
const BAR = 9;
const GAP = 9;
const MARGIN = 16;
/** Where the peers' scale begins, in nanoseconds. */
const LEAST_NS = 100;

/** @param runs of each Python: `machine` and `results` */
export function drawRatios(runs, caption) {
  const elements = [text(MARGIN, 28, "vh-python beside what it must cost at the least", "title")];
  elements.push(text(MARGIN, 46, caption, "faint"));
  const [ratios, below] = drawMultiples(runs, 76);
  const [peers, bottom] = drawPeers(runs, below + 24);
  return page(WIDTH, bottom, [elements, ratios, peers]);
}

function drawMultiples(runs, top) {
  const named = new Map();
  for (const { results } of runs)
    for (const result of results) if (result.goal?.ratio) named.set(result.name, result);
  const most = Math.max(
    ...[...named.values()].map(({ goal, ratio }) => Math.max(goal.ratio, ratio.median)),
  );
  const x = (ratio) => LEFT + (SCALE * ratio) / Math.ceil(most);
  const elements = [text(MARGIN, top, "Times the floor; the mark is the goal", "heading")];
  elements.push(drawLegend(runs, top));
  const start = top + 14;
  let y = start;
  const rows = [...named.values()].map(({ name, goal }) => {
    const height = runs.length * (BAR + 1);
    const row = [text(LEFT - 8, y + height / 2 + 4, name, "right")];
    for (const [i, { results }] of runs.entries()) {
      const found = results.find((result) => result.name === name);
      if (!found) continue;
      const at = y + i * (BAR + 1);
      row.push(bar(LEFT, at, x(found.ratio.median) - LEFT, BAR, COLOURS[i]));
      row.push(
        text(
          Math.max(x(found.ratio.median), x(goal.ratio)) + 6,
          at + BAR,
          digits(found.ratio.median),
          "faint",
        ),
      );
    }
    row.push(line(x(goal.ratio), y - 2, x(goal.ratio), y + height + 1, "goal"));
    y += height + GAP;
    return row;
  });
  const ticks = Array.from({ length: Math.ceil(most) + 1 }, (_, ratio) => [
    line(x(ratio), start - 4, x(ratio), y, "grid"),
    text(x(ratio), y + 14, String(ratio), "faint middle"),
  ]);
  return [[elements, ticks, rows], y + 20];
}

function drawLegend(runs, y) {
  return runs.map(({ machine }, i) => [
    bar(LEFT + 160 + i * 130, y - 9, 10, 10, COLOURS[i]),
    text(LEFT + 176 + i * 130, y, `Python ${machine.python}`),
  ]);
}

/** Times on a logarithmic scale. */
function drawPeers(runs, top) {
  const run = runs.find(({ results }) => results.some(({ peers }) => peers));
  if (!run) return [[], top];
  const x = (ns) => LEFT + (SCALE / 6) * Math.log10(Math.max(ns, LEAST_NS) / LEAST_NS);
  const elements = [
    text(
      MARGIN,
      top,
      `Time of a call, beside others (Python ${run.machine.python}); each line is ten times`,
      "heading",
    ),
  ];
  const start = top + 14;
  let y = start;
  for (const { what, peers, subject, floor } of run.results.filter(({ peers }) => peers)) {
    y += 14;
    elements.push(text(MARGIN, y, what, "faint"));
    const all = [
      { name: "the floor", ns: floor.median, colour: "d", told: "" },
      { name: "vh-python", ns: subject.median, colour: "a", told: "" },
      ...peers.map(({ name, subject, faster, why }) =>
        subject
          ? { name, ns: subject.median, colour: "c", told: `, ${digits(faster)} times` }
          : { name, told: why },
      ),
    ];
    for (const { name, ns, colour, told } of all) {
      y += BAR + 6;
      elements.push(text(LEFT - 8, y + BAR, name, "right"));
      if (ns === undefined) {
        elements.push(text(LEFT + 6, y + BAR, told, "faint"));
        continue;
      }
      elements.push(bar(LEFT, y, x(ns) - LEFT, BAR, colour));
      elements.push(text(x(ns) + 6, y + BAR, amount(ns, "ns") + told, "faint"));
    }
    y += 2 * GAP;
  }
  const ticks = Array.from({ length: 6 }, (_, i) => LEAST_NS * 10 ** i).map((ns) => [
    line(x(ns), start, x(ns), y, "grid"),
    text(x(ns), y + 14, amount(ns, "ns"), "faint middle"),
  ]);
  return [[ticks, elements], y + 30];
}
