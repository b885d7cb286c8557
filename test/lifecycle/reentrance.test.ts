/** Scripts and hub functions that change, from inside a call, who is loaded. */
import { survives } from "../helpers/child.js";

survives("a script that is unloaded from inside itself", {
  "by its hook: it goes when that has returned, and can finish its work": ({
    assert,
    load,
    host,
    chat,
    prints,
  }) => {
    const script = load(`
      import vh
      def OnParsedMsgChat(nick, msg):
          vh.CallDynamicFunction("unload")
          vh.CallDynamicFunction("unload")
          print("still here", vh.ScriptCommand("a", "b"))
          return 0
      def OnTimer(): print("never")
      def UnLoad(): print("unloaded")
    `);
    script.register("unload", () => {
      script.unload();
      host.dispatch("OnTimer", 1);
    });
    assert.equal(chat().allowed, false);
    assert.deepEqual(prints, ["still here True", "unloaded"]);
    assert.equal(script.loaded, false);
    assert.equal(chat().allowed, true);
  },

  "by a hook three frames deep": ({ assert, load, host, chat }) => {
    const script = load(`
      import vh
      depth = 0
      def OnParsedMsgChat(nick, msg):
          global depth
          depth += 1
          if depth == 3: vh.CallDynamicFunction("unload")
          else: vh.CallDynamicFunction("again")
          assert depth == 3
    `);
    script.register("again", () => void chat());
    script.register("unload", () => {
      script.unload();
      assert.equal(script.loaded, true);
    });
    chat();
    assert.equal(script.loaded, false);
    assert.equal(host.scripts.length, 1);
  },

  "by a function that the hub calls, by OnScriptQuery, by OnUnLoad": ({ assert, load, host }) => {
    for (const start of ["f", "query", "OnUnLoad"] as const) {
      const script = load(`
        import vh
        def f(): vh.CallDynamicFunction("unload")
        def OnScriptQuery(cmd):
            f()
            return "answer"
        def OnUnLoad(code): f()
      `);
      script.register("unload", () => {
        script.unload();
      });
      if (start === "f") script.call("f");
      else if (start === "query") assert.deepEqual(host.query("x"), ["answer"]);
      else host.dispatch("OnUnLoad", 0);
      assert.equal(script.loaded, false);
    }
  },

  "by UnLoad, by an exit function and by __del__": ({ assert, load, prints }) => {
    const script = load(`
      import atexit, vh
      def go(where):
          print(where)
          try: vh.CallDynamicFunction("unload")
          except (vh.HubError, NameError) as e: print(type(e).__name__)
      def UnLoad(): go("UnLoad")
      atexit.register(go, "atexit")
      class D:
          def __init__(self): self.go = go
          def __del__(self): self.go("del")
      d = D()
    `);
    script.register("unload", () => {
      script.unload();
    });
    script.unload();
    assert.equal(script.loaded, false);
    assert.ok(prints.includes("UnLoad") && prints.includes("atexit"), prints.join());
  },

  "while it is being loaded": ({ assert, load, host }) => {
    host.register("unload", () => {
      for (const script of host.scripts) if (script.name === "early") script.unload();
      return host.scripts.length;
    });
    const script = load("import vh\nn = vh.CallDynamicFunction('unload')\ndef get(): return n", {
      name: "early.py",
    });
    assert.equal(script.call("get"), 1);
  },
});

