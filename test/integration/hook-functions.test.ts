/** What may be a hook, and when: any callable, with fewer parameters, defined, rebound or deleted at any time. */
import { describe, expect, test } from "vitest";
import type { Verdict } from "../../lib/index.js";
import { Lab, type Probe } from "../helpers/lab.js";

const pm = (lab: Lab): Verdict => lab.host.dispatch("OnParsedMsgPM", "alice", "psst", "bob");

/** Loads a script that keeps what its OnParsedMsgPM gets in `seen`; what is there after one event. */
function seenBy(source: string): string {
  const lab = new Lab();
  const probe = lab.probe(`import functools\nseen = []\n${source}`);
  expect(pm(lab)).toEqual({ allowed: true, args: ["alice", "psst", "bob"] });
  return probe.repr("seen");
}

const ALL = "[('alice', 'psst', 'bob')]";
const TWO = "[('alice', 'psst')]";

test.each([
  ["all parameters", "def OnParsedMsgPM(a, b, c): seen.append((a, b, c))", ALL],
  ["two parameters", "def OnParsedMsgPM(a, b): seen.append((a, b))", TWO],
  ["no parameters", "def OnParsedMsgPM(): seen.append(())", "[()]"],
  ["*args", "def OnParsedMsgPM(*args): seen.append(args)", ALL],
  ["one and *args", "def OnParsedMsgPM(a, *rest): seen.append((a, *rest))", ALL],
  ["**kwargs beside", "def OnParsedMsgPM(a, b, **k): seen.append((a, b, *k))", TWO],
  ["a default in reach", "def OnParsedMsgPM(a, b, c='own'): seen.append((a, b, c))", ALL],
  [
    "defaults beyond the hook's",
    "def OnParsedMsgPM(a, b, c, d=4, e=5): seen.append((a, b, c))",
    ALL,
  ],
  ["keyword-only parameters", "def OnParsedMsgPM(a, b, *, c=1): seen.append((a, b))", TWO],
  ["positional-only parameters", "def OnParsedMsgPM(a, b, /): seen.append((a, b))", TWO],
  ["a lambda", "OnParsedMsgPM = lambda a, b: seen.append((a, b))", TWO],
  ["a method", "class C:\n  def on(self, a, b): seen.append((a, b))\nOnParsedMsgPM = C().on", TWO],
  [
    "a method with *args",
    "class C:\n  def on(*args): seen.append(args[1:])\nOnParsedMsgPM = C().on",
    ALL,
  ],
  [
    "a class method",
    "class C:\n  @classmethod\n  def on(cls, a, b): seen.append((a, b))\nOnParsedMsgPM = C.on",
    TWO,
  ],
  [
    "a static method",
    "class C:\n  @staticmethod\n  def on(a, b): seen.append((a, b))\nOnParsedMsgPM = C.on",
    TWO,
  ],
  [
    "a callable object",
    "class C:\n  def __call__(self, a, b): seen.append((a, b))\nOnParsedMsgPM = C()",
    TWO,
  ],
  ["a class", "class OnParsedMsgPM:\n  def __new__(cls, a, b): seen.append((a, b))", TWO],
  [
    "a partial",
    "def f(x, a, b): seen.append((a, b))\nOnParsedMsgPM = functools.partial(f, 0)",
    TWO,
  ],
  [
    "a partial by keyword",
    "def f(a, b, c): seen.append((a, b))\nOnParsedMsgPM = functools.partial(f, c=0)",
    TWO,
  ],
  [
    "a decorated function",
    "def log(f):\n  @functools.wraps(f)\n  def inner(*args): return f(*args)\n  return inner\n@log\ndef OnParsedMsgPM(a, b): seen.append((a, b))",
    TWO,
  ],
  [
    "a function decorated without wraps",
    "def log(f):\n  def inner(*args): return f(*args)\n  return inner\n@log\ndef OnParsedMsgPM(a, b, c): seen.append((a, b, c))",
    ALL,
  ],
  ["a cached function", "@functools.cache\ndef OnParsedMsgPM(a, b): seen.append((a, b))", TWO],
  ["a built-in", "OnParsedMsgPM = print", "[]"],
  ["a bound built-in", "OnParsedMsgPM = seen.append", "['alice']"],
  [
    "a function of another module",
    "import types\nm = types.ModuleType('m')\nexec('def f(a, b): s.append((a, b))', m.__dict__)\nm.s = seen\nOnParsedMsgPM = m.f",
    TWO,
  ],
])("%s", (_, source, expected) => {
  expect(seenBy(source)).toBe(expected);
});

