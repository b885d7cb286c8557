/** Recursion without end, of scripts and hub functions into each other, of Python and of C: an error, never a crash. */
import { survives } from "../helpers/child.js";

survives("endless mutual recursion ends in errors", {
  "script, hub function, dispatch, script": ({ assert, load, chat, errors }) => {
    const script = load(`
      import vh
      def OnParsedMsgChat(nick, msg):
          return vh.CallDynamicFunction("dispatch")
    `);
    let calls = 0;
    script.register("dispatch", () => {
      calls++;
      return chat().allowed;
    });
    assert.equal(chat().allowed, true);
    assert.ok(calls > 20);
    assert.deepEqual([...new Set(errors)], ["RecursionError OnParsedMsgChat"]);
    chat();
  },

  "script, hub function, call of a function, script": ({ assert, load }) => {
    const script = load(`
      import vh
      def f(): return vh.CallDynamicFunction("call")
    `);
    script.register("call", () => script.call("f"));
    assert.throws(() => script.call("f"), /nested too deep/);
  },

  "ScriptCommand and OnScriptCommand": ({ assert, load, errors }) => {
    const script = load(`
      import vh
      calls = 0
      def OnScriptCommand(cmd, data, plugin, script):
          global calls
          calls += 1
          vh.ScriptCommand(cmd, data)
      def start():
          vh.ScriptCommand("a", "b")
          return calls
    `);
    assert.ok(Number(script.call("start")) > 20);
    assert.ok(errors.length > 0 && errors.every((e) => e === "RecursionError OnScriptCommand"));
  },

  "ScriptQuery and OnScriptQuery, of two scripts": ({ assert, load, errors }) => {
    const source = `
      import vh
      calls = 0
      def OnScriptQuery(cmd, data, recipient, sender):
          global calls
          calls += 1
          if calls > 300: return "enough"
          return str(len(vh.ScriptQuery(cmd, data, "asker" if vh.name == "teller" else "teller")))
      def start():
          return vh.ScriptQuery("a", "b", "teller")
    `;
    load(source, { name: "teller.py" });
    const asker = load(source, { name: "asker.py" });
    assert.ok(Array.isArray(asker.call("start")));
    assert.ok(errors.every((error) => error.startsWith("RecursionError")));
  },

  "deep Python on top of deep nesting": ({ assert, load, errors, chat }) => {
    const script = load(`
      import vh
      def down(n): return down(n - 1) if n else vh.CallDynamicFunction("dispatch")
      def OnParsedMsgChat(nick, msg): down(900)
    `);
    script.register("dispatch", () => {
      chat();
    });
    chat();
    assert.deepEqual([...new Set(errors)], ["RecursionError OnParsedMsgChat"]);
  },

  "a chain of scripts, each deep in recursion through C": ({ assert, load, errors, prints }) => {
    const source = `
      import vh
      class Down:
          def __init__(self, levels, cmd): self.levels, self.cmd = levels, cmd
          def __getattr__(self, name):
              if self.levels == 0: return vh.ScriptCommand(str(int(self.cmd) + 1), "")
              self.levels -= 1
              return getattr(self, "further")
      def OnScriptCommand(cmd, data):
          if int(cmd) == vh.myid:
              print(cmd)
              Down(440, cmd).further
      def start(): return vh.ScriptCommand(str(vh.myid), "")
    `;
    const scripts = Array.from({ length: 60 }, () => load(source));
    assert.equal(scripts[0]?.call("start"), true);
    assert.ok(prints.length > 1);
    assert.ok(errors.every((error) => error === "RecursionError OnScriptCommand"));
    for (const script of scripts) script.unload();
  },
});
survives("recursion without end in a worker, which has less stack", {
  "the main thread uses Python first": ({ host }) => host.scripts,
  "of Python, and of C": async ({ assert, worker }) => {
    for (const options of [{}, { resourceLimits: { stackSizeMb: 1 } }]) {
      const { messages, ended } = worker(
        ({ load, post }) => {
          const script = load(`
import functools
def plain(): plain()
def reduce(*_): functools.reduce(reduce, [1, 2, 3])
def best(x=1): return max([x], key=best)
class G:
  def __getattr__(self, name): return getattr(self, name + "x")
  def __repr__(self): return repr(self)
  def __add__(self, other): return self + other
  def __call__(self): return [*map(lambda _: self(), [1])]
def attribute(): G().a
def represent(): repr(G())
def add(): G() + 1
def call(): G()()
def nested():
  x = []
  for _ in range(100_000): x = [x]
  repr(x)
def equal():
  a, b = [], []
  for _ in range(100_000): a, b = [a], [b]
  a == b
def compiled(): compile("-" * 100_000 + "1", "", "eval")
def bracketed(): compile("(" * 10_000 + ")" * 10_000, "", "eval")
def pickled():
  import pickle
  x = []
  for _ in range(100_000): x = [x]
  pickle.dumps(x)
def encoded():
  import json
  x = []
  for _ in range(100_000): x = [x]
  json.dumps(x)
def decoded():
  import json
  json.loads("[" * 100_000)
`);
          const names =
            "plain reduce best attribute represent add call nested equal compiled bracketed pickled encoded decoded";
          for (const name of names.split(" ")) {
            try {
              script.call(name);
              post(`${name}: nothing`);
            } catch (error) {
              post(`${name}: ${(error as { pythonType: string }).pythonType}`);
            }
          }
        },
        null,
        options,
      );
      assert.equal(await ended, 0);
      assert.equal(messages.length, 14);
      for (const message of messages)
        assert.match(String(message), /: (RecursionError|SyntaxError|MemoryError)$/);
    }
  },

  "of C, deep in JavaScript": async ({ assert, worker }) => {
    const { messages, ended } = worker(({ load, host, post }) => {
      load(`
class G:
  def __getattr__(self, name): return getattr(self, name + "x")
def OnTimer():
  try: G().a
  except RecursionError: pass
`);
      let calls = 0;
      const deep = (): void => {
        try {
          deep();
        } catch (error) {
          // All the way up from where JavaScript's stack ends.
          if (calls++ < 500) host.dispatch("OnTimer", 1);
          throw error;
        }
      };
      try {
        deep();
      } catch (error) {
        post(error instanceof RangeError);
      }
    });
    // The listener of an error event may have found no stack to run on: that is an uncaught exception, and no crash.
    assert.ok((await ended) <= 1);
    assert.ok(messages.includes(true));
  },

  "of hooks in each other, on top of deep JavaScript": async ({ assert, worker }) => {
    const { messages, ended } = worker(({ load, host, post }) => {
      const script = load(`
import vh
def down(n): return down(n - 1) if n else vh.CallDynamicFunction("again")
def OnTimer(): down(100)
`);
      let calls = 0;
      const deep = (n: number): boolean =>
        n > 0 ? deep(n - 1) : host.dispatch("OnTimer", 1).allowed;
      script.register("again", () => {
        calls++;
        return deep(500);
      });
      host.dispatch("OnTimer", 1);
      post(calls > 5);
    });
    assert.equal(await ended, 0);
    assert.ok(messages.includes(true), String(messages));
  },
});
