// docs/benchmarks.svg: each trial as a multiple of its floor, beside its goal; amounts beside theirs; the peers.
import { amount, digits, round } from "../amounts.mjs";
import { drawPeers } from "./peers.mjs";
import { BAR, bar, COLOURS, LEFT, line, MARGIN, page, SCALE, text, WIDTH } from "./svg.mjs";

const GAP = 9;

/** @param runs of each Python: `machine` and `results` */
export function drawRatios(runs, caption) {
  const title = [
    text(MARGIN, 28, "vh-python beside what it must cost at the least", "title"),
    text(MARGIN, 46, caption, "faint"),
  ];
  const [ratios, ratiosEnd] = drawMultiples(runs, 76);
  const [amounts, amountsEnd] = drawAmounts(runs, ratiosEnd + 24);
  const [peers, end] = drawPeers(runs, amountsEnd + 24);
  return page(WIDTH, end, [title, ratios, amounts, peers]);
}

function drawMultiples(runs, top) {
  const trials = inAll(runs).filter(({ goal }) => goal?.ratio);
  const most = Math.ceil(
    Math.max(...trials.flatMap(({ goal, of }) => [goal.ratio, ...of.map((r) => r.ratio.median)])),
  );
  const x = (ratio) => LEFT + (SCALE * ratio) / most;
  const heading = [
    text(MARGIN, top, "Times the floor; the mark is the goal", "heading"),
    drawLegend(runs, top),
  ];
  const start = top + 14;
  let y = start;
  const rows = trials.map(({ name, goal, of }) => {
    const height = of.length * (BAR + 1);
    const bars = of.map(({ ratio, colour }, i) => {
      const end = Math.max(x(ratio.median), x(goal.ratio));
      const at = y + i * (BAR + 1);
      return [
        bar(LEFT, at, x(ratio.median) - LEFT, BAR, colour),
        text(end + 6, at + BAR, digits(ratio.median), "faint"),
      ];
    });
    const row = [
      text(LEFT - 8, y + height / 2 + 4, name, "right"),
      bars,
      line(x(goal.ratio), y - 2, x(goal.ratio), y + height + 1, "goal"),
    ];
    y += height + GAP;
    return row;
  });
  const ticks = Array.from({ length: most + 1 }, (_, ratio) => [
    line(x(ratio), start - 4, x(ratio), y, "grid"),
    text(x(ratio), y + 14, String(ratio), "faint middle"),
  ]);
  return [[heading, ticks, rows], y + 20];
}

/** Goals that are no ratios, in words. */
function drawAmounts(runs, top) {
  const trials = inAll(runs).filter(({ goal }) => goal?.value);
  const rows = trials.map(({ name, unit, goal, of }, i) => {
    const y = top + 22 + i * 18;
    const told = of.map(({ subject }) => amount(subject.median, unit)).join(", ");
    return [
      text(LEFT - 8, y, name, "right"),
      text(LEFT, y, told),
      text(LEFT + 160, y, `goal: at most ${round(goal.value, unit)}`, "faint"),
    ];
  });
  const heading = text(MARGIN, top, "Goals that are amounts", "heading");
  return [[heading, rows], top + 22 + trials.length * 18];
}

function drawLegend(runs, y) {
  return runs.map(({ machine }, i) => [
    bar(LEFT + 160 + i * 130, y - 9, 10, 10, COLOURS[i]),
    text(LEFT + 176 + i * 130, y, `Python ${machine.python}`),
  ]);
}

/** The results by trial, each with those `of` all Pythons that have it, and the colours of those. */
function inAll(runs) {
  const all = runs.flatMap(({ results }, i) =>
    results.map((result) => ({ ...result, colour: COLOURS[i] })),
  );
  return [...new Set(all.map(({ name }) => name))].map((name) => {
    const of = all.filter((result) => result.name === name);
    return { ...of[0], of };
  });
}
