/** C++ plugins in a TypeScript hub: what they do with its scripts. */
import { survives } from "../helpers/child.js";
import { compileToolbox, temporaryFolder } from "../helpers/cpp.js";

const toolbox = compileToolbox(temporaryFolder());

survives(
  "scripts that TypeScript loaded",
  {
    "a plugin sees their ids, and calls their hooks and functions": (kit, toolbox) => {
      const { assert, facade, load, errors } = kit;
      const ask = kit.plugin(toolbox);
      const hook = (name: string) => facade.HOOK_NAMES.findIndex((known) => known === name);
      const script = load(`
        def OnParsedMsgChat(nick, msg): return (nick, msg.upper())
        def OnOpChatMessage(nick, msg): return 0
        def OnUnknownMsg(nick, msg): raise ValueError(msg)
        def both(text): return [text, text]
      `);
      assert.deepEqual(
        ask("ids"),
        kit.host.scripts.map(({ id }) => id),
      );
      assert.equal(ask("has", script.id, hook("OnParsedMsgChat")), 1);
      assert.equal(ask("has", script.id, hook("OnTimer")), 0);
      assert.equal(ask("hook", script.id, hook("OnParsedMsgChat")), '("alice", "HELLO")');
      assert.equal(ask("hook", script.id, hook("OnOpChatMessage")), "(0)");
      assert.equal(ask("hook", script.id, hook("OnTimer")), "NULL");
      assert.equal(ask("function", script.id, "both", "я"), '(["я","я"])');
      assert.equal(ask("function", script.id, "neither", "x"), "NULL");
      assert.deepEqual(errors, []);
      assert.equal(ask("hook", script.id, hook("OnUnknownMsg")), "NULL");
      assert.deepEqual(errors, ["ValueError OnUnknownMsg"]);
    },

    "of functions of one name the one registered last counts": (kit, toolbox) => {
      const { assert } = kit;
      const ask = kit.plugin(toolbox);
      const { host } = kit;
      const script = kit.load(`
        import vh
        def f():
            try: return vh.CallDynamicFunction("f")
            except NameError: return None
      `);
      const f = () => script.call("f");
      const ofScript = () => {
        script.register("f", () => "script");
        assert.equal(f(), "script");
      };
      const ofHost = () => {
        host.register("f", () => "host");
        assert.equal(f(), "host");
      };
      const ofPlugin = (...how: unknown[]) => {
        assert.equal(ask(String(how[0]), ...how.slice(1), "f"), 1);
        assert.equal(f(), "C++");
      };
      assert.equal(f(), null);

      for (let i = 0; i < 2; i++) {
        ofScript();
        ofPlugin("of_one", script.id);
      }
      assert.equal(script.unregister("f"), true);
      assert.equal(script.unregister("f"), false);
      assert.equal(f(), null);

      for (let i = 0; i < 2; i++) {
        ofHost();
        ofPlugin("of_one", script.id);
      }
      assert.equal(ask("not_of_one", script.id, "f"), 1);
      assert.equal(f(), "host");
      assert.equal(ask("not_of_one", script.id, "f"), 0);

      ofPlugin("of_all");
      ofHost();
      ofScript();
      ofPlugin("of_all");
      assert.equal(host.unregister("f"), true);
      assert.equal(ask("not_of_all", "f"), 0);
      assert.equal(f(), null);
    },

    "after a reload, what was registered for the old id is gone": (kit, toolbox) => {
      const { assert } = kit;
      const ask = kit.plugin(toolbox);
      const script = kit.load(`
        import vh
        def f(name): return vh.CallDynamicFunction(name)
      `);
      const { id } = script;
      script.register("f", () => "script");
      assert.equal(ask("of_one", id, "f"), 1);
      assert.equal(ask("of_one", id, "g"), 1);
      assert.equal(ask("of_all", "h"), 1);
      script.reload();
      assert.equal(ask("of_one", id, "g"), 0);
      assert.equal(script.call("f", "f"), "script");
      assert.equal(script.call("f", "h"), "C++");
      assert.throws(() => script.call("f", "g"), /NameError/);
      assert.equal(ask("of_one", script.id, "g"), 1);
      assert.equal(script.call("f", "g"), "C++");
    },

    "a plugin unloads them": async (kit, toolbox) => {
      const { assert, load, until } = kit;
      const ask = kit.plugin(toolbox);
      const unloaded: string[] = [];
      kit.host.on("unload", ({ name }) => unloaded.push(name));
      const source = `
        import vh
        def leave(): return vh.CallDynamicFunction("unload", vh.myid)
        def UnLoad(): print("UnLoad")
      `;

      const script = load(source, { name: "direct.py" });
      assert.equal(ask("unload", script.id), 1);
      assert.equal(ask("unload", script.id), 0);
      assert.equal(script.loaded, false);
      assert.ok(!kit.host.scripts.includes(script));
      assert.throws(() => script.call("leave"), kit.facade.ScriptUnloadedError);

      const itself = load(source, { name: "itself.py" });
      assert.equal(itself.call("leave"), 1);
      assert.equal(itself.loaded, false);

      const byThread = load(source, { name: "by_thread.py" });
      ask("thread_unload", byThread.id);
      assert.equal(ask("join"), 1);
      assert.throws(() => byThread.call("leave"), kit.facade.ScriptUnloadedError);
      await until(() => !byThread.loaded);
      assert.deepEqual(unloaded, ["direct", "itself", "by_thread"]);
      assert.deepEqual(kit.prints, ["UnLoad", "UnLoad", "UnLoad"]);

      byThread.reload();
      const { id } = byThread;
      ask("thread_unload", byThread.id);
      assert.equal(ask("join"), 1);
      byThread.reload(); // before Node's thread has heard of it
      await until(() => byThread.id !== id);
      assert.equal(byThread.call("leave"), 1);
    },
  },
  toolbox,
);

