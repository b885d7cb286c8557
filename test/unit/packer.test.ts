/** lib/packer.ts alone: plain containers to the core's codes and strings. */
import vm from "node:vm";
import { describe, expect, test } from "vitest";
import { Packer } from "../../lib/packer.js";
import { unpack } from "../helpers/unpack.js";

const packer = new Packer();

function packed(value: unknown): unknown {
  const strings = packer.pack(value);
  if (strings === undefined) throw new Error("was not packed");
  return unpack(packer.codes, strings);
}

function expectRefused(value: unknown): void {
  packer.pack(["a value before"]);
  expect(packer.pack(value)).toBeUndefined();
  expect(packer.codes[0]).toBe(0);
}

describe("what is packed", () => {
  test.each([
    [[]],
    [{}],
    [[[], {}, [{}], { a: {} }]],
    [["", "a", "é", "ж", "😀", "\ud800", "\0", "\0s"]],
    [{ "": 1, "\0": 2, "\ud800": 3, é: 4 }],
    [[true, false, null]],
    [[0, 1, -1, 2 ** 28 - 1, -(2 ** 28), 2 ** 28, -(2 ** 28) - 1, 2 ** 31, 2 ** 32]],
    [[0.5, -0.5, 1.5e-300, 5e-324, 2 ** 53 - 1, -(2 ** 53) + 1]],
    [Object.fromEntries([["__proto__", { a: 1 }]])],
    [{ 2: "b", 1: "a", key: "c" }],
  ])("%o", (value) => {
    expect(packed(value)).toStrictEqual(value);
  });

  test.each([
    [
      "the same keys",
      [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    ],
    ["fewer keys", [{ a: 1, b: 2 }, { a: 3 }, {}]],
    ["more keys", [{}, { a: 1 }, { a: 2, b: 3 }]],
    [
      "keys in another order",
      [
        { a: 1, b: 2 },
        { b: 3, a: 4 },
      ],
    ],
    [
      "other keys from the middle on",
      [
        { a: 1, b: 2, c: 3 },
        { a: 1, x: 2, c: 3 },
      ],
    ],
    [
      "keys that take turns",
      ["b", "c", "b", "d", "c", "b", "d"].map((key, i) => ({ a: i, [key]: { [key]: i }, e: 0 })),
    ],
    ["objects in objects", [{ a: { b: 1 } }, { a: { c: 1 }, d: { b: 1 } }, { a: { c: 2 }, d: {} }]],
  ])("objects with %s as the one before", (_, value) => {
    expect(packed(value)).toStrictEqual(value);
    expect(packed(value)).toStrictEqual(value); // keys of the last time are forgotten
  });

  test("undefined and holes, as null", () => {
    // eslint-disable-next-line no-sparse-arrays
    expect(packed([undefined, , { a: undefined }])).toStrictEqual([null, null, { a: null }]);
  });

  test("objects without a prototype", () => {
    expect(packed(Object.assign(Object.create(null) as object, { a: 1 }))).toStrictEqual({ a: 1 });
  });

  test("more than there was room for", () => {
    const value = Array.from({ length: 10_000 }, (_, i) => ({ [`key${String(i % 7)}`]: i / 2 }));
    expect(new Packer().pack(value)).toBeDefined();
    expect(packed(value)).toStrictEqual(value);
  });

  test("a million values, whose memory is not kept", () => {
    const value = Array.from({ length: 1_000_000 }, (_, i) => i);
    expect(packed(value)).toEqual(value);
    expect(packed([1])).toEqual([1]);
    expect(packer.codes.length).toBeLessThan(10_000);
  });

  test("each property once", () => {
    let reads = 0;
    const value = {
      get a() {
        return ++reads;
      },
    };
    expect(packed([value, value])).toStrictEqual([{ a: 1 }, { a: 2 }]);
  });
});

describe("what is not", () => {
  let deep: unknown = 5;
  for (let i = 0; i < 501; i++) deep = [deep];
  const cycle: unknown[] = [];
  cycle.push(cycle);
  test.each([
    ["a bigint", [1n]],
    ["bytes", [new Uint8Array(1)]],
    ["minus zero", [-0]],
    ["an integer beyond 2^53 - 1", [2 ** 53]],
    ["NaN", [NaN]],
    ["infinity", [-Infinity]],
    ["a function", { f: () => 1 }],
    ["a symbol", [Symbol("s")]],
    ["an object with symbols for keys", [{ a: 1, [Symbol("s")]: 1 }]],
    ["an instance", [new Map()]],
    ["an object that inherits", [Object.create({ inherited: 1 })]],
    ["an object of another realm", vm.runInNewContext("[{ a: 1 }]")],
    ["what is deep", deep],
    ["what contains itself", cycle],
  ])("%s", (_, value: unknown) => {
    expectRefused(value);
  });

  test("objects, while Object.prototype has keys", () => {
    const prototype = Object.prototype as Record<string, unknown>;
    prototype["polluted"] = 1;
    try {
      expectRefused([{}]);
    } finally {
      delete prototype["polluted"];
    }
  });

  test("what a getter packs, and the rest is as it was", () => {
    let inner: string | undefined = "";
    const value = {
      a: "before",
      get b() {
        inner = packer.pack(["inner"]);
        return packer.codes[0];
      },
      c: "after",
    };
    expect(packed(value)).toStrictEqual({ a: "before", b: 0, c: "after" });
    expect(inner).toBeUndefined();
  });

  test("and what throws lets the next one be packed", () => {
    const value = {
      get a(): never {
        throw new Error("getter");
      },
    };
    expect(() => packer.pack(value)).toThrow("getter");
    expect(packed([1])).toStrictEqual([1]);
  });
});
