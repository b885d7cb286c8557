/** What a hook raises is reported with its traceback, counted, and allows; what statistics say. */
import { describe, expect, test } from "vitest";
import { PythonError } from "../../lib/index.js";
import { Lab } from "../helpers/lab.js";

const RAISING = `
import json
class Own(ValueError): pass
def helper(n): raise Own("bad é😀 " + n)
def OnParsedMsgChat(nick, msg):
    try:
        json.loads("{")
    except ValueError:
        helper(nick)
`;

test("an error has its type, message, traceback, script and hook", () => {
  const lab = new Lab();
  const script = lab.load(RAISING, { name: "raising.py" });
  const verdict = lab.host.dispatch("OnParsedMsgChat", "alice", "hi");
  expect(verdict).toEqual({ allowed: true, args: ["alice", "hi"] });
  const [{ error, ...source } = {}] = lab.errors.splice(0);
  expect(source).toEqual({ script, hook: "OnParsedMsgChat" });
  expect(error).toBeInstanceOf(PythonError);
  expect(error).toMatchObject({
    name: "PythonError",
    code: "ERR_VH_PYTHON",
    pythonType: "raising.Own",
    message: "raising.Own: bad é😀 alice",
    scriptPath: script.path,
  });
  const { traceback } = error as PythonError;
  expect(traceback).toMatch(/^Traceback \(most recent call last\):\n/);
  expect(traceback).toContain(
    `  File "${script.path}", line 9, in OnParsedMsgChat\n    helper(nick)`,
  );
  expect(traceback).toContain(
    `  File "${script.path}", line 4, in helper\n    def helper(n): raise`,
  );
  expect(traceback).toContain("JSONDecodeError: Expecting property name");
  expect(traceback).toContain("During handling of the above exception, another exception occurred");
  expect(traceback.endsWith("raising.Own: bad é😀 alice\n")).toBe(true);
});

test.each([
  ["raise ValueError('x')", "ValueError: x"],
  ["raise ValueError", "ValueError"],
  ["1 / 0", "ZeroDivisionError: division by zero"],
  ["raise SystemExit", "SystemExit"],
  ["raise SystemExit(3)", "SystemExit: 3"],
  ["import sys; sys.exit('bye')", "SystemExit: bye"],
  ["exit(1)", /^(SystemExit|NameError)/],
  ["raise KeyboardInterrupt", "KeyboardInterrupt"],
  ["raise GeneratorExit", "GeneratorExit"],
  ["raise StopIteration(5)", "StopIteration: 5"],
  ["raise MemoryError", "MemoryError"],
  ["(lambda f: f(f))(lambda f: f(f))", /^RecursionError: /],
  ["assert False, 'why'", "AssertionError: why"],
  ["raise KeyError('k')", "KeyError: 'k'"],
  ["raise BaseException('b')", "BaseException: b"],
  ["raise ExceptionGroup('g', [ValueError(1)])", /^ExceptionGroup: g \(1 sub-exception\)/],
  ["exec('1 +')", /^SyntaxError: /],
  ["raise type('E', (Exception,), {'__str__': lambda self: 1/0})", /E/],
  ["raise __import__('vh').HubError('h')", /HubError: h$/],
])("%s", (statement, message) => {
  const lab = new Lab();
  lab.load(`def OnTimer():\n    ${statement}\n    return 0`);
  expect(lab.host.dispatch("OnTimer", 0).allowed).toBe(true);
  expect(lab.host.dispatch("OnTimer", 0).allowed).toBe(true);
  const errors = lab.takeErrors();
  expect(errors).toHaveLength(2);
  expect(errors[0]).toMatch(message);
});

test("an error in one script keeps no other from the event, nor from blocking it", () => {
  const lab = new Lab();
  lab.load("def OnTimer(): return 0");
  lab.load("def OnTimer(): 1 / 0");
  const last = lab.probe("called = 0\ndef OnTimer():\n    global called\n    called += 1");
  expect(lab.host.dispatch("OnTimer", 0).allowed).toBe(false);
  expect(last.repr("called")).toBe("1");
  expect(lab.takeErrors()).toHaveLength(1);
});

test("an error in a hook of a script that a hook called reaches the host, not the caller", () => {
  const lab = new Lab();
  lab.load("def OnScriptCommand(*args): 1 / 0");
  const probe = lab.probe();
  expect(probe.repr("vh.ScriptCommand('c', 'd')")).toBe("True");
  expect(lab.takeErrors()).toEqual(["ZeroDivisionError: division by zero"]);
});

describe("statistics", () => {
  const SOURCE = `
import vh, time
def OnTimer(ms):
    time.sleep(0.002)
    if ms < 0: raise ValueError
def OnParsedMsgChat(nick, msg):
    vh.Encode(msg); vh.Decode(msg)
`;

  const NOTHING_YET = { calls: 0, errors: 0, timeMs: 0, vhCalls: 0, timeouts: 0, hooks: {} };

  test("calls, errors and vh calls are counted, by script and hook", () => {
    const lab = new Lab();
    const [one, two] = [lab.load(SOURCE), lab.load(SOURCE)];
    expect(one.stats).toEqual(NOTHING_YET);
    for (const ms of [1, -1, 2, -2, 3]) lab.host.dispatch("OnTimer", ms);
    for (let i = 0; i < 200; i++) lab.host.dispatch("OnParsedMsgChat", "a", "b");
    one.call("OnTimer", 1);
    lab.takeErrors();
    for (const { stats } of [one, two]) {
      expect(stats).toMatchObject({ calls: 205, errors: 2, vhCalls: 400 });
      expect(stats.hooks.OnTimer).toMatchObject({ calls: 5, errors: 2 });
      expect(stats.hooks.OnParsedMsgChat).toMatchObject({ calls: 200, errors: 0 });
      expect(Object.keys(stats.hooks).sort()).toEqual(["OnParsedMsgChat", "OnTimer"]);
      expect(stats.hooks.OnTimer?.timeMs).toBeGreaterThanOrEqual(2);
    }
    expect(lab.host.stats).toMatchObject({ scripts: 2, calls: 410, errors: 4, vhCalls: 800 });
    expect(lab.host.stats.timeMs).toBeCloseTo(one.stats.timeMs + two.stats.timeMs);
  });

  test("they begin anew with each load, and are gone with the script", () => {
    const lab = new Lab();
    const script = lab.load(SOURCE);
    lab.host.dispatch("OnTimer", 1);
    script.reload();
    expect(script.stats.calls).toBe(0);
    lab.host.dispatch("OnTimer", 1);
    expect(script.stats.calls).toBe(1);
    script.unload();
    expect(script.stats).toEqual(NOTHING_YET);
    expect(lab.host.stats).toMatchObject({
      scripts: 0,
      calls: 0,
      errors: 0,
      timeMs: 0,
      vhCalls: 0,
    });
  });
});