survives(
  "a callback",
  {
    "may return its arguments": (kit, toolbox) => {
      const ask = kit.plugin(toolbox);
      const many = Array.from({ length: 40 }, (_, i) => `${"long".repeat(i)} ${String(i)}`);
      for (const echo of ["echo", "echo_freed"]) {
        kit.assert.equal(ask(echo), null);
        kit.assert.equal(ask(echo, "я"), "я");
        kit.assert.deepEqual(ask(echo, ...many), many);
        kit.assert.deepEqual(ask(echo, 1, 2.5, ["a", { b: null }]), [1, 2.5, ["a", { b: null }]]);
      }
    },

    "that returns no JSON for JSON is a vh.HubError": (kit, toolbox) => {
      const ask = kit.plugin(toolbox);
      kit.assert.deepEqual(ask("json", "[1]"), [1]);
      for (const text of ["", "[1", "{'a': 1}", "nan", "[".repeat(100_000)])
        kit.assert.throws(() => ask("json", text), /HubError|ValueError/);
    },

    "that throws is a vh.HubError": (kit, toolbox) => {
      const ask = kit.plugin(toolbox);
      kit.assert.throws(() => ask("throw_error", "no such user"), /HubError: no such user/);
      kit.assert.throws(
        () => ask("throw_number"),
        /HubError: the callback threw a C\+\+ exception/,
      );
    },
  },
  toolbox,
);

survives(
  "scripts of a plugin's own",
  {
    "live beside the host's": (kit, toolbox) => {
      const { assert, facade } = kit;
      const ask = kit.plugin(toolbox, { GetUserClass: () => 3 });
      const chat = facade.HOOK_NAMES.indexOf("OnParsedMsgChat");
      const path = kit.write(`
        import vh
        heard = 0
        def OnParsedMsgChat(nick, msg):
            global heard
            heard += 1
            return vh.GetUserClass(nick)
        def count(text): return [heard, vh.botname]
      `);
      const ours = kit.host.load(path);
      const before = kit.host.scripts;
      const id = ask("load", path) as number;
      assert.ok(id > ours.id);
      assert.deepEqual(kit.host.scripts, before);
      assert.equal((ask("ids") as number[]).includes(id), false);

      kit.chat();
      assert.equal(ask("hook", id, chat), "(7)");
      assert.equal(ask("hook", ours.id, chat), "(3)");
      assert.equal(ask("function", id, "count", ""), '([1,"Bot"])');
      assert.deepEqual(ours.call("count", ""), [2, "Security"]);
      assert.equal(ask("of_one", id, "f"), 1);

      assert.equal(ask("end"), 1);
      assert.equal(ask("has", id, chat), 0);
      assert.equal(ask("of_one", id, "f"), 0);
      assert.deepEqual(kit.host.scripts, before);
      assert.equal(kit.chat().allowed, true);

      const again = ask("load", path) as number;
      assert.ok(again > id);
      assert.equal(ask("unload", again), 1);
      assert.equal(ask("end"), 1);
    },
  },
  toolbox,
);
