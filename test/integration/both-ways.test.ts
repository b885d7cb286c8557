/** Where the manual and the wild disagree, both work: pm, usermc, OnNewReg, OnNewBan, OnSetConfig, OnTimer. */
import { describe, expect, test } from "vitest";
import type { HubApi } from "../../lib/index.js";
import { HOOK_ARGUMENTS } from "../helpers/hook-contract.js";
import { Lab, type Probe } from "../helpers/lab.js";

describe.each(["pm", "usermc"] as const)("vh.%s", (name) => {
  /** A script on a hub where `online` are, as [message, nick] of each call, and what the hub knows them by. */
  function scene(online: readonly string[], knows: "class" | "list" | "nothing" = "class") {
    const seen: unknown[][] = [];
    const hub: Partial<HubApi> = {
      [name]: (...args: unknown[]) => seen.push(args) > 0,
      ...(knows === "class" && {
        GetUserClass: (nick: string) => (online.includes(nick) ? 0 : -2),
      }),
      ...(knows === "list" && { GetNickList: () => online }),
    };
    const lab = new Lab({ hub });
    const probe = lab.probe();
    return { lab, probe, seen, call: say(probe, seen) };
  }

  /** Calls with these arguments in Python; what the hub saw. */
  const say = (probe: Probe, seen: unknown[][]) => (args: string) => {
    probe.exec(`vh.${name}(${args})`);
    return seen.splice(0).flat().slice(0, 2);
  };

  const MESSAGE_FIRST = ["hi", "bob"];
  const NICK_FIRST = ["bob", "hi"];

  test.each([
    ["the second", ["bob"], MESSAGE_FIRST],
    ["the first", ["hi"], NICK_FIRST],
    ["both", ["hi", "bob"], MESSAGE_FIRST],
    ["none", ["carol"], MESSAGE_FIRST],
  ])("%s is online", (_, online, expected) => {
    for (const knows of ["class", "list"] as const)
      expect(scene(online, knows).call("'hi', 'bob'"), knows).toEqual(expected);
  });

  test("the hub knows nobody", () => {
    expect(scene(["hi"], "nothing").call("'hi', 'bob'")).toEqual(MESSAGE_FIRST);
  });

  test.each([-1, 0, 10])("a class of %i is online", (userClass) => {
    const seen: unknown[][] = [];
    const GetUserClass = (nick: string) => (nick === "hi" ? userClass : -2);
    const hub = { GetUserClass, [name]: (...args: unknown[]) => seen.push(args) > 0 };
    expect(say(new Lab({ hub }).probe(), seen)("'hi', 'bob'")).toEqual(NICK_FIRST);
  });

  test("both are online: the order that the script used unambiguously before", () => {
    const { call } = scene(["hi", "bob"]);
    expect(call("'hi', 'x'")).toEqual(["x", "hi"]);
    expect(call("'hi', 'bob'")).toEqual(NICK_FIRST);
    expect(call("'x', 'hi'")).toEqual(["x", "hi"]);
    expect(call("'hi', 'bob'")).toEqual(MESSAGE_FIRST);
  });

  test("none is online: (message, nick), whatever order was used before", () => {
    const { call } = scene(["hi"]);
    expect(call("'hi', 'x'")).toEqual(["x", "hi"]);
    expect(call("'offline', 'gone'")).toEqual(["offline", "gone"]);
  });

  test("a script's order is its own", () => {
    const { lab, call, seen } = scene(["hi", "bob"]);
    call("'hi', 'x'");
    expect(say(lab.probe(), seen)("'hi', 'bob'")).toEqual(MESSAGE_FIRST);
    expect(call("'hi', 'bob'")).toEqual(NICK_FIRST);
  });

  test("arguments given by name are what they are named", () => {
    const { call } = scene(["hi"]);
    expect(call("message='hi', nick='bob'")).toEqual(MESSAGE_FIRST);
    expect(call("nick='bob', message='hi'")).toEqual(MESSAGE_FIRST);
    expect(call("'hi', nick='bob'")).toEqual(MESSAGE_FIRST);
    expect(call("'hi', 'bob', from_nick='x'")).toEqual(NICK_FIRST);
  });

  test("the other arguments stay in their places", () => {
    const { probe, seen } = scene(["hi"]);
    const back = name === "pm" ? ["back"] : [];
    probe.exec(`vh.${name}(${["hi", "bob", "from", ...back].map((s) => `'${s}'`).join(", ")})`);
    expect(seen).toEqual([["bob", "hi", "from", ...back]]);
  });

  test("the same nick twice", () => {
    expect(scene(["bob"]).call("'bob', 'bob'")).toEqual(["bob", "bob"]);
  });
});

