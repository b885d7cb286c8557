/** Values between Python and JavaScript: exact, both ways, through script.call and CallDynamicFunction. */
import { beforeAll, describe, expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import type { Script } from "../../lib/index.js";
import { Lab } from "../helpers/lab.js";
import {
  dict,
  list,
  LONE_FLOATS,
  random,
  randomPair,
  SCALARS,
  STRINGS,
  type Pair,
} from "../helpers/value-pairs.js";

let script: Script;
let given: unknown;
const taken: unknown[] = [];

beforeAll(() => {
  const { host } = new Lab({}, true);
  host.register("take", (...args: unknown[]) => {
    taken.push(...args);
  });
  host.register("give", () => given);
  script = host.load(fileURLToPath(new URL("../fixtures/vh/values.py", import.meta.url)));
});

/** Holds that a value reaches Python as an expression says, both ways there are. */
function expectToPython([value, python]: Pair): void {
  const short = python.slice(0, 200);
  expect(script.call("check", value, python), short).toBe(true);
  given = value;
  expect(script.call("receive", python), short).toBe(true);
}

/** Holds that the value of a Python expression reaches JavaScript, both ways there are. */
function expectFromPython([value, python]: Pair): void {
  const short = python.slice(0, 200);
  expect(script.call("make", python), short).toStrictEqual(value);
  script.call("send", python);
  expect(taken.splice(0), short).toStrictEqual([value]);
}

function expectBothWays(pair: Pair): void {
  expectToPython(pair);
  expectFromPython(pair);
}

const named = (pairs: readonly Pair[]) =>
  pairs.map((pair) => [pair[1].slice(0, 40), pair] as const);

describe("both ways", () => {
  test.each(named([...SCALARS, ...LONE_FLOATS]))("%s", (_, pair) => {
    expectBothWays(pair);
  });

  test.each(named(SCALARS))("%s in containers", (_, pair) => {
    expectBothWays(list([pair]));
    expectBothWays(dict([["k", pair]]));
    expectBothWays(
      list([
        pair,
        dict([
          ["a", list([pair, pair])],
          ["", pair],
        ]),
        list([]),
      ]),
    );
  });

  test.each(STRINGS)("the key %j", (key) => {
    const pair = dict([[key, [1, "1"]]]);
    expectBothWays(pair);
    expectBothWays(list([dict([["é", pair]])]));
  });

  test("all keys at once, in their order", () => {
    const keys = STRINGS.filter((key) => key !== "0");
    expectBothWays(dict(keys.map((key, i) => [key, [i, String(i)]] as const)));
    expectBothWays(dict(keys.toReversed().map((key, i) => [key, [i, String(i)]] as const)));
  });

  test("empty containers", () => {
    expectBothWays([[], "[]"]);
    expectBothWays([{}, "{}"]);
    expectBothWays([[[], {}, [[]], { a: {} }], "[[], {}, [[]], {'a': {}}]"]);
  });

  test.each([1, 2, 3, 4])("300 random values, seed %i", (seed) => {
    const next = random(seed);
    for (let i = 0; i < 300; i++) expectBothWays(randomPair(next, 4));
  });
});

describe("from JavaScript only", () => {
  const hole = Array<number>(3);
  hole[0] = 1;
  hole[2] = 3;

  test.each(
    named([
      [undefined, "None"],
      [[undefined], "[None]"],
      [{ a: undefined }, "{'a': None}"],
      [hole, "[1, None, 3]"],
      [5n, "5"],
      [[5n, -1n], "[5, -1]"],
      [2n ** 53n - 1n, "2**53 - 1"],
      [5.0, "5"],
      [[1e3, 1.0], "[1000, 1]"],
      [Object.create(null), "{}"],
      [Object.assign(Object.create(null) as object, { a: 1 }), "{'a': 1}"],
      [Object.freeze({ a: Object.freeze([1]) }), "{'a': [1]}"],
      [Buffer.from([1, 2]), "b'\\x01\\x02'"],
      [[Buffer.from([1, 2])], "[b'\\x01\\x02']"],
      [new Uint8Array([0, 1, 2, 3]).subarray(1, 3), "b'\\x01\\x02'"],
      [{ x: new Uint8Array([0, 1, 2, 3]).subarray(1, 3) }, "{'x': b'\\x01\\x02'}"],
      [{ 2: "b", 1: "a" }, "{'1': 'a', '2': 'b'}"],
      [{ toJSON: 5 }, "{'toJSON': 5}"],
      [{ hasOwnProperty: null, length: 3 }, "{'hasOwnProperty': None, 'length': 3}"],
    ]),
  )("%s", (_, pair) => {
    expectToPython(pair);
  });

  test("halves of a surrogate pair in strings that follow each other", () => {
    expectToPython([["\ud83d", "\ude00"], "['\\ud83d', '\\ude00']"]);
  });

  test("what a getter gives that calls Python meanwhile", () => {
    const value = {
      a: "before",
      get b() {
        return script.call("echo", ["a", { b: 0.5 }]);
      },
      c: ["after"],
    };
    expectToPython([value, "{'a': 'before', 'b': ['a', {'b': 0.5}], 'c': ['after']}"]);
  });

  test.each([
    ["a big int", 10n, "10"],
    ["a float", -0, "-0.0"],
  ])("beside %s, what a getter gives that calls Python meanwhile", (_, a, repr) => {
    const value = {
      a,
      get b() {
        return script.call("echo", ["x".repeat(100)]);
      },
    };
    expectToPython([value, `{'a': ${repr}, 'b': ['${"x".repeat(100)}']}`]);
  });

  test.each([
    ["an error", new Error("mine")],
    ["an array", [1, [2]]],
    ["a string", "text"],
  ])("%s that a getter throws comes out as it is", (_, thrown: unknown) => {
    const value = {
      get a() {
        throw thrown;
      },
    };
    let caught: unknown;
    try {
      script.call("echo", value);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(thrown);
  });

  test("minus zero stays minus zero", () => {
    expectToPython([-0, "-0.0"]);
    expectToPython([[-0, { z: -0 }], "[-0.0, {'z': -0.0}]"]);
  });
});

describe("from Python only", () => {
  test.each(
    named([
      [5, "5.0"],
      [[5, -0], "[5.0, -0.0]"],
      [-0, "-0.0"],
      [[1, "a"], "(1, 'a')"],
      [[], "()"],
      [[[1], [[]]], "((1,), [()])"],
      [[7], "{7}"],
      [["x"], "frozenset({'x'})"],
      [{ s: [1] }, "{'s': {1}}"],
      [[[1, 2]], "{(1, 2)}"],
      [[1, 2], "__import__('collections').namedtuple('P', 'x y')(1, 2)"],
      [{ b: 1, a: 2 }, "__import__('collections').OrderedDict(b=1, a=2)"],
      [{ a: [1] }, "__import__('collections').defaultdict(list, a=[1])"],
      [{ l: 2, o: 1 }, "__import__('collections').Counter('lol')"],
      [7, "__import__('enum').IntEnum('E', {'one': 7}).one"],
      [[7], "[__import__('enum').IntEnum('E', {'one': 7}).one]"],
      ["v", "__import__('enum').StrEnum('E', {'one': 'v'}).one"],
      ["text", "type('S', (str,), {})('text')"],
      [1.5, "type('F', (float,), {'__repr__': lambda s: 'x'})(1.5)"],
      [[1.5], "[type('F', (float,), {'__repr__': lambda s: 'x'})(1.5)]"],
      [[1], "type('L', (list,), {})([1])"],
      [{ x: [1, 1] }, "(lambda v: {'x': [v, v]})(1)"],
      [[[1], [1]], "(lambda v: [v, v])([1])"],
    ]),
  )("%s", (_, pair) => {
    expectFromPython(pair);
  });

  test("a set of several", () => {
    expect(new Set(script.call("make", "{1, 2, 'x', None}") as unknown[])).toEqual(
      new Set([1, 2, "x", null]),
    );
  });
});

describe("large", () => {
  const SIZE = 64 * 1024 * 1024;

  test.each([
    ["x", SIZE],
    ["é", SIZE / 4],
    ["ж", SIZE / 4],
    ["😀", SIZE / 4],
  ])("%s, %i times", (letter, count) => {
    const [text, python] = [letter.repeat(count), `"${letter}" * ${count}`];
    expect(script.call("check", text, python)).toBe(true);
    expect(script.call("make", python) === text).toBe(true);
    expect((script.call("make", `[${python}]`) as unknown[])[0] === text).toBe(true);
    expect(script.call("check", [text], `[${python}]`)).toBe(true);
  });

  test("64 MB of bytes", () => {
    const bytes = new Uint8Array(SIZE).fill(7);
    expect(script.call("check", bytes, `b"\\7" * ${SIZE}`)).toBe(true);
    const back = script.call("make", `b"\\7" * ${SIZE}`) as Uint8Array;
    expect(Buffer.compare(back, bytes)).toBe(0);
  });

  test("a list of a million", () => {
    expect(script.call("check", Array(1_000_000).fill(1), "[1] * 1_000_000")).toBe(true);
    expect((script.call("make", "[None] * 1_000_000") as unknown[]).length).toBe(1_000_000);
  });
});