test("a function that wants more than the hook has raises TypeError, and allows", () => {
  const lab = new Lab();
  lab.load("def OnParsedMsgPM(a, b, c, d): return 0");
  expect(pm(lab).allowed).toBe(true);
  expect(lab.takeErrors()).toEqual([expect.stringMatching(/^TypeError: .*'d'/)]);
});

test("an asynchronous hook is a warning, not a silence", () => {
  const lab = new Lab();
  lab.load(
    "import warnings\nwarnings.simplefilter('ignore')\nasync def OnParsedMsgPM(*args): return 0",
  );
  expect(pm(lab).allowed).toBe(true);
  expect(lab.takeWarnings()).toEqual([expect.stringContaining("coroutine")]);
});

describe.each([
  ["an interpreter of its own", {}],
  ["the main interpreter", { interpreter: "main" }],
  ["shared globals", { interpreter: "main", globals: "shared" }],
] as const)("late binding in %s", (_, options) => {
  /** A script beside a module that other code may change it through. */
  function scene(source: string): {
    lab: Lab;
    probe: Probe;
    has: () => boolean;
    blocks: () => boolean;
  } {
    const lab = new Lab();
    lab.file("other.py", "def block(): return 0\ndef OnTimer(): return 0\n__all__ = ['OnTimer']\n");
    const imports = "import sys, other\nme = sys.modules.get('late') or sys.modules['__main__']";
    const probe = lab.probe(`${imports}\n${source}`, { ...options, name: "late.py" });
    const { host } = lab;
    return {
      lab,
      probe,
      has: () => {
        expect(probe.script.has("OnTimer")).toBe(host.has("OnTimer"));
        return host.has("OnTimer");
      },
      blocks: () => !host.dispatch("OnTimer", 0).allowed,
    };
  }

  test.each([
    "def OnTimer(): return 0",
    "OnTimer = other.block",
    "globals()['OnTimer'] = other.block",
    "globals().update(OnTimer=other.block)",
    "globals().update([('OnTimer', other.block)])",
    "globals().setdefault('OnTimer', other.block)",
    "globals().__ior__({'OnTimer': other.block})",
    "exec('def OnTimer(): return 0')",
    "exec('def OnTimer(): return 0', globals())",
    "exec('from other import *', globals())",
    "from other import OnTimer",
    "setattr(me, 'OnTimer', other.block)",
    "me.OnTimer = other.block",
    "vars(me)['OnTimer'] = other.block",
    "def define():\n  global OnTimer\n  def OnTimer(): return 0\ndefine()",
    "def define():\n  global OnTimer\n  import other\n  OnTimer = other.block\ndefine()",
    "for OnTimer in [other.block]: pass",
    "(OnTimer := other.block)",
    "class OnTimer:\n  def __new__(cls): return 0",
  ])("defined by %j", (definition) => {
    const { probe, has, blocks } = scene("");
    expect([has(), blocks()]).toEqual([false, false]);
    probe.exec(definition);
    expect([has(), blocks()]).toEqual([true, true]);
  });

  test.each([
    "del OnTimer",
    "globals().pop('OnTimer')",
    "del globals()['OnTimer']",
    "delattr(me, 'OnTimer')",
    "def forget():\n  global OnTimer\n  del OnTimer\nforget()",
    "OnTimer = None",
    "OnTimer = 0",
    "[globals().pop(name) for name in list(globals()) if name[:2] == 'On']",
  ])("deleted by %j", (deletion) => {
    const { probe, has, blocks } = scene("def OnTimer(): return 0");
    expect([has(), blocks()]).toEqual([true, true]);
    probe.exec(deletion);
    expect([has(), blocks()]).toEqual([false, false]);
    probe.exec("def OnTimer(): return 0");
    expect([has(), blocks()]).toEqual([true, true]);
  });

  test("popitem takes a hook that was defined last", () => {
    const { probe, has } = scene("");
    probe.exec("def OnTimer(): return 0\nglobals().popitem()");
    expect(has()).toBe(false);
  });

  test("globals().clear() takes all hooks", () => {
    const { probe, has } = scene("def OnTimer(): return 0");
    probe.exec("globals().clear()");
    expect(has()).toBe(false);
  });

  test("a rebound hook is the one that is called, with its own parameters", () => {
    const { lab, probe } = scene("seen = []\ndef OnTimer(): seen.append('none')");
    const timer = (): unknown => lab.host.dispatch("OnTimer", 5);
    timer();
    probe.exec("def OnTimer(ms): seen.append(ms)");
    timer();
    probe.exec("OnTimer = lambda *args: seen.append(args)");
    timer();
    expect(probe.repr("seen")).toBe("['none', 5.0, (5.0,)]");
  });

  test("a hook may rebind and delete itself", () => {
    const { lab, probe, has } = scene(
      "seen = []\ndef second():\n  global OnTimer\n  seen.append(2)\n  del OnTimer\ndef OnTimer():\n  global OnTimer\n  seen.append(1)\n  OnTimer = second",
    );
    for (let i = 0; i < 4; i++) lab.host.dispatch("OnTimer", i);
    expect(probe.repr("seen")).toBe("[1, 2]");
    expect(has()).toBe(false);
  });

  test("a thread may define a hook", () => {
    const { probe, blocks } = scene(
      "import threading\ndef block(): return 0\ndef define(): globals().update(OnTimer=block)",
    );
    probe.exec("thread = threading.Thread(target=define)\nthread.start(); thread.join()");
    expect(blocks()).toBe(true);
  });

  test("an UnLoad that is defined later is called", () => {
    const { lab, probe } = scene("");
    probe.exec("def UnLoad(): print('unloaded')");
    probe.script.unload();
    expect(lab.takePrinted()).toEqual(["unloaded"]);
  });
});

