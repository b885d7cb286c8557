/** Values of JavaScript with the Python expressions of the same values. */

/** A value, and what it is in Python. */
export type Pair = readonly [value: unknown, python: string];

/** A string as Python writes it, whatever its units. */
export function pyString(text: string): string {
  let units = "";
  for (const point of text) {
    const code = point.codePointAt(0) ?? 0;
    units +=
      code < 0x7f && code > 0x1f && point !== '"' && point !== "\\"
        ? point
        : `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `"${units}"`;
}

const bytes = (...values: number[]): Pair => [
  Uint8Array.from(values),
  `bytes([${values.join(", ")}])`,
];

export const STRINGS = [
  "",
  "a",
  "a b",
  "\0",
  "\0s",
  "\0u0041",
  "\0i5",
  "\0b00",
  "a\0b",
  "\x01\x7f\x80\xff",
  "é",
  "Āſ",
  "☃",
  "\u2028\u2029",
  "\uffff",
  "\ufeffbom",
  "😀",
  "a😀é",
  "\ud800",
  "\udfff",
  "\udc80",
  "x\ud83d",
  "\ude00\ud83d",
  "\ud800\0",
  "😀\udcff",
  '"\\\n\r\t\b\f/',
  "__proto__",
  "constructor",
  "toString",
  "0",
  "-1",
  "1.5",
  "null",
  "<b>&amp;</b>",
  "x".repeat(5000),
  "é".repeat(300),
  "中".repeat(30),
  "a".repeat(17) + "ж",
  "x" + "😀".repeat(20),
  "ж😀".repeat(9) + "a".repeat(9),
  "\ud83d".repeat(20) + "\ude00".repeat(20),
];

const bigints = [
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 63n + 1n,
  2n ** 64n - 1n,
  2n ** 64n,
  10n ** 30n,
  16n ** 40n,
];

/** Integers, each exactly one value on either side. */
export const INTEGERS: readonly Pair[] = [
  ...[0, 1, -1, 255, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1].map(
    (n): Pair => [n, String(n)],
  ),
  ...bigints.flatMap((n): Pair[] => [
    [n, String(n)],
    [-n, String(-n)],
  ]),
  [10n ** 5000n, "10**5000"],
  [-(10n ** 5000n), "-10**5000"],
];

/** Floats that can stand anywhere. */
export const FLOATS: readonly Pair[] = [
  0.5,
  -0.5,
  0.1,
  1 / 3,
  1e-7,
  5e-324,
  -5e-324,
  2.2250738585072014e-308,
  123456789.12345679,
  2 ** 53,
  -(2 ** 53),
  2 ** 63,
  1e21,
  1e300,
  Number.MAX_VALUE,
].map((n): Pair => [n, `float("${n}")`]);

/** Floats that can stand alone only. */
export const LONE_FLOATS: readonly Pair[] = [
  [NaN, "float('nan')"],
  [Infinity, "float('inf')"],
  [-Infinity, "float('-inf')"],
];

/** What can stand in a container, and is no container. */
export const SCALARS: readonly Pair[] = [
  [null, "None"],
  [true, "True"],
  [false, "False"],
  ...INTEGERS,
  ...FLOATS,
  ...STRINGS.map((text): Pair => [text, pyString(text)]),
  bytes(),
  bytes(0),
  bytes(0, 255, 128, 10, 34, 92),
];

/** An object whose keys are all its own, "__proto__" too. */
export function object(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}

export const list = (items: readonly Pair[]): Pair => [
  items.map(([v]) => v),
  `[${items.map(([, p]) => p).join(", ")}]`,
];

export const dict = (entries: readonly (readonly [string, Pair])[]): Pair => [
  object(entries.map(([key, [value]]) => [key, value])),
  `{${entries.map(([key, [, python]]) => `${pyString(key)}: ${python}`).join(", ")}}`,
];

/** JavaScript moves keys that look like array indexes to the front. */
const isIndex = (key: string): boolean => /^(0|[1-9]\d{0,9})$/.test(key);

/** A seeded generator of random numbers below 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A random value, nested up to `depth` deep. */
export function randomPair(next: () => number, depth: number): Pair {
  const below = (limit: number): number => Math.floor(next() * limit);
  const text = (): string => {
    const pieces = Array.from({ length: below(6) }, () =>
      String.fromCharCode(
        ...Array.from({ length: 1 + below(3) }, () => below(next() < 0.5 ? 0x80 : 0x10000)),
      ),
    );
    return pieces.join(next() < 0.3 ? "😀" : "");
  };
  switch (below(depth > 0 ? 8 : 6)) {
    case 0:
      return SCALARS[below(SCALARS.length)] ?? [null, "None"];
    case 1: {
      const value = text();
      return [value, pyString(value)];
    }
    case 2: {
      const value = Math.trunc((next() - 0.5) * 2 ** below(54));
      return value === 0 ? [0, "0"] : [value, String(value)];
    }
    case 3: {
      const value =
        (2n ** 53n + BigInt(below(2 ** 32))) ** BigInt(1 + below(4)) * (next() < 0.5 ? -1n : 1n);
      return [value, String(value)];
    }
    case 4: {
      const value = (next() - 0.5) * 10 ** (below(600) - 300);
      return Number.isInteger(value) && Math.abs(value) < 2 ** 53
        ? [0.25, "0.25"]
        : [value, `float("${value}")`];
    }
    case 5:
      return bytes(...Array.from({ length: below(20) }, () => below(256)));
    case 6:
      return list(Array.from({ length: below(5) }, () => randomPair(next, depth - 1)));
    default: {
      const keys = new Set(Array.from({ length: below(5) }, text).filter((key) => !isIndex(key)));
      return dict([...keys].map((key) => [key, randomPair(next, depth - 1)] as const));
    }
  }
}
