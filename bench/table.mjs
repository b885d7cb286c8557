// The results as a table on the terminal.
import { amount, digits, round } from "./amounts.mjs";

const WIDTHS = { name: 24, side: 31, ratio: 22 };

/** Prints all results, by theme. */
export function printTable({ python, node, cpu }, results) {
  console.log(`\nPython ${python}, Node ${node}, ${cpu}`);
  console.log("Processor time; by the clock delays, and peers that are processes of their own.");
  console.log("Medians of several processes [the least … the most].\n");
  row("", "vh-python", "at the least", "ratio", "goal");
  let theme;
  for (const result of results) {
    if (result.theme !== theme) console.log(`\n${(theme = result.theme)}`);
    if (result.points) printSeries(result);
    else printTrial(result);
  }
  const missed = results.filter(({ met }) => met === false);
  console.log(`\n${missed.length} goals missed: ${missed.map(({ name }) => name).join(", ")}`);
}

function printTrial(result) {
  const { name, what, against, unit, goal, subject, floor, ratio, most, share, met } = result;
  const limit = goal?.ratio ? `${goal.ratio} times` : goal && round(goal.value, unit);
  const verdict = goal ? `at most ${limit}: ${met ? "met" : "MISSED"}` : "";
  row(`  ${name}`, spread(subject, unit), spread(floor, unit), spread(ratio, ""), verdict);
  console.log(`    ${what}, beside ${against}`);
  if (most)
    console.log(`    at most ${spread(most, unit)}; threads' speed ${spread(share, "")} of alone`);
  for (const peer of result.peers ?? []) {
    const told = peer.subject
      ? `${spread(peer.subject, unit)}, ${digits(peer.faster)} times (goal ${result.timesAsFast})`
      : peer.why;
    console.log(`    ${[peer.name, peer.version].join(" ").trim()}: ${told}`);
  }
}

function printSeries({ name, what, x, unit, points }) {
  console.log(`  ${name}: ${what}`);
  for (const [line] of Object.entries(points[0].lines)) {
    const values = points.map((point) => `${point.x}: ${amount(point.lines[line].median, unit)}`);
    console.log(`    ${line}, ${x}: ${values.join("; ")}`);
  }
}

function row(name, subject, floor, ratio, rest) {
  const { name: first, side, ratio: last } = WIDTHS;
  const columns = [
    name.padEnd(first),
    subject.padEnd(side),
    floor.padEnd(side),
    ratio.padEnd(last),
    rest,
  ];
  console.log(columns.join(" ").trimEnd());
}

function spread({ median, min, max }, unit) {
  const [middle, least, most] = [median, min, max].map((value) => amount(value, unit));
  return `${middle} [${least} … ${most}]`;
}
