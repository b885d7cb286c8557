// Amounts as people write them.

const LARGER = { ns: "µs", µs: "ms", KB: "MB" };

/** With three digits, in a unit of which there are less than 1,000. */
export function amount(value, unit) {
  return value >= 999.5 && unit in LARGER
    ? amount(value / 1000, LARGER[unit])
    : `${digits(value)} ${unit}`.trim();
}

/** Three digits, and no more behind the point than two. */
export const digits = (value) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

/** A round amount, without the noughts behind the point. */
export const round = (value, unit) => amount(value, unit).replace(/\.0+(?= )/, "");
