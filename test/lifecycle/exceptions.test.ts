/** Whatever a script raises, wherever it does: it is reported, and nobody else notices. */
import { survives, type Body } from "../helpers/child.js";

/** How to raise it, and what is reported. */
const EXCEPTIONS: [raise: string, type: string][] = [
  ["raise ValueError('x')", "ValueError"],
  ["raise SystemExit", "SystemExit"],
  ["raise SystemExit('why')", "SystemExit"],
  ["import sys; sys.exit(7)", "SystemExit"],
  ["exit(3)", "SystemExit"],
  ["raise KeyboardInterrupt", "KeyboardInterrupt"],
  ["import _thread; _thread.interrupt_main(); raise KeyError", "KeyError"],
  ["raise MemoryError", "MemoryError"],
  ["bytearray(1 << 62)", "MemoryError"],
  ["raise GeneratorExit", "GeneratorExit"],
  ["raise StopIteration", "StopIteration"],
  ["raise __import__('asyncio').CancelledError", "CancelledError"],
  ["def f(): f()\nf()", "RecursionError"],
  ["class C:\n def __getattr__(self, n): return getattr(self, n + 'x')\nC().x", "RecursionError"],
  ["f = lambda x: max([x], key=f)\nf(1)", "RecursionError"],
  ["class Odd(BaseException): pass\nraise Odd", "Odd"],
  ["class Mute(Exception):\n def __str__(self): raise SystemExit\nraise Mute", "Mute"],
  ["class Bad(Exception): __module__ = 5\nraise Bad", "Bad"],
  ["class Late(Exception):\n def __del__(self): raise SystemExit\nraise Late", "Late"],
  ["raise BaseExceptionGroup('g', [ValueError(), SystemExit()])", "BaseExceptionGroup"],
  ["e = ValueError()\ne.__cause__ = e\nraise e", "ValueError"],
  ["raise ValueError('\\ud800\\x00')", "ValueError"],
  ["raise ValueError('x' * (1 << 20))", "ValueError"],
  ["raise 5", "TypeError"],
];

/** Each loads a script that raises in its place. `raise` has the indentation of a function's body. */
const PLACES: Record<string, Body<[raise: string, type: string]>> = {
  "a hook": ({ assert, load, chat, errors, host }, raise, type) => {
    const script = load(`def OnParsedMsgChat(nick, msg):\n${raise}`);
    for (let i = 0; i < 3; i++) assert.equal(chat().allowed, true);
    assert.equal(errors.length, 3);
    for (const error of errors) assert.ok(error.endsWith(`${type} OnParsedMsgChat`), error);
    assert.equal(script.stats.errors, 3);
    assert.equal(host.stats.errors, 3);
  },

  "the module's top level": ({ assert, fails, host }, raise, type) => {
    for (let i = 0; i < 2; i++) {
      const error = fails(`if True:\n${raise}`);
      assert.ok(error.pythonType.endsWith(type), error.pythonType);
      assert.ok(error.traceback.includes(error.scriptPath), error.traceback);
      assert.equal(error.code, "ERR_VH_SCRIPT_LOAD");
    }
    assert.equal(host.scripts.length, 1);
  },

  UnLoad: ({ assert, load, errors }, raise, type) => {
    const script = load(`def UnLoad():\n${raise}`);
    script.unload();
    assert.equal(errors.length, 1);
    assert.ok(errors[0]?.endsWith(type), errors[0]);
    script.reload();
    assert.equal(script.loaded, true);
  },

  name_and_version: ({ assert, load, errors }, raise, type) => {
    const script = load(`def name_and_version():\n${raise}`, { name: "odd.py" });
    assert.equal(script.name, "odd");
    assert.equal(errors.length, 1);
    assert.ok(errors[0]?.endsWith(type), errors[0]);
  },

  "OnUnLoad, then UnLoad, while the host closes": ({ assert, load, host, errors }, raise, type) => {
    load(`def OnUnLoad(code):\n${raise}\ndef UnLoad():\n${raise}`);
    host.close();
    assert.equal(errors.length, 2);
    assert.ok(errors[0]?.endsWith(`${type} OnUnLoad`), errors[0]);
    assert.ok(errors[1]?.endsWith(type), errors[1]);
  },

  "a function that the hub calls": ({ assert, load, facade }, raise, type) => {
    const script = load(`def f():\n${raise}`);
    assert.throws(
      () => script.call("f"),
      (error) => error instanceof facade.PythonError && error.pythonType.endsWith(type),
    );
  },

  "another script's OnScriptCommand and OnScriptQuery": (
    { assert, load, errors, chat },
    raise,
    type,
  ) => {
    load(`def OnScriptCommand(cmd, data):\n${raise}\ndef OnScriptQuery(cmd):\n${raise}`);
    const caller = load(`
      import vh
      def ask():
          return [vh.ScriptCommand("c", "d"), vh.ScriptQuery("c", "d")]
    `);
    assert.deepEqual(caller.call("ask"), [true, []]);
    assert.equal(errors.length, 2);
    assert.ok(errors[0]?.endsWith(`${type} OnScriptCommand`), errors[0]);
    assert.ok(errors[1]?.endsWith(`${type} OnScriptQuery`), errors[1]);
    chat();
  },

  "an exit function": ({ assert, load, prints }, raise, type) => {
    const script = load(`import atexit\n@atexit.register\ndef f():\n${raise}`);
    script.unload();
    assert.ok(prints.join("\n").includes(type), prints.join("\n"));
  },

  __del__: ({ load, chat, prints, assert }, raise, type) => {
    const script = load(`
import gc
class D:
  def __del__(self):
${raise}
in_globals = D()
in_cycle = [D()]; in_cycle.append(in_cycle)
def OnParsedMsgChat(nick, msg):
  D()
`);
    chat();
    assert.ok(prints.join("\n").includes(type), prints.join("\n"));
    script.unload();
  },

  "a generator that is left open": ({ load }, raise) => {
    load(`
def generate():
  try:
    yield 1
  finally:
${raise}
open = generate()
next(open)
`).unload();
  },

  "a trace function, and a class's repr": ({ load, chat, warnings, assert }, raise) => {
    load(`
import sys
class R:
  def __repr__(self):
${raise}
def OnParsedMsgChat(nick, msg):
  return R()
def OnUserLogin(nick):
  def trace(*args):
${raise}
  sys.settrace(trace)
  len("")
`);
    chat();
    assert.equal(warnings.length, 1);
  },
};

for (const [raise, type] of EXCEPTIONS) {
  const indented = `    ${raise.replaceAll("\n", "\n    ")}`;
  survives(JSON.stringify(raise).slice(1, -1), PLACES, indented, type);
}
