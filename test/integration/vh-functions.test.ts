/** Every vh function both ways: its arguments as the hub saw them, its result as the script saw it. */
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Lab, type Probe, py } from "../helpers/lab.js";
import { Recorder } from "../helpers/recorder.js";
import { HUB_SIGNATURES, type Parameter, type Signature } from "../helpers/vh-contract.js";

const recorder = new Recorder();
let probe: Probe;
/** A script of a hub that has no functions. */
let bare: Probe;

beforeAll(() => {
  probe = new Lab({ hub: recorder.hub }, true).probe();
  bare = new Lab({}, true).probe();
});

beforeEach(() => {
  recorder.reset();
  recorder.answers["GetUserClass"] = -2; // nobody is online: pm and usermc as written
});

/** What a test passes for a parameter; the hub gets the same. */
const sample = ({ name, type }: Parameter, i: number): unknown =>
  type === "int" ? i + 3 : `${name} é😀`;

/** A default as the hub gets it. */
function defaultOf({ type, default: given }: Parameter): unknown {
  if (given === "None") return null;
  if (given === "''") return "";
  return type === "int" ? Number(given) : given;
}

/** How a result is expected to come out in Python, by its type. */
const RESULTS: Readonly<Record<string, readonly [answer: unknown, repr: string][]>> = {
  bool: [
    [true, "True"],
    [false, "False"],
  ],
  int: [
    [0, "0"],
    [-2, "-2"],
    [2n ** 63n - 1n, "9223372036854775807"],
  ],
  str: [
    ["é😀", "'é😀'"],
    ["", "''"],
    [null, "None"],
    [undefined, "None"],
  ],
  "str | None": [
    ["é😀", "'é😀'"],
    ["", "''"],
    [null, "None"],
    [undefined, "None"],
  ],
  "list[str]": [
    [[], "[]"],
    [["a", "é😀"], "['a', 'é😀']"],
  ],
  "MyINFO | None": [
    [["a", "d", "<t>", "s", "e", "1"], "'$MyINFO $ALL a d<t>$ $s$e$1$'"],
    [null, "None"],
  ],
  "dict | None": [
    [{ city: "Brno", area_code: 0 }, "{'city': 'Brno', 'area_code': 0}"],
    [null, "None"],
  ],
  "tuple[bool, list[list[str | None]]]": [
    [[true, [["a", null], []]], "(True, [['a', None], []])"],
    [[false, []], "(False, [])"],
  ],
};

