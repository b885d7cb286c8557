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
