/**
 * Lengths of time, as operators and scripts write them: "30s", "10m", "2h", "3d", "1w", "6M", "1y".
 * @packageDocumentation
 */

const DAY = 24 * 3600;

const UNIT_SECONDS: Record<string, number> = {
  s: 1,
  m: 60,
  h: 3600,
  d: DAY,
  w: 7 * DAY,
  M: 30 * DAY,
  y: 365 * DAY,
};

/** The time, in whole seconds since the epoch. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** The length of a period in seconds. @returns undefined when it is no period */
export function parsePeriod(text: string): number | undefined {
  const match = /^(\d{1,6})([smhdwMy])$/.exec(text);
  return match ? Number(match[1]) * (UNIT_SECONDS[match[2] ?? ""] ?? 0) : undefined;
}

/** A length of time for people, in its two greatest units: "2d 3h". */
export function formatPeriod(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const unit of ["y", "d", "h", "m", "s"]) {
    const size = UNIT_SECONDS[unit] ?? 1;
    if (rest >= size) parts.push(`${Math.floor(rest / size)}${unit}`);
    rest %= size;
  }
  return parts.slice(0, 2).join(" ") || "0s";
}
