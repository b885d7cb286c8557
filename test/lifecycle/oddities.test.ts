/** What scripts do to the vh module, to other modules and to names. */
import { survives } from "../helpers/child.js";

survives("the vh module", {
  "out of sys.modules, imported again, reloaded, emptied": ({ assert, open, load }) => {
    open({ Topic: () => "topic" });
    for (const interpreter of ["own", "main"] as const) {
      const script = load(
        `
        import importlib, sys, vh
        def again():
            old = sys.modules.pop("vh")
            import vh as new
            sys.modules["vh"] = old
            try: return [new.Topic(), new.myid == old.myid, old.Topic()]
            except RuntimeError as e: return str(e)
        def reload():
            try: return importlib.reload(vh).Topic()
            except (ImportError, RuntimeError) as e: return str(e)
        def delete():
            saved = vh.mc
            del vh.mc
            try: vh.mc("x")
            except AttributeError: vh.mc = saved
            return vh.Topic()
        def clear():
            kept = vh.Topic
            saved = dict(vh.__dict__)
            vh.__dict__.clear()
            try: return kept()
            finally: vh.__dict__.update(saved)
      `,
        { interpreter },
      );
      const again = script.call("again");
      if (Array.isArray(again)) assert.deepEqual(again, ["topic", true, "topic"]);
      assert.equal(script.call("reload"), "topic");
      assert.equal(script.call("delete"), "topic");
      assert.equal(script.call("clear"), "topic");
      script.unload();
    }
  },

  "a class of it subclassed, its exceptions raised, its state asked for too early": ({
    assert,
    load,
    errors,
    chat,
  }) => {
    load(`
      import vh
      class Mine(vh.HubError): pass
      class Info(vh.MyINFO): pass
      def OnParsedMsgChat(nick, msg):
          raise {"mine": Mine, "timeout": vh.HookTimeout, "hub": vh.HubError}[msg]("x")
      for make in (lambda: vh.MyINFO(), lambda: vh.MyINFO("x"), lambda: vh.MyINFO("x", 1), lambda: Info("$MyINFO"),
                   lambda: vh.MyINFO.__new__(vh.MyINFO), lambda: vh.MyINFO.__new__(str)):
          try:
              info = make()
              for use in (lambda: list(info), lambda: info[0], lambda: info.nick, lambda: info[99], lambda: hash(info),
                          lambda: info + "x", lambda: info[::2], lambda: repr(info), lambda: len(info)):
                  try: use()
                  except Exception: pass
          except TypeError: pass
      import copy, pickle
      try: pickle.loads(pickle.dumps(vh.MyINFO("x")))
      except Exception: pass
      try: copy.deepcopy(vh)
      except TypeError: pass
    `);
    for (const what of ["mine", "timeout", "hub"]) chat(what);
    assert.equal(errors.length, 3);
  },

  "handed to another interpreter by way of the main one": ({ load, assert, open }) => {
    open({ Topic: () => "t" });
    const main = load("import vh, sys\nsys.shared = vh", { interpreter: "main" });
    const other = load("import vh, sys\ndef f(): return [sys.shared.Topic(), sys.shared.name]", {
      interpreter: "main",
      name: "other.py",
    });
    assert.deepEqual(other.call("f"), ["t", "other"]);
    main.unload();
    assert.deepEqual(other.call("f"), ["t", "other"]);
  },
});

survives("modules and names", {
  "import __main__, and what lies in it": ({ load, assert }) => {
    const script = load(`
      import __main__
      __main__.x = 5
      def f(): return __main__.x
    `);
    assert.equal(script.call("f"), 5);
    const other = load("import __main__\ndef f(): return hasattr(__main__, 'x')");
    assert.equal(other.call("f"), false);
  },

  "__builtins__ and builtins overwritten": ({ load, chat, assert }) => {
    load(`
      import builtins
      builtins.print = builtins.len = builtins.__import__ = None
      __builtins__ = {}
      def OnParsedMsgChat(nick, msg): return 0
    `);
    load(`
      import builtins
      names = vars(builtins)
      for name in list(names): names.pop(name)
      def OnParsedMsgChat(nick, msg): return 0
      def UnLoad(): pass
    `);
    assert.equal(chat().allowed, false);
  },

  "sys.modules cleared, sys.path gone, sys.meta_path empty": ({ load, chat, assert }) => {
    for (const what of [
      "sys.modules.clear()",
      "sys.path = None",
      "del sys.path",
      "sys.meta_path.clear()",
      "sys.path_hooks = sys.path_importer_cache = 5",
      "sys.__dict__.clear()",
      "del sys.modules['traceback'], sys.modules['io'], sys.modules['sys']",
      "sys.modules['traceback'] = sys.modules['inspect'] = sys.modules['atexit'] = None",
      "sys.modules['traceback'] = sys.modules['inspect'] = sys.modules['atexit'] = object()",
      "sys.stdlib_module_names = 5",
    ]) {
      const script = load(`
        import inspect, sys, traceback
        def OnParsedMsgChat(nick, msg):
            ${what}
            raise ValueError
        def UnLoad(): 1/0
      `);
      for (let i = 0; i < 2; i++) assert.equal(chat().allowed, true);
      script.unload();
    }
  },

  "traceback and inspect that lie": ({ load, chat, assert, errors, write }) => {
    write("format_exception = 5", "traceback.py");
    load(`
      import inspect, sys, traceback
      traceback.format_exception = lambda *a: [1, 2, 3]
      inspect.signature = lambda *a: 5
      class Hook:
          def __call__(self, *a): raise ValueError
      OnParsedMsgChat = Hook()
    `);
    chat();
    assert.deepEqual(errors, ["ValueError OnParsedMsgChat"]);
  },

  "del __name__, __file__ and a module that replaces itself": ({ load, chat, assert }) => {
    const script = load(
      `
      import sys, types
      sys.modules[__name__] = types.ModuleType("other")
      del __name__, __file__
      def OnParsedMsgChat(nick, msg): return 0
      def name_and_version(): return [1], {2}
    `,
      { name: "replaced.py" },
    );
    assert.equal(chat().allowed, false);
    assert.equal(script.name, "replaced");
    script.reload();
  },

  "name_and_version that returns anything": ({ load, assert }) => {
    for (const what of [
      "5",
      "None",
      "'x'",
      "()",
      "('n',)",
      "('n', 'v', 'w')",
      "(1, 2)",
      "['n', 'v']",
      "{}",
      "iter('ab')",
      "'\\ud800', '\\0'",
    ]) {
      const script = load(`def name_and_version(): return ${what}`, { name: "named.py" });
      assert.ok(typeof script.name === "string" && script.name !== "");
      script.unload();
    }
    assert.equal(load("name_and_version = 5", { name: "named.py" }).name, "named");
  },
});
