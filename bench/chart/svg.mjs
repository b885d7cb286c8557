// The few elements that the charts are drawn with. A chart brings its own background, light or dark as the reader's
// system has it, so that it can be read on any page.

const STYLE = `
  text { font: 12px sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: bold; }
  .heading { font-size: 13px; font-weight: bold; }
  .faint { fill: #656d76; font-size: 11px; }
  .right { text-anchor: end; }
  .middle { text-anchor: middle; }
  .page { fill: #ffffff; }
  .grid { stroke: #d0d7de; }
  .goal { stroke: #1f2328; stroke-width: 2; }
  .curve { stroke-width: 2; }
  .dashed { stroke-dasharray: 5 4; }
  .a { fill: #1a7f37; stroke: #1a7f37; }
  .b { fill: #0969da; stroke: #0969da; }
  .c { fill: #bc4c00; stroke: #bc4c00; }
  .d { fill: #8c959f; stroke: #8c959f; }
  .bar { stroke: none; }
  .curve { fill: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .faint { fill: #8d96a0; }
    .page { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .goal { stroke: #e6edf3; }
    .a { fill: #3fb950; stroke: #3fb950; }
    .b { fill: #58a6ff; stroke: #58a6ff; }
    .c { fill: #f0883e; stroke: #f0883e; }
    .d { fill: #6e7681; stroke: #6e7681; }
    .bar { stroke: none; }
    .curve { fill: none; }
  }`;

/** The measures of a chart with bars, in pixels: where these start, how long the longest is, how high each is. */
export const WIDTH = 880;
export const MARGIN = 16;
export const LEFT = 290;
export const SCALE = 520;
export const BAR = 9;

/** The classes that tell one line or bar from another. */
export const COLOURS = ["a", "b", "c", "d"];

export function page(width, height, elements) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<style>${STYLE}
</style>
<rect class="page" width="${width}" height="${height}" rx="6"/>
${elements.flat(Infinity).join("\n")}
</svg>
`;
}

export const text = (x, y, content, style = "") =>
  `<text x="${round(x)}" y="${round(y)}" class="${style}">${escape(content)}</text>`;

export const line = (x1, y1, x2, y2, style) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${style}"/>`;

export const bar = (x, y, width, height, style) =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" class="bar ${style}"/>`;

export const curve = (points, style) =>
  `<polyline points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ")}" class="curve ${style}"/>`;

const round = (value) => Math.round(value * 10) / 10;

function escape(content) {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