/** What the hub must not return, by the result's type. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  bool: [1, 1n, "yes", null, undefined, [], {}, new Uint8Array(1)],
  int: ["1", 1.5, NaN, 2n ** 64n, true, null, undefined, [], {}],
  str: [1, true, [], {}, ["a"], new Uint8Array(1)],
  "str | None": [1, true, [], {}, ["a"], new Uint8Array(1)],
  "list[str]": ["a", ["a", 1], [null], null, undefined, {}, true],
  "MyINFO | None": ["a", [], ["a"], Array(7).fill("a"), Array(6).fill(6), {}, true],
  "dict | None": ["a", [], ["a"], 5, true],
  "tuple[bool, list[list[str | None]]]": [
    true,
    null,
    undefined,
    [],
    [true],
    [1, []],
    [true, "a"],
    [true, ["a"]],
    [true, [["a", 1]]],
    [true, [], 3],
  ],
};

const required = ({ parameters }: Signature): readonly Parameter[] =>
  parameters.filter((parameter) => parameter.default === undefined);

const call = (name: string, args: readonly string[]): string => `vh.${name}(${args.join(", ")})`;
const callRequired = (signature: Signature): string =>
  call(
    signature.name,
    required(signature).map((parameter, i) => py(sample(parameter, i))),
  );

describe.each(HUB_SIGNATURES.map((s) => [s.name, s] as const))("vh.%s", (_, signature) => {
  const { name, parameters, result } = signature;
  const samples = parameters.map(sample);
  const [first] = RESULTS[result] ?? [];
  /** The core's row has the two parameters that it serves itself. */
  const seen = (args: readonly unknown[]): unknown[] =>
    name === "name_and_version" ? [name, null, null] : [name, ...args];

  beforeEach(() => {
    recorder.answers[name] = first?.[0];
  });

  test("positional arguments", () => {
    probe.repr(call(name, samples.map(py)));
    expect(recorder.take().at(-1)).toEqual(seen(samples));
  });

  test("keyword arguments, in any order", () => {
    const keywords = parameters.map((parameter, i) => `${parameter.name}=${py(samples[i])}`);
    probe.repr(call(name, keywords.reverse()));
    expect(recorder.take().at(-1)).toEqual(seen(samples));
  });

  test("defaults", () => {
    probe.repr(callRequired(signature));
    const expected = parameters.map((parameter, i) =>
      parameter.default === undefined ? samples[i] : defaultOf(parameter),
    );
    expect(recorder.take().at(-1)).toEqual(seen(expected));
  });

  test("None where it is the default", () => {
    const nullable = parameters.filter(({ default: given }) => given === "None");
    const args = parameters.map((parameter, i) =>
      nullable.includes(parameter) ? null : samples[i],
    );
    probe.repr(call(name, args.map(py)));
    expect(recorder.take().at(-1)).toEqual(seen(args));
  });

  test("results", () => {
    expect(RESULTS).toHaveProperty([result]);
    for (const [answer, repr] of RESULTS[result] ?? []) {
      recorder.answers[name] = answer;
      expect(probe.repr(callRequired(signature))).toBe(repr);
    }
  });

  test("a result of a wrong type is a HubError that names the function", () => {
    const values = WRONG[result] ?? [];
    expect(values).not.toEqual([]);
    for (const value of [...values, Promise.resolve(first?.[0]), () => true, Symbol("x")]) {
      recorder.answers[name] = () => value;
      expect(probe.failure(callRequired(signature)), String(value)).toMatch(
        `HubError: vh.${name}: `,
      );
    }
  });

  test("a Promise is a HubError that says so", () => {
    recorder.answers[name] = () => Promise.resolve(first?.[0]);
    expect(probe.failure(callRequired(signature))).toMatch(/^HubError: .*Promise/);
  });

  test("what the hub throws is a HubError with its message", () => {
    recorder.answers[name] = () => {
      throw new RangeError("no such é😀");
    };
    expect(probe.failure(callRequired(signature))).toBe("HubError: no such é😀");
    expect(probe.failure(`try: ${callRequired(signature)}\nexcept vh.HubError: pass`)).toBe(
      "nothing",
    );
  });

  test("missing in the hub: NotImplementedError with its name", () => {
    expect(bare.failure(callRequired(signature))).toMatch(
      new RegExp(`^NotImplementedError: .*\\b${name}\\b`),
    );
  });
});

test.each([
  ["a string", "plain", "HubError: plain"],
  ["a number", 42, "HubError: 42"],
  ["an object", { message: 5 }, /^HubError: ./],
  ["null", null, /^HubError: ./],
  ["undefined", undefined, /^HubError: ./],
  ["an Error without a message", new Error(), /^HubError: ./],
  ["what cannot be a string", Object.create(null), /^HubError: ./],
])("the hub throws %s", (_, thrown: unknown, expected) => {
  recorder.answers["mc"] = () => {
    throw thrown;
  };
  expect(probe.failure("vh.mc('x')")).toMatch(expected);
});

test("the hub's methods see their object", () => {
  class Users {
    readonly #classes = new Map([["alice", 3]]);
    GetUserClass(nick: string): number {
      return this.#classes.get(nick) ?? -2;
    }
  }
  const users = new Lab({ hub: new Users() }).probe();
  expect(users.repr("[vh.GetUserClass(n) for n in ('alice', 'bob')]")).toBe("[3, -2]");
});