survives("a script that is reloaded from inside itself", {
  "by its hook, twice": ({ assert, load, chat, host }) => {
    const script = load(`
      import vh
      def OnParsedMsgChat(nick, msg):
          vh.CallDynamicFunction("reload")
          vh.CallDynamicFunction("reload")
          return 0
      def get(): return vh.myid
    `);
    script.register("reload", () => {
      script.reload();
    });
    const { id } = script;
    assert.equal(chat().allowed, false);
    assert.equal(script.loaded, true);
    assert.notEqual(script.id, id);
    assert.equal(script.call("get"), script.id);
    chat();
    assert.equal(host.scripts.length, 2);
  },

  "by its hook, when it does not load any more: an error event": ({
    assert,
    load,
    chat,
    errors,
    write,
  }) => {
    const script = load(
      `
      import vh
      def OnParsedMsgChat(nick, msg): vh.CallDynamicFunction("reload")
    `,
      { name: "changing.py" },
    );
    script.register("reload", () => {
      script.reload();
    });
    write("1/0", "changing.py");
    chat();
    assert.deepEqual(errors, ["ZeroDivisionError"]);
    assert.equal(script.loaded, false);
    write("x = 1", "changing.py");
    script.reload();
    assert.equal(script.loaded, true);
  },

  "by UnLoad, for ever": ({ assert, load, host, errors }) => {
    let times = 0;
    const script = load(`
      import vh
      def UnLoad(): vh.CallDynamicFunction("reload")
    `);
    script.register("reload", () => {
      if (++times < 20) script.reload();
    });
    script.unload();
    assert.ok(times >= 1);
    script.unload();
    assert.deepEqual([script.loaded, host.scripts.length, errors], [false, 1, []]);
  },

  "while it is being loaded, for ever": ({ assert, write, host, facade }) => {
    const file = write("import vh\nvh.CallDynamicFunction('load')");
    host.register("load", () => {
      host.load(file);
    });
    assert.throws(
      () => host.load(file),
      (error) =>
        error instanceof facade.ScriptLoadError && /nested too deep|HubError/.test(error.message),
    );
    assert.equal(host.scripts.length, 1);
  },

  "while it is being loaded again": ({ assert, load }) => {
    const script = load(`
      import vh
      try: vh.CallDynamicFunction("reload")
      except NameError: pass
      except vh.HubError as e: said = str(e)
      def get(): return said
    `);
    script.register("reload", () => {
      script.reload();
    });
    script.reload();
    assert.match(String(script.call("get")), /being loaded/);
  },
});

survives("another script, from inside a dispatch", {
  "the next one is unloaded: it is not called": ({ assert, load, chat, prints }) => {
    const first = load(`
      import vh
      def OnParsedMsgChat(nick, msg): vh.CallDynamicFunction("unload")
    `);
    const second = load("def OnParsedMsgChat(nick, msg): print('second')");
    const third = load("def OnParsedMsgChat(nick, msg): print('third')");
    first.register("unload", () => {
      second.unload();
    });
    chat();
    assert.deepEqual(prints, ["third"]);
    assert.deepEqual([second.loaded, third.loaded], [false, true]);
  },

  "the one before is reloaded, and runs UnLoad in between": ({ assert, load, chat, prints }) => {
    const first = load(`
      def OnParsedMsgChat(nick, msg): print("first")
      def UnLoad(): print("bye")
    `);
    const second = load(`
      import vh
      def OnParsedMsgChat(nick, msg): vh.CallDynamicFunction("reload")
    `);
    second.register("reload", () => {
      first.reload();
    });
    chat();
    chat();
    assert.deepEqual(prints, ["first", "bye", "first", "bye"]);
  },

  "one that waits outside is unloaded from inside: it goes when it has returned": ({
    assert,
    load,
    host,
    chat,
    prints,
  }) => {
    const outer = load(`
      import vh
      def OnParsedMsgChat(nick, msg):
          vh.ScriptCommand("unload-outer", "")
          print("outer is still here")
      def UnLoad(): print("outer goes")
    `);
    const inner = load(`
      import vh
      def OnScriptCommand(cmd): vh.CallDynamicFunction(cmd)
    `);
    inner.register("unload-outer", () => {
      outer.unload();
      assert.deepEqual([outer.loaded, host.scripts.length], [true, 3]);
    });
    chat();
    assert.deepEqual(prints, ["outer is still here", "outer goes"]);
    assert.equal(outer.loaded, false);
  },

  "new ones are loaded: they hear the next event": ({
    assert,
    load,
    host,
    chat,
    write,
    prints,
  }) => {
    const file = write("def OnParsedMsgChat(nick, msg): print(msg)");
    const script = load(`
      import vh
      def OnParsedMsgChat(nick, msg): vh.CallDynamicFunction("load")
    `);
    script.register("load", () => {
      for (let i = 0; i < 5; i++) host.load(file);
    });
    chat("1");
    assert.deepEqual(prints, []);
    chat("2");
    assert.deepEqual(prints, ["2", "2", "2", "2", "2"]);
  },

  "all are unloaded, and the host is closed": ({ assert, load, host, chat, prints, errors }) => {
    const script = load(`
      import vh
      def OnParsedMsgChat(nick, msg):
          vh.CallDynamicFunction("close")
          try: vh.ScriptCommand("x", "y")
          except vh.HubError as e: print(e)
          print("returning")
      def UnLoad(): print("UnLoad")
    `);
    script.register("close", () => {
      host.close();
      assert.equal(host.closed, true);
      host.close();
    });
    chat();
    assert.ok(prints.includes("UnLoad") && prints.includes("returning"), prints.join());
    assert.deepEqual(errors, []);
    assert.deepEqual(chat(), { allowed: true, args: ["alice", "hello"] });
    assert.throws(() => load("x = 1"), /closed/);
    assert.throws(() => script.call("x"), { code: "ERR_VH_SCRIPT_UNLOADED" });
    assert.throws(() => {
      script.reload();
    });
    script.unload();
    assert.deepEqual(host.query("x"), []);
  },
});