/** Loads a script whose hook keeps its arguments; what it saw of the event of HOOK_ARGUMENTS. */
function seenBy(hook: "OnNewReg" | "OnNewBan" | "OnSetConfig" | "OnTimer", source: string): string {
  const lab = new Lab();
  const probe = lab.probe(`import functools\nseen = []\n${source}`);
  lab.host.dispatch(hook, ...HOOK_ARGUMENTS[hook]);
  return probe.repr("seen");
}

describe.each([
  ["OnNewReg", "nick, user_class, op_nick", "('alice', 3, 'op')", "('op', 'alice', 3)"],
  [
    "OnNewBan",
    "ip, nick, op_nick, reason",
    "('1.2.3.4', 'bob', 'op', 'why not')",
    "('op', '1.2.3.4', 'bob', 'why not')",
  ],
  [
    "OnSetConfig",
    "config, variable, value",
    "('config', 'hub_name', 'new')",
    "('op', 'config', 'hub_name', 'new', 'old', 12)",
  ],
] as const)("%s", (hook, names, summary, reference) => {
  const count = names.split(", ").length;
  const keep = `seen.append((${names}))`;
  const first = `${reference.slice(0, -1).split(", ").slice(0, count).join(", ")})`;

  test.each([
    ["a function", `def ${hook}(${names}): ${keep}`],
    ["a lambda", `${hook} = lambda ${names}: ${keep}`],
    ["a method", `class C:\n  def on(self, ${names}): ${keep}\n${hook} = C().on`],
    ["a callable object", `class C:\n  def __call__(self, ${names}): ${keep}\n${hook} = C()`],
    [
      "a decorated function",
      `def log(f):\n  @functools.wraps(f)\n  def inner(*args): return f(*args)\n  return inner\n@log\ndef ${hook}(${names}): ${keep}`,
    ],
  ])("%s with the summary's parameters gets those", (_, source) => {
    expect(seenBy(hook, source)).toBe(`[${summary}]`);
  });

  test.each([
    ["the reference's", `def ${hook}(*args): seen.append(args)`, reference],
    ["one fewer", `def ${hook}(${names.split(", ").slice(1).join(", ")}): seen.append(1)`, "1"],
    [
      "other",
      `def ${hook}(${names.replace("nick", "who").replace("config", "c")}): seen.append((${names.replace("nick", "who").replace("config", "c")}))`,
      first,
    ],
    [
      "the same in another order",
      `def ${hook}(${names.split(", ").reverse().join(", ")}): seen.append((${names.split(", ").reverse().join(", ")}))`,
      first,
    ],
  ])("%s parameters get the reference's arguments", (_, source, expected) => {
    expect(seenBy(hook, source)).toBe(`[${expected}]`);
  });
});

test.each([
  ["def OnTimer(ms): seen.append((type(ms).__name__, ms))", "('float', 1732224000123.0)"],
  ["def OnTimer(ms=0): seen.append(ms)", "1732224000123.0"],
  ["def OnTimer(*args): seen.append(args)", "(1732224000123.0,)"],
  ["def OnTimer(): seen.append('called')", "'called'"],
  ["OnTimer = lambda: seen.append('called')", "'called'"],
  ["def OnTimer(*, key=1): seen.append(key)", "1"],
])("%s", (source, expected) => {
  expect(seenBy("OnTimer", source)).toBe(`[${expected}]`);
});
