/** Hooks: their arguments as scripts see them, and what scripts' answers mean. */
import { beforeAll, describe, expect, test } from "vitest";
import { HOOK_NAMES, type HookName, type Verdict } from "../../lib/index.js";
import { HOOK_ARGUMENTS } from "../helpers/hook-contract.js";
import { Lab, type Probe, py } from "../helpers/lab.js";

const chat = (lab: Lab, nick = "alice", msg = "hello"): Verdict<"OnParsedMsgChat"> =>
  lab.host.dispatch("OnParsedMsgChat", nick, msg);

/** Loads scripts whose hook returns these Python expressions, one script each. */
function answering(hook: HookName, ...answers: string[]): Lab {
  const lab = new Lab();
  for (const answer of answers) lab.load(`def ${hook}(*args):\n    return ${answer}`);
  return lab;
}

describe.each(HOOK_NAMES)("%s", (hook) => {
  const args: readonly unknown[] = HOOK_ARGUMENTS[hook];
  const dispatch = (lab: Lab): Verdict => lab.host.dispatch(hook, ...HOOK_ARGUMENTS[hook]);
  let lab: Lab;
  let probe: Probe;

  beforeAll(() => {
    lab = new Lab({}, true);
    probe = lab.probe("seen = []");
  });

  test("is allowed when no script has it", () => {
    expect(lab.host.has(hook)).toBe(false);
    expect(dispatch(lab)).toEqual({ allowed: true, args });
  });

  test("reaches the script with its arguments, exactly", () => {
    probe.exec(`seen.clear()\ndef ${hook}(*args): seen.append(args)`);
    expect([lab.host.has(hook), probe.script.has(hook)]).toEqual([true, true]);
    expect(dispatch(lab)).toEqual({ allowed: true, args });
    const expected = `[(${args.map((arg) => `${py(arg)},`).join("")})]`;
    expect(probe.repr(`seen == ${expected}`)).toBe("True");
    const type = (arg: unknown): string =>
      hook === "OnTimer" ? "float" : typeof arg === "string" ? "str" : "int";
    expect(probe.repr(`[type(a).__name__ for a in seen[0]] == ${py(args.map(type))}`)).toBe("True");
  });

  test("fewer parameters get the first arguments", () => {
    for (let count = 0; count < args.length; count++) {
      const names = args
        .slice(0, count)
        .map((_, i) => `a${i}`)
        .join(", ");
      probe.exec(`seen.clear()\ndef ${hook}(${names}): seen.append([${names}])`);
      expect(dispatch(lab).allowed).toBe(true);
      expect(probe.repr(`seen == [${py(args.slice(0, count))}]`), names).toBe("True");
    }
  });

  test("0 blocks", () => {
    probe.exec(`${hook} = lambda: 0`);
    expect(dispatch(lab)).toEqual({ allowed: false, args });
  });
});

test.each(["1", "True", "None", "__import__('enum').IntEnum('E', 'one').one"])(
  "%s allows",
  (answer) => {
    expect(chat(answering("OnParsedMsgChat", answer))).toEqual({
      allowed: true,
      args: ["alice", "hello"],
    });
  },
);

test.each(["0", "False", "int('0')"])("%s blocks", (answer) => {
  expect(chat(answering("OnParsedMsgChat", answer))).toEqual({
    allowed: false,
    args: ["alice", "hello"],
  });
});

test.each([
  "2",
  "-1",
  "10**30",
  "0.0",
  "1.0",
  "''",
  "'text'",
  "b''",
  "[]",
  "['a', 'b']",
  "{}",
  "object()",
  "()",
  "('a',)",
  "('a', 'b', 'c')",
  "(1, 2)",
  "('a', 2)",
  "('a', b'b')",
  "...",
  "lambda: 1",
  "type('Bad', (), {'__repr__': lambda self: 1/0})()",
  "type('Bad', (), {'__bool__': lambda self: 1/0})()",
])("%s allows, with one warning", (answer) => {
  const lab = answering("OnParsedMsgChat", answer);
  for (let i = 0; i < 3; i++)
    expect(chat(lab)).toEqual({ allowed: true, args: ["alice", "hello"] });
  const warnings = lab.takeWarnings();
  expect(warnings).toEqual([expect.stringContaining("OnParsedMsgChat")]);
});

test("a warning once per script and hook", () => {
  const lab = new Lab();
  for (let i = 0; i < 2; i++)
    lab.load("def OnParsedMsgChat(n, m): return 'x'\ndef OnTimer(): return 'y'");
  for (let i = 0; i < 3; i++) {
    chat(lab);
    lab.host.dispatch("OnTimer", i);
  }
  expect(lab.takeWarnings().map((text) => text.split(" ")[0])).toEqual([
    "OnParsedMsgChat",
    "OnParsedMsgChat",
    "OnTimer",
    "OnTimer",
  ]);
});

test.each(HOOK_NAMES.filter((hook) => !/Chat$|MyINFO$/.test(hook)))("%s takes no tuple", (hook) => {
  const lab = answering(hook, "args");
  const args: readonly unknown[] = HOOK_ARGUMENTS[hook];
  expect(lab.host.dispatch(hook, ...HOOK_ARGUMENTS[hook])).toEqual({ allowed: true, args });
  expect(lab.takeWarnings()).toHaveLength(1);
});