survives("hooks that change themselves while they run", {
  deleted: ({ assert, load, chat, host }) => {
    const script = load(`
      def OnParsedMsgChat(nick, msg):
          global OnParsedMsgChat
          del OnParsedMsgChat
          return [nick, msg] and 0
    `);
    assert.equal(chat().allowed, false);
    assert.equal(script.has("OnParsedMsgChat"), false);
    assert.equal(chat().allowed, true);
    assert.equal(host.has("OnTimer"), false);
  },

  "rebound, to another arity, to no function and back": ({ assert, load, chat, errors }) => {
    const script = load(`
      def one(nick):
          global OnParsedMsgChat
          OnParsedMsgChat = two
          return 0
      def two(*args):
          global OnParsedMsgChat
          OnParsedMsgChat = 5
          return 0
      OnParsedMsgChat = one
      def again():
          global OnParsedMsgChat
          OnParsedMsgChat = one
    `);
    const verdicts = (n: number) => Array.from({ length: n }, () => chat().allowed);
    assert.deepEqual(verdicts(3), [false, false, true]);
    assert.equal(script.has("OnParsedMsgChat"), false);
    script.call("again");
    assert.deepEqual(verdicts(3), [false, false, true]);
    assert.deepEqual(errors, []);
  },

  "globals().clear()": ({ assert, load, chat, host, errors }) => {
    const script = load(`
      def OnParsedMsgChat(nick, msg):
          globals().clear()
          return 0
      def OnTimer(): pass
      def UnLoad(): raise ValueError
    `);
    assert.equal(chat().allowed, false);
    assert.equal(script.has("OnTimer"), false);
    assert.equal(chat().allowed, true);
    script.unload();
    assert.equal(host.has("OnTimer"), false);
    assert.deepEqual(errors, []);
  },

  "its __code__, its defaults and its arguments": ({ assert, load, chat, errors }) => {
    load(`
      def OnParsedMsgChat(nick, msg):
          OnParsedMsgChat.__code__ = (lambda: 0).__code__
          return 0
      def OnUserLogin(nick):
          OnUserLogin.__defaults__ = (1, 2, 3)
    `);
    const verdicts = Array.from({ length: 3 }, () => chat().allowed);
    assert.equal(verdicts[0], false);
    assert.ok(errors.every((error) => error === "TypeError OnParsedMsgChat"));
  },

  "hooks that are no functions": ({ assert, load, host, chat, warnings }) => {
    load(`
      import functools
      class Hook:
          def __call__(self, nick, msg): return 0
      class Deaf:
          @property
          def __call__(self): raise SystemExit
          __signature__ = property(lambda self: 1/0)
      class OnUserLogin:
          def __init__(self, nick): pass
      OnParsedMsgChat = Hook()
      OnParsedMsgPM = functools.partial(lambda a, b, c: 0, "x")
      OnUserLogout = Deaf()
      OnTimer = print
      OnNewConn = Hook().__call__
      OnCloseConn = 5
      OnOpChatMessage = None
    `);
    assert.equal(chat().allowed, false);
    assert.equal(host.dispatch("OnParsedMsgPM", "a", "b", "c").allowed, false);
    host.dispatch("OnUserLogout", "a");
    host.dispatch("OnUserLogin", "a");
    host.dispatch("OnTimer", 1.5);
    host.dispatch("OnNewConn", "1.2.3.4");
    assert.deepEqual([host.has("OnCloseConn"), host.has("OnOpChatMessage")], [false, false]);
    assert.equal(warnings.length, 1);
  },
});

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