const STRINGS = [
  "",
  "\0",
  "a\0b",
  "é",
  "ÿĀ",
  "☃",
  "😀",
  "\ud800",
  "x\udc00",
  "\udcff😀",
  "\ude00\ud83d",
];

test.each(STRINGS)("the string %j reaches the hub and comes back unchanged", (text) => {
  recorder.answers["mc"] = true;
  recorder.answers["GetUserHost"] = text;
  probe.exec(`vh.mc(${py(text).replaceAll("\0", "\\0")})`);
  expect(recorder.take()).toEqual([["mc", text, null]]);
  expect(probe.repr(`vh.GetUserHost("x") == ${py(text)}`)).toBe("True");
});

test.each([
  ["2**53 - 1", Number.MAX_SAFE_INTEGER],
  ["2**53", 2n ** 53n],
  ["-2**53 + 1", -Number.MAX_SAFE_INTEGER],
  ["-2**53", -(2n ** 53n)],
  ["2**63 - 1", 2n ** 63n - 1n],
  ["-2**63", -(2n ** 63n)],
  ["True", 1],
  ["enum.IntEnum('E', {'one': 7}).one", 7],
])("the int %s reaches the hub exactly", (source, expected) => {
  recorder.answers["StopHub"] = true;
  probe.exec(`import enum; vh.StopHub(${source})`);
  expect(recorder.take()).toEqual([["StopHub", expected, 0]]);
});

test.each([
  ["SetMyINFO", "'n', share=5", ["n", null, null, null, null, "5"]],
  ["SetMyINFO", "'n', share='6'", ["n", null, null, null, null, "6"]],
  ["SetMyINFO", "'n', '', share=2**62", ["n", "", null, null, null, String(2n ** 62n)]],
  ["AddRobot", "'n', 1, 'd', 's', 'e', -7", ["n", 1, "d", "s", "e", "-7"]],
  ["KickUser", "'o', 't', 'r', 1, 2, 3", ["o", "t", "r", "1", "2", "3"]],
  ["KickUser", "'o', 't', 'r', 'n', 'p', '10m'", ["o", "t", "r", "n", "p", "10m"]],
  ["KickUser", "'o', 't', 'r', ban_time=True", ["o", "t", "r", "", "", "1"]],
  ["SetConfig", "'c', 'v', 'text'", ["c", "v", "text"]],
  ["SetConfig", "'c', 'v', -5", ["c", "v", "-5"]],
  ["SetConfig", "'c', 'v', 0.1", ["c", "v", "0.1"]],
  ["SetConfig", "'c', 'v', True", ["c", "v", "1"]],
  ["SetConfig", "'c', 'v', False", ["c", "v", "0"]],
  ["UserRestrictions", "'n', noctm='2h'", ["n", "", "", "", "2h"]],
  ["CloseConnection", "'n'", ["n", 0, 0]],
  ["CloseConnection", "'n', vh.eCR_KICKED, 250", ["n", 2, 250]],
])("vh.%s(%s)", (name, args, expected) => {
  recorder.answers[name] = true;
  expect(probe.repr(`vh.${name}(${args})`)).toBe("True");
  expect(recorder.take()).toEqual([[name, ...expected]]);
});

test("CloseConnection as the wild calls it closes as well: (nick, nice, reason)", () => {
  recorder.answers["CloseConnection"] = true;
  expect(probe.repr("vh.CloseConnection('n', 0, 'reason')")).toBe("True");
  expect(recorder.take()).toEqual([["CloseConnection", "n", 0, 0]]);
});

test("a str of a subclass is its text", () => {
  recorder.answers["mc"] = true;
  recorder.answers["GetMyINFO"] = ["a", "d", "<t>", "s", "e", "1"];
  probe.exec("vh.mc(vh.GetMyINFO('a'))");
  expect(recorder.take("mc")).toEqual([["mc", "$MyINFO $ALL a d<t>$ $s$e$1$", null]]);
});
