/** lib/values.ts alone: containers to what the core reads, and the core's JSON text back. */
import { describe, expect, test } from "vitest";
import { MarshalError } from "../../lib/errors.js";
import { Packer } from "../../lib/packer.js";
import { decode, encode as encodeWith } from "../../lib/values.js";
import { unpack } from "../helpers/unpack.js";
import { random, randomPair } from "../helpers/value-pairs.js";

const packer = new Packer();
const encode = (value: unknown, where: string): string => encodeWith(value, where, packer);

function roundTrip(value: unknown): unknown {
  const text = encode(value, "v");
  return packer.codes[0] === 0 ? decode(text) : unpack(packer.codes, text);
}

describe("the text", () => {
  test.each([
    [{ a: [1n, 0.5, true, null, "é😀"] }, String.raw`!{"a":["\u0000i1",0.5,true,null,"é😀"]}`],
    [[1n, undefined, Array(1)], String.raw`!["\u0000i1",null,[null]]`],
    [["\0", "\0s", 1n], String.raw`!["\u0000s\u0000","\u0000s\u0000s","\u0000i1"]`],
    [{ "\0": 1n }, String.raw`!{"\u0000s\u0000":"\u0000i1"}`],
    [["\ud800", "a\udc00", 1n], String.raw`!["\ud800","a\udc00","\u0000i1"]`],
    [{ "\ud800": 1n }, String.raw`!{"\ud800":"\u0000i1"}`],
    [[2n ** 53n, -(2n ** 64n)], String.raw`!["\u0000i20000000000000","\u0000i-10000000000000000"]`],
    [[new Uint8Array([0, 171, 255]), new Uint8Array()], String.raw`!["\u0000b00abff","\u0000b"]`],
    [Object.fromEntries([["__proto__", [1n]]]), String.raw`!{"__proto__":["\u0000i1"]}`],
  ])("%o: %s", (value, text) => {
    expect(encode(value, "v")).toBe(text);
  });

  test("is that of the strings where all is plain", () => {
    expect(encode({ a: ["b", 1, "c"] }, "v")).toBe("bca");
  });

  test("numbers that are whole but beyond 2^53 - 1 stay floats", () => {
    for (const number of [2 ** 53, 2 ** 63, -(2 ** 64), 1e20])
      expect(encode([number], "v")).toMatch(/[.eE]/);
  });
});

describe("reading", () => {
  test("takes strings as they are when none is escaped", () => {
    expect(decode('["a",{"b":1.5}]')).toEqual(["a", { b: 1.5 }]);
    expect(decode(String.raw`["\u0000i1"]`)).toEqual(["\0i1"]);
  });

  test.each([
    [String.raw`["\u0000sx"]`, ["x"]],
    [String.raw`["\u0000s\u0000x"]`, ["\0x"]],
    [String.raw`["\u0000s\ud800"]`, ["\ud800"]],
    [String.raw`["\u0000iff"]`, [255n]],
    [String.raw`["\u0000i-ff"]`, [-255n]],
    [String.raw`["\u0000b00ff"]`, [new Uint8Array([0, 255])]],
    [String.raw`{"\u0000s\u0000k":{"\u0000s\ud800":["\u0000i1"]}}`, { "\0k": { "\ud800": [1n] } }],
  ])("%s", (text, value) => {
    expect(decode(`!${text}`)).toStrictEqual(value);
  });

  test("the key __proto__ is a key like any other", () => {
    const value = decode(String.raw`!{"__proto__":"\u0000i1","a":"\u0000i2"}`) as object;
    expect(Object.entries(value)).toEqual([
      ["__proto__", 1n],
      ["a", 2n],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    const renamed = decode(String.raw`!{"__proto__":[1],"\u0000s\u0000":2}`) as object;
    expect(Object.entries(renamed)).toEqual([
      ["__proto__", [1]],
      ["\0", 2],
    ]);
  });
});

describe("both ways", () => {
  test.each([1, 2, 3, 4, 5])("500 random values, seed %i", (seed) => {
    const next = random(seed);
    for (let i = 0; i < 500; i++) {
      const [value] = randomPair(next, 5);
      expect(roundTrip([value])).toStrictEqual([value]);
    }
  });

  test.each([499, 500, 501, 10_000])("%i deep", (depth) => {
    for (const bottom of [5, 2n ** 70n]) {
      let value: unknown = bottom;
      for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { k: value };
      let back = roundTrip(value);
      for (let i = depth; i > 0; i--)
        back = i % 2 === 1 ? (back as unknown[])[0] : (back as { k: unknown }).k;
      expect(back).toBe(bottom);
    }
  });

  test("the value that is written is not changed", () => {
    const value = Object.freeze({ a: Object.freeze(["\0", 2n ** 70n]) });
    expect(roundTrip(value)).toEqual({ a: ["\0", 2n ** 70n] });
  });
});

describe("errors", () => {
  test.each([1.5, -1, NaN, "2"])("tell of an array of %s items", (length) => {
    const value = new Proxy([1, 2], {
      get: (array, key) => (key === "length" ? length : (Reflect.get(array, key) as unknown)),
    });
    const problem = `v[0]: an array of ${String(length)} items`;
    expect(() => encode([value], "v")).toThrow(new MarshalError(problem));
  });

  const longText = "x".repeat(100_000_000);
  const manyItems = Array<number>(1_000_000).fill(0);
  test.each([
    ["strings", Array<string>(10).fill(longText)],
    ["values", Array<unknown>(1000).fill(manyItems)],
  ])("tell of too many %s", (_, value) => {
    expect(() => encode(value, "v")).toThrow(new MarshalError("v: more than 512 MB of text"));
  });

  test.each([
    [[1, () => 2], "v[1]: a function"],
    [{ a: { "b c": [Symbol("s")] } }, 'v.a["b c"][0]: a symbol'],
    [{ a: new Map() }, "v.a: an instance of Map"],
    [[[NaN]], "v[0][0]: NaN"],
    [{ x: -Infinity }, "v.x: -Infinity"],
    [{ p: Promise.resolve() }, "v.p: a Promise"],
    [[new Float64Array(1)], "v[0]: an instance of Float64Array"],
    [{ s: { [Symbol("k")]: 1 } }, "v.s: an object with symbols for keys"],
    [[Object.create({ inherited: 1 })], "v[0]: "],
  ])("%o: %s", (value: unknown, message) => {
    expect(() => encode(value, "v")).toThrow(MarshalError);
    expect(() => encode(value, "v")).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) as string }),
    );
  });

  test("too deep, and what contains itself", () => {
    let deep: unknown = 5;
    for (let i = 0; i < 10_001; i++) deep = [deep];
    expect(() => encode(deep, "v")).toThrow(/^v: nested more than 10000 deep$/);
    const cycle: unknown[] = [];
    cycle.push([cycle]);
    expect(() => encode(cycle, "v")).toThrow(
      /^v: nested more than 10000 deep: it contains itself$/,
    );
  });
});
