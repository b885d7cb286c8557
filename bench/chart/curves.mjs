// docs/benchmarks-growth.svg: how times grow, both scales logarithmic; the second Python's curves are dashed.
import { round } from "../amounts.mjs";
import { COLOURS, curve, line, page, text } from "./svg.mjs";

const PANEL = { width: 340, height: 210, left: 64, top: 56 };
const CELL = { width: 440, height: 310 };
const COLUMNS = 2;
const MARGIN = 16;

/** @param runs of each Python: `machine` and `results` */
export function drawCurves(runs, caption) {
  const all = runs.flatMap(({ results }) => results.filter(({ points }) => points));
  const names = [...new Set(all.map(({ name }) => name))];
  const panels = names.map((name, i) => {
    const x = (i % COLUMNS) * CELL.width;
    const y = 56 + Math.floor(i / COLUMNS) * CELL.height;
    return drawPanel(
      all.filter((result) => result.name === name),
      x,
      y,
    );
  });
  const height = 56 + Math.ceil(names.length / COLUMNS) * CELL.height;
  const dashed = runs.length > 1 ? `; dashed: Python ${runs[1].machine.python}` : "";
  return page(COLUMNS * CELL.width, height, [
    text(MARGIN, 28, "How the cost grows", "title"),
    text(MARGIN, 46, caption + dashed, "faint"),
    panels,
  ]);
}

/** @param series the same one of each Python */
function drawPanel(series, left, top) {
  const [{ what, x: unit, points }] = series;
  const xs = points.map(({ x }) => x);
  const ys = series.flatMap(({ points }) =>
    points.flatMap(({ lines }) => Object.values(lines).map(({ median }) => median)),
  );
  const area = {
    x: left + PANEL.left,
    y: top + PANEL.top,
    width: PANEL.width,
    height: PANEL.height,
  };
  // None at all is on no logarithmic scale.
  const x = xs.includes(0)
    ? (value) => area.x + (area.width * value) / Math.max(...xs)
    : logarithmic(Math.min(...xs), Math.max(...xs), area.x, area.x + area.width);
  const decades = [Math.floor(Math.log10(Math.min(...ys))), Math.ceil(Math.log10(Math.max(...ys)))];
  const y = logarithmic(10 ** decades[0], 10 ** decades[1], area.y + area.height, area.y);
  const elements = [text(left + MARGIN, top + 20, what, "heading")];
  for (let decade = decades[0]; decade <= decades[1]; decade++) {
    const at = y(10 ** decade);
    elements.push(line(area.x, at, area.x + area.width, at, "grid"));
    elements.push(text(area.x - 6, at + 4, round(10 ** decade, "ns"), "faint right"));
  }
  for (const value of xs) {
    elements.push(line(x(value), area.y, x(value), area.y + area.height, "grid"));
    elements.push(text(x(value), area.y + area.height + 14, label(value), "faint middle"));
  }
  elements.push(text(area.x + area.width / 2, area.y + area.height + 30, unit, "faint middle"));
  for (const [i, name] of Object.keys(points[0].lines).entries()) {
    const at = area.x + i * 130;
    elements.push(
      line(at, top + 36, at + 16, top + 36, `curve ${COLOURS[i]}`),
      text(at + 20, top + 40, name),
    );
    for (const [j, { points }] of series.entries()) {
      const places = points.map(({ x: value, lines }) => [x(value), y(lines[name].median)]);
      elements.push(curve(places, `${COLOURS[i]}${j > 0 ? " dashed" : ""}`));
    }
  }
  return elements;
}

function logarithmic(from, to, start, end) {
  const scale = (end - start) / Math.log10(to / from);
  return (value) => start + scale * Math.log10(value / from);
}

/** Of a place on the x axis: two digits will do. */
function label(value) {
  const rounded = Number(value.toPrecision(2));
  if (rounded < 1000) return String(rounded);
  return rounded < 1e6 ? `${rounded / 1000}k` : `${rounded / 1e6}M`;
}