describe("a misspelt hook", () => {
  test.each([
    ["OnParsedMsgChatt", "OnParsedMsgChat"],
    ["OnTimmer", "OnTimer"],
    ["OnUserLogIn", "OnUserLogin"],
    ["OnUnload", "OnUnLoad"],
    ["OnNewConnection", "OnNewConn"],
    ["OnParsedMsgMyInfo", "OnParsedMsgMyINFO"],
    ["Ontimer", "OnTimer"],
  ])("%s: one warning at load, with the nearest name %s", (name, nearest) => {
    const lab = new Lab();
    lab.load(`def ${name}(*args): return 0`);
    expect(lab.takeWarnings()).toEqual([
      expect.stringMatching(new RegExp(`\\b${name}\\b.*\\b${nearest}\\b`)),
    ]);
    lab.host.dispatch("OnTimer", 0);
  });

  test.each([
    "Only = 1",
    "OnConstant = 5",
    "class OnlineUsers: pass",
    "def once(): pass",
    "def on_timer(): pass",
  ])("%s is none", (source) => {
    new Lab().load(source);
  });

  test("a warning for each, and a reload warns again", () => {
    const lab = new Lab();
    const script = lab.load("def OnA(): pass\ndef OnB(): pass");
    expect(lab.takeWarnings()).toHaveLength(2);
    script.reload();
    expect(lab.takeWarnings()).toHaveLength(2);
  });
});
