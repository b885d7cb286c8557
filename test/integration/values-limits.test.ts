/** What has no counterpart on the other side is an error that says where, both ways; nesting has a limit. */
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { MarshalError, type Script } from "../../lib/index.js";
import { Lab } from "../helpers/lab.js";

let lab: Lab;
let script: Script;
let given: unknown;
let taken: unknown;

beforeAll(() => {
  lab = new Lab({}, true);
  lab.host.register("take", (...args: unknown[]) => {
    taken = args[0];
  });
  lab.host.register("give", () => given);
  script = lab.host.load(fileURLToPath(new URL("../fixtures/vh/values.py", import.meta.url)));
});

/** The message of the MarshalError that is thrown. */
function marshalError(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(MarshalError);
    expect(error).toMatchObject({ name: "MarshalError", code: "ERR_VH_MARSHAL" });
    return (error as Error).message;
  }
  return "nothing";
}

class Own {
  readonly field = 1;
}

describe("from JavaScript", () => {
  test.each([
    ["a function", () => 1, "function"],
    ["a class", Own, "function"],
    ["a symbol", Symbol("s"), "symbol"],
    ["a Map", new Map(), "Map"],
    ["a Set", new Set(), "Set"],
    ["a Date", new Date(), "Date"],
    ["a RegExp", /x/, "RegExp"],
    ["an Error", new Error("x"), "Error"],
    ["a class's instance", new Own(), "Own"],
    ["a boxed number", Object(5), "Number"],
    ["an Int32Array", new Int32Array(1), "Int32Array"],
    ["an ArrayBuffer", new ArrayBuffer(1), "ArrayBuffer"],
    ["a Promise", Promise.resolve(), "Promise"],
    ["a WeakMap", new WeakMap(), "WeakMap"],
    ["an object with symbols for keys", { [Symbol("k")]: 1 }, "symbol"],
    ["an iterator", [1].values(), "has no counterpart"],
  ])("%s: MarshalError that names its path", (_, value: unknown, what) => {
    const alone = marshalError(() => script.call("echo", value));
    expect(alone).toMatch(/^args\[0\]/);
    expect(alone).toContain(what);
    const users = [{}, {}, {}, { name: "x", avatar: value }];
    const nested = marshalError(() => script.call("echo", 1, { users }));
    expect(nested).toMatch(/^args\[1\]\.users\[3\]\.avatar: /);
    expect(nested).toContain(what);
    given = { users };
    expect(() => script.call("receive", "None")).toThrow(/HubError: .*users\[3\]\.avatar/);
  });

  test.each([NaN, Infinity, -Infinity])("%d in a container: MarshalError", (value) => {
    expect(marshalError(() => script.call("echo", [value]))).toMatch(/^args\[0\]\[0\]: /);
    expect(marshalError(() => script.call("echo", { a: { b: [1, value] } }))).toMatch(
      /^args\[0\]\.a\.b\[1\]: /,
    );
  });

  test.each([
    ["é", /^args\[0\].*é.*\[1\]: /],
    ["two words", /^args\[0\]\["two words"\]\[1\]: /],
    ["", /^args\[0\]\[""\]\[1\]: /],
    ["__proto__", /^args\[0\]\.__proto__\[1\]: /],
    ['a"b', /^args\[0\]\["a\\"b"\]\[1\]: /],
  ])("a path with the key %j", (key, path) => {
    expect(marshalError(() => script.call("echo", Object.fromEntries([[key, [0, NaN]]])))).toMatch(
      path,
    );
  });

  test("toJSON has no meaning here", () => {
    const value = { a: [{ toJSON: () => 5 }] };
    expect(marshalError(() => script.call("echo", value))).toMatch(/^args\[0\]\.a\[0\]\.toJSON: /);
  });

  test("a getter's exception is the caller's", () => {
    const value = {
      get boom(): never {
        throw new RangeError("getter");
      },
    };
    expect(() => script.call("echo", value)).toThrow(/getter/);
    expect(script.call("echo", 5)).toBe(5);
  });
});

describe("from Python", () => {
  test.each([
    ["object()", "object"],
    ["1j", "complex"],
    ["len", "builtin_function_or_method"],
    ["sys", "module"],
    ["range(3)", "range"],
    ["iter([])", "list_iterator"],
    ["bytearray(b'x')", "bytearray"],
    ["memoryview(b'x')", "memoryview"],
    ["__import__('datetime').date(2026, 1, 1)", "datetime.date"],
    ["__import__('decimal').Decimal(1)", "Decimal"],
    ["{}.keys()", "dict_keys"],
    ["...", "ellipsis"],
    ["type('Own', (), {})()", "Own"],
  ])("%s: an error that names its path", (source, what) => {
    const python = `{'users': [0, 1, 2, {'avatar': ${source}}]}`;
    const alone = marshalError(() => script.call("make", source));
    expect(alone).toMatch(/^result: /);
    expect(alone).toContain(what);
    const nested = marshalError(() => script.call("make", python));
    expect(nested).toMatch(/^result\['users'\]\[3\]\['avatar'\]: /);
    expect(nested).toContain(what);
    const sent = script.call("send_failure", `[1, ${python}]`);
    expect(sent).toMatch(/^TypeError: .*args\[1\]\['users'\]\[3\]\['avatar'\]: /);
    expect(sent).toContain(what);
    expect(script.call("send_failure", `[${source}]`)).toMatch(/^TypeError: .*args\[0\]/);
  });

  test.each(["5", "None", "True", "1.5", "(1, 2)", "b'k'", "frozenset()"])(
    "a dict key %s: TypeError",
    (key) => {
      expect(script.call("send_failure", `[[{${key}: 1}]]`)).toMatch(
        /^TypeError: .*args\[0\]\[0\]: .*key/,
      );
      expect(marshalError(() => script.call("make", `{'a': {${key}: 1}}`))).toMatch(
        /^result\['a'\]: .*key/,
      );
    },
  );

  test.each(["float('nan')", "float('inf')", "float('-inf')"])(
    "%s in a container: ValueError",
    (source) => {
      expect(script.call("send_failure", `[[1, ${source}]]`)).toMatch(
        /^ValueError: .*args\[0\]\[1\]: /,
      );
      expect(script.call("send_failure", `[{'a': (${source},)}]`)).toMatch(
        /^ValueError: .*args\[0\]\['a'\]\[0\]: /,
      );
      expect(marshalError(() => script.call("make", `[1, ${source}]`))).toMatch(/^result\[1\]: /);
    },
  );

  test("what cannot even be described is an error all the same", () => {
    expect(
      marshalError(() => script.call("make", "[type('Bad', (), {'__repr__': lambda s: 1 / 0})()]")),
    ).toContain("result[0]");
    expect(marshalError(() => script.call("make", "{'\\ud800': object()}"))).toMatch(/^result\['/);
  });
});

describe("nesting", () => {
  const nested = (kind: "list" | "dict", depth: number): unknown => {
    let value: unknown = 5;
    for (let i = 0; i < depth; i++) value = kind === "list" ? [value] : { k: value };
    return value;
  };

  const depthOf = (value: unknown): number => {
    let depth = 0;
    for (let v = value; typeof v === "object" && v !== null; depth++)
      v = Array.isArray(v) ? v[0] : (v as { k: unknown }).k;
    return depth;
  };

  describe.each(["list", "dict"] as const)("%s", (kind) => {
    test.each([500, 501, 9_999, 10_000])("%i deep passes both ways", (depth) => {
      expect(script.call("depth_of", nested(kind, depth))).toBe(depth);
      expect(depthOf(script.call("nest", kind, depth))).toBe(depth);
      expect(script.call("send_failure", `[nest('${kind}', ${depth})]`)).toBe("nothing");
      expect(depthOf(taken)).toBe(depth);
      given = nested(kind, depth);
      script.call("send", "depth_of(vh.CallDynamicFunction('give'))");
      expect(taken).toBe(depth);
    });

    test.each([10_001, 100_000])("%i deep is an error both ways", (depth) => {
      expect(marshalError(() => script.call("echo", nested(kind, depth)))).toMatch(
        /^args\[0\].*10000 deep/,
      );
      expect(marshalError(() => script.call("nest", kind, depth))).toMatch(/^result.*10000 deep/);
      expect(script.call("send_failure", `[nest('${kind}', ${depth})]`)).toMatch(
        /^TypeError: .*args\[0\].*10000 deep/,
      );
      given = nested(kind, depth);
      expect(() => script.call("receive", "None")).toThrow(/HubError: .*10000 deep/);
    });
  });

  test("tuples count as well", () => {
    expect(depthOf(script.call("nest", "tuple", 10_000))).toBe(10_000);
    expect(marshalError(() => script.call("nest", "tuple", 10_001))).toMatch(/10000 deep/);
  });

  test("with what JSON cannot say at the bottom", () => {
    let value: unknown = [2n ** 70n, "\ud800", "\0"];
    for (let i = 0; i < 9_999; i++) value = { "\ud801": value };
    let back = script.call("echo", value) as Record<string, unknown>;
    for (let i = 0; i < 9_999; i++) back = back["\ud801"] as Record<string, unknown>;
    expect(back).toEqual([2n ** 70n, "\ud800", "\0"]);
  });
});

describe("a cycle", () => {
  test("from JavaScript", () => {
    const array: unknown[] = [1];
    array.push({ back: array });
    const object: Record<string, unknown> = {};
    object["self"] = object;
    for (const value of [array, object, [array], { a: object }])
      expect(marshalError(() => script.call("echo", value))).toMatch(/^args\[0\].*contains itself/);
    given = array;
    expect(() => script.call("receive", "None")).toThrow(/HubError: .*contains itself/);
  });

  test.each([
    "(lambda v: v.append(v) or v)([])",
    "(lambda v: v.update(a=v) or v)({})",
    "(lambda v: v.append((1, {'k': v})) or v)([])",
  ])("from Python: %s", (source) => {
    expect(marshalError(() => script.call("make", source))).toMatch(/^result.*contains itself/);
    expect(script.call("send_failure", `[${source}]`)).toMatch(
      /^TypeError: .*args\[0\].*contains itself/,
    );
  });

  test("the same value twice is none", () => {
    const shared = [1];
    expect(script.call("echo", [shared, { a: shared }, shared])).toEqual([[1], { a: [1] }, [1]]);
  });
});

test("script.call of what is not there, or no function", () => {
  const probe = lab.load("value = 5\nclass C:\n  def __init__(self, a): self.a = a\n");
  for (const name of ["nothing", "value", "len", "", "a.b", "é😀", "__proto__"])
    expect(() => probe.call(name)).toThrow(
      expect.objectContaining({ name: "PythonError", pythonType: "NameError" }),
    );
  expect(() => probe.call("C", 1)).toThrow(MarshalError);
  expect(() => probe.call("C")).toThrow(expect.objectContaining({ pythonType: "TypeError" }));
});

test("ints longer than JavaScript's can be", () => {
  const much = new Lab().load(
    "def much(): return 1 << (2**30 + 64)\ndef listed(): return [much()]",
  );
  for (const [name, where] of Object.entries({ much: "result", listed: "result[0]" })) {
    expect(() => much.call(name)).toThrow(
      expect.objectContaining({
        code: "ERR_VH_MARSHAL",
        message: `${where}: an int longer than JavaScript's can be`,
      }),
    );
  }
});
