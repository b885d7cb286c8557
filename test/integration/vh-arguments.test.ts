/** What a vh function says of wrong arguments, for each parameter of each function. */
import { beforeAll, beforeEach, expect, test } from "vitest";
import { Lab, type Probe } from "../helpers/lab.js";
import { Recorder } from "../helpers/recorder.js";
import { SIGNATURES, type Parameter, type Signature } from "../helpers/vh-contract.js";

const recorder = new Recorder();
let probe: Probe;

beforeAll(() => {
  probe = new Lab({ hub: recorder.hub }, true).probe();
});

beforeEach(() => {
  recorder.reset();
});

/** Python expressions of wrong types, and the names of these, by what a parameter takes. */
const WRONG: Readonly<Record<string, readonly [source: string, type: string][]>> = {
  str: [
    ["5", "int"],
    ["None", "None"],
    ["b'x'", "bytes"],
    ["1.5", "float"],
    ["['x']", "list"],
    ["True", "bool"],
  ],
  "str | None": [
    ["5", "int"],
    ["b'x'", "bytes"],
    ["False", "bool"],
  ],
  int: [
    ["'5'", "str"],
    ["None", "None"],
    ["1.0", "float"],
    ["b'5'", "bytes"],
  ],
  "str | int": [
    ["None", "None"],
    ["1.5", "float"],
    ["b'x'", "bytes"],
  ],
  "str | int | None": [
    ["1.5", "float"],
    ["b'x'", "bytes"],
  ],
  "str | int | float | bool": [
    ["None", "None"],
    ["b'x'", "bytes"],
    ["1j", "complex"],
  ],
  bool: [
    ["None", "None"],
    ["'x'", "str"],
    ["1.5", "float"],
  ],
};

/** Strings have a meaning of their own there: the manual's SQL, the wild's CloseConnection. */
const STRING_TOO = ["SQL.limit", "CloseConnection.delay"];

const good = ({ type }: Parameter): string => (type === "int" || type === "bool" ? "1" : "'x'");

const keywords = (parameters: readonly Parameter[], source: (parameter: Parameter) => string) =>
  parameters.map((parameter) => `${parameter.name}=${source(parameter)}`).join(", ");

const ROWS = SIGNATURES.filter(({ name }) => name !== "CallDynamicFunction").map(
  (signature) => [signature.name, signature] as const,
);
const PARAMETERS = ROWS.flatMap(([name, signature]) =>
  signature.parameters.map((parameter) => [name, parameter.name, parameter, signature] as const),
);

/** A call of which one argument is another; all are named in the one case, none in the other. */
function callsWith(signature: Signature, odd: Parameter, source: string): string[] {
  const sources = signature.parameters.map((p) => (p === odd ? source : good(p)));
  return [
    `vh.${signature.name}(${keywords(signature.parameters, (p) => (p === odd ? source : good(p)))})`,
    `vh.${signature.name}(${sources.join(", ")})`,
  ];
}

test.each(PARAMETERS)(
  "vh.%s: %s of a wrong type is a TypeError that names them",
  (name, parameterName, parameter, signature) => {
    expect(WRONG).toHaveProperty([parameter.type]);
    for (const [source, type] of WRONG[parameter.type] ?? []) {
      if (type === "str" && STRING_TOO.includes(`${name}.${parameterName}`)) continue;
      for (const call of callsWith(signature, parameter, source)) {
        const failure = probe.failure(call);
        expect(failure, call).toMatch(/^TypeError: /);
        for (const word of [name, parameterName, type])
          expect(failure, call).toMatch(new RegExp(`\\b${word}\\b`));
        expect(failure, call).toContain(parameter.type);
      }
    }
    expect(recorder.take()).toEqual([]);
  },
);

test.each(PARAMETERS.filter(([, , { type }]) => type.includes("int")))(
  "vh.%s: %s beyond 64 bits is an OverflowError that names them",
  (name, parameterName, parameter, signature) => {
    for (const source of ["2**63", "-2**63 - 1", "10**5000"])
      for (const call of callsWith(signature, parameter, source))
        expect(probe.failure(call), call).toMatch(
          new RegExp(`^OverflowError: .*\\b${name}\\b.*\\b${parameterName}\\b`),
        );
    expect(recorder.take()).toEqual([]);
  },
);

test.each(PARAMETERS.filter(([, , { default: given }]) => given === undefined))(
  "vh.%s without %s is a TypeError that names them",
  (name, parameterName, parameter, { parameters }) => {
    const others = parameters.filter((other) => other !== parameter);
    expect(probe.failure(`vh.${name}(${keywords(others, good)})`)).toMatch(
      new RegExp(`^TypeError: .*\\b${name}\\b.*\\b${parameterName}\\b`),
    );
  },
);

test.each(PARAMETERS.filter(([, , parameter, { parameters }]) => parameter === parameters[0]))(
  "vh.%s with %s by position and by name is a TypeError that names them",
  (name, parameterName, parameter, { parameters }) => {
    const call = `vh.${name}(${good(parameter)}, ${keywords(parameters, good)})`;
    expect(probe.failure(call)).toMatch(
      new RegExp(`^TypeError: .*\\b${name}\\b.*multiple values.*\\b${parameterName}\\b`),
    );
  },
);

test.each(ROWS)(
  "vh.%s with an unknown name is a TypeError that names it",
  (name, { parameters }) => {
    const named = keywords(parameters, good);
    expect(probe.failure(`vh.${name}(${named}${named && ", "}nonsense=1)`)).toMatch(
      new RegExp(`^TypeError: .*\\b${name}\\b.*unexpected.*\\bnonsense\\b`),
    );
  },
);

test.each(ROWS)("vh.%s with an argument too many is a TypeError", (name, { parameters }) => {
  const call = `vh.${name}(${[...parameters.map(good), "1"].join(", ")})`;
  expect(probe.failure(call)).toMatch(new RegExp(`^TypeError: .*\\b${name}\\b`));
});

test.each([
  ["vh.CallDynamicFunction()", /func_name/],
  ["vh.CallDynamicFunction(5)", /func_name.*\bstr\b.*\bint\b/],
  ["vh.CallDynamicFunction('f', key=1)", /keyword/],
])("%s is a TypeError that says why", (call, why) => {
  expect(probe.failure(call)).toMatch(/^TypeError: CallDynamicFunction/);
  expect(probe.failure(call)).toMatch(why);
});

test.each(["*['x'] * 100", "**{f'k{i}': i for i in range(100)}", "**{'': 1}", "**{'\\ud800': 1}"])(
  "vh.mc(%s) is a TypeError",
  (args) => {
    expect(probe.failure(`vh.mc(${args})`)).toMatch(/^TypeError: mc\(\)/);
  },
);

test("a parameter may be named in any script's own way of building a call", () => {
  recorder.answers["usermc"] = true;
  recorder.answers["GetUserClass"] = -2;
  expect(probe.repr(`vh.usermc("hi", **{"nick": "bob"})`)).toBe("True");
  expect(probe.repr(`__import__("functools").partial(vh.usermc, nick="bob")("hi")`)).toBe("True");
  expect(recorder.take("usermc")).toEqual(Array(2).fill(["usermc", "hi", "bob", null]));
});