describe("substitution", () => {
  test("OnParsedMsgChat: (nick, msg)", () => {
    const lab = answering("OnParsedMsgChat", "('bob', 'é😀\\ud800\\0')");
    expect(chat(lab)).toEqual({ allowed: true, args: ["bob", "é😀\ud800\0"] });
    expect(chat(answering("OnParsedMsgChat", "('', '')")).args).toEqual(["", ""]);
  });

  describe.each(["OnParsedMsgMyINFO", "OnFirstMyINFO"] as const)("%s", (hook) => {
    const dispatch = (...answers: string[]): [Verdict<typeof hook>, string[]] => {
      const lab = answering(hook, ...answers);
      return [lab.host.dispatch(hook, "n", "d", "t", "s", "e", "1"), lab.takeWarnings()];
    };

    test.each([
      ["('D', 'T', 'S', 'E', '2')", ["n", "D", "T", "S", "E", "2"]],
      ["('D', None, None, None, None)", ["n", "D", "t", "s", "e", "1"]],
      ["(None, None, None, None, '2')", ["n", "d", "t", "s", "e", "2"]],
      ["(None, None, None, None, None)", ["n", "d", "t", "s", "e", "1"]],
      ["('', '', '', '', '')", ["n", "", "", "", "", ""]],
    ])("%s", (answer, args) => {
      expect(dispatch(answer)).toEqual([{ allowed: true, args }, []]);
    });

    test.each([
      "('D', 'T', 'S', 'E')",
      "('n', 'D', 'T', 'S', 'E', '2')",
      "('D', 'T', 'S', 'E', 2)",
    ])("%s is none", (answer) => {
      const [verdict, warnings] = dispatch(answer);
      expect(verdict).toEqual({ allowed: true, args: ["n", "d", "t", "s", "e", "1"] });
      expect(warnings).toHaveLength(1);
    });

    test("the last one wins", () => {
      const [verdict] = dispatch(
        "('A', None, 'A', None, None)",
        "None",
        "('B', None, None, None, 'B')",
      );
      expect(verdict.args.slice(0, 2)).toEqual(["n", "B"]);
      expect(verdict.args[5]).toBe("B");
    });
  });

  test("several scripts: the last one wins, each gets the originals", () => {
    const lab = new Lab();
    const probes = ["('x', '1')", "None", "('y', '2')", "1"].map((answer) =>
      lab.probe(
        `seen = []\ndef OnParsedMsgChat(*args):\n    seen.append(args)\n    return ${answer}`,
      ),
    );
    expect(chat(lab)).toEqual({ allowed: true, args: ["y", "2"] });
    for (const probe of probes) expect(probe.repr("seen")).toBe("[('alice', 'hello')]");
  });

  test.each([
    [["('x', '1')", "0"]],
    [["False", "('x', '1')"]],
    [["0", "1", "True", "None"]],
    [["1", "0", "1"]],
  ])("blocked by any means blocked: %j", (answers) => {
    expect(chat(answering("OnParsedMsgChat", ...answers)).allowed).toBe(false);
  });
});

test("scripts are called in load order; a block does not keep the others from it", () => {
  const lab = new Lab();
  for (const name of ["c", "a", "b"])
    lab.load(`def OnParsedMsgChat(n, m):\n    print("${name}")\n    return 0`);
  chat(lab);
  expect(lab.takePrinted()).toEqual(["c", "a", "b"]);
});

test("strings reach hooks unchanged", () => {
  const lab = new Lab();
  const probe = lab.probe("seen = []\ndef OnParsedMsgChat(*args): seen.extend(args)");
  const texts = [
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
    "x".repeat(300),
  ];
  for (const text of texts) chat(lab, text, text);
  expect(probe.repr(`seen == ${py(texts.flatMap((text) => [text, text]))}`)).toBe("True");
});

test.each([
  ["OnCloseConnEx", ["ip", -(2 ** 31), ""], "-2147483648"],
  ["OnCloseConnEx", ["ip", Number.MAX_SAFE_INTEGER, ""], "9007199254740991"],
  ["OnTimer", [0.5], "0.5"],
  ["OnTimer", [NaN], "nan"],
  ["OnTimer", [-Infinity], "-inf"],
] as const)("%s(%j): numbers reach hooks exactly", (hook, args, expected) => {
  const lab = new Lab();
  const probe = lab.probe(`seen = []\ndef ${hook}(*args): seen.extend(args)`);
  lab.host.dispatch(hook, ...(args as never));
  expect(probe.repr(hook === "OnTimer" ? "seen[0]" : "seen[1]")).toBe(expected);
});

test.each([
  ["OnParsedMsgChat", ["alice", 5]],
  ["OnParsedMsgChat", ["alice"]],
  ["OnParsedMsgChat", [null, "hello"]],
  ["OnCloseConnEx", ["ip", "2", ""]],
  ["OnCloseConnEx", ["ip", 1.5, ""]],
  ["OnTimer", ["now"]],
] as const)("%s(%j) throws a TypeError that names the argument", (hook, args) => {
  const lab = answering(hook, "1");
  expect(() => lab.host.dispatch(hook, ...(args as never))).toThrow(TypeError);
  expect(() => lab.host.dispatch(hook, ...(args as never))).toThrow(
    new RegExp(`${hook}.*argument \\d`),
  );
});

test.each(["OnNothing", "constructor", "__proto__", ""])("there is no hook %j", (name) => {
  const { host } = new Lab();
  const unknown = name as HookName;
  expect(() => host.has(unknown)).toThrow(new TypeError(`there is no hook ${name}`));
  expect(() => host.dispatch(unknown, "a", "b")).toThrow(TypeError);
});
