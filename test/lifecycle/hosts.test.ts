/** Hosts beside each other, ids, and what is left after close. */
import { survives } from "../helpers/child.js";

survives("two hosts in one process", {
  "do not see each other": ({ assert, open, load, prints }) => {
    const first = open({ Topic: () => "first" });
    const a = load(`
      import vh
      def OnTimer(): print("a")
      def topic(): return [vh.Topic(), vh.ScriptQuery("_get_script_name", ""), vh.ScriptCommand("x", "y")]
      def OnScriptCommand(cmd): print("a hears")
    `);
    const second = open({ Topic: () => "second" });
    const b = load(`
      import vh
      def OnTimer(): print("b")
      def topic(): return [vh.Topic(), vh.ScriptQuery("_get_script_name", ""), vh.ScriptCommand("x", "y")]
      def OnScriptCommand(cmd): print("b hears")
    `);
    first.dispatch("OnTimer", 1);
    assert.deepEqual(prints.splice(0), ["a"]);
    assert.equal((a.call("topic") as unknown[])[0], "first");
    assert.equal((b.call("topic") as unknown[])[0], "second");
    assert.deepEqual(prints.splice(0), ["a hears", "b hears"]);
    assert.deepEqual([a.host, b.host], [first, second]);
    first.register("f", () => 1);
    assert.equal(second.unregister("f"), false);
    first.close();
    second.dispatch("OnTimer", 1);
    assert.deepEqual(prints, ["b"]);
    assert.deepEqual([first.has("OnTimer"), second.has("OnTimer")], [false, true]);
  },

  "call into each other, and unload each other's scripts": ({ assert, open, load, errors }) => {
    const first = open();
    const a = load(`
      import vh
      def OnParsedMsgChat(nick, msg): return vh.CallDynamicFunction("other")
    `);
    const second = open();
    const b = load(`
      import vh
      def OnParsedMsgChat(nick, msg): return vh.CallDynamicFunction("other")
    `);
    let turns = 0;
    a.register("other", () => second.dispatch("OnParsedMsgChat", "x", "y").allowed);
    b.register("other", () => {
      if (++turns < 10) return first.dispatch("OnParsedMsgChat", "x", "y").allowed;
      a.unload();
      first.close();
      b.unload();
      return false;
    });
    assert.equal(first.dispatch("OnParsedMsgChat", "x", "y").allowed, false);
    assert.equal(turns, 10);
    assert.deepEqual([a.loaded, b.loaded, errors], [false, false, []]);
  },

  "ten, each with a script in the main interpreter": ({ assert, facade, write }) => {
    const file = write(`
      import vh
      def OnTimer(): vh.mc(str(vh.myid))
    `);
    for (const globals of ["own", "shared"] as const) {
      const hosts = Array.from({ length: 10 }, () => {
        const said: string[] = [];
        const host = new facade.ScriptHost({ hub: { mc: (text) => said.push(text) > 0 } });
        const script = host.load(file, { interpreter: "main", globals });
        return { host, script, said };
      });
      for (const { host } of hosts) host.dispatch("OnTimer", 1);
      for (const { script, said } of hosts) assert.deepEqual(said, [String(script.id)]);
      for (const { host } of hosts) host.close();
    }
  },
});

survives("ids", {
  "of the unloaded, the unknown, the negative and of no number": ({ assert, load, host }) => {
    const script = load("def OnTimer(): pass\ndef f(): return 1");
    const { id } = script;
    script.unload();
    assert.equal(script.id, id);
    assert.deepEqual(
      [script.loaded, script.has("OnTimer"), script.name],
      [false, false, "script1"],
    );
    assert.deepEqual(script.stats, {
      calls: 0,
      errors: 0,
      timeMs: 0,
      vhCalls: 0,
      timeouts: 0,
      hooks: {},
    });
    assert.throws(() => script.call("f"), { code: "ERR_VH_SCRIPT_UNLOADED" });
    script.unload();
    script.register("f", () => 1);
    assert.equal(script.unregister("f"), true);
    assert.equal(script.unregister("f"), false);
    script.reload();
    assert.ok(script.id > id);
    assert.equal(script.call("f"), 1);
    assert.ok(host.scripts.includes(script));
  },

  "are never used twice, failed loads included": ({ assert, load, fails }) => {
    const ids = new Set<number>();
    for (let i = 0; i < 20; i++) {
      const script = load("import vh\ndef get(): return vh.myid");
      assert.equal(script.call("get"), script.id);
      ids.add(script.id);
      fails("1/0");
      script.reload();
      ids.add(script.id);
      if (i % 2) script.unload();
    }
    assert.equal(ids.size, 40);
  },

  "overwriting vh.myid changes nothing": ({ assert, load, chat, host, errors }) => {
    for (const interpreter of ["own", "main"] as const) {
      const script = load(
        `
        import vh
        vh.myid = 12345
        vh.path = vh.name = None
        def OnParsedMsgChat(nick, msg): raise ValueError
        def who(): return vh.ScriptQuery("_get_script_name", "", "me", True)
      `,
        { name: "me.py", interpreter },
      );
      host.once("error", (_error, { script: source }) => {
        assert.equal(source, script);
      });
      chat();
      assert.deepEqual(script.call("who"), [["me", script.path, "me"]]);
      script.unload();
    }
    assert.equal(errors.length, 2);
  },
});

survives("a closed host", {
  "does nothing, and says so": ({ assert, load, host, chat, errors }) => {
    const script = load("def OnParsedMsgChat(nick, msg): return 0\ndef UnLoad(): 1/0");
    host.close(3);
    host.close();
    assert.deepEqual([host.closed, host.scripts.length, script.loaded], [true, 0, false]);
    assert.deepEqual(errors, ["ZeroDivisionError"]);
    assert.deepEqual(chat(), { allowed: true, args: ["alice", "hello"] });
    assert.equal(host.has("OnParsedMsgChat"), false);
    assert.deepEqual(host.query("x"), []);
    assert.throws(() => load("x = 1"), /closed/);
    assert.throws(() => {
      script.reload();
    }, /closed/);
    script.unload();
    host.register("x", () => 1);
    assert.equal(host.unregister("x"), true);
    assert.equal(host.stats.scripts, 0);
  },

  "when its listeners throw": async ({ assert, open, load, sleep }) => {
    const thrown: unknown[] = [];
    process.on("uncaughtException", (error) => thrown.push(error.message));
    const host = open();
    for (const event of ["error", "warning", "print", "load", "unload"] as const)
      host.on(event, () => {
        throw new Error(event);
      });
    const script = load(`
      def OnParsedMsgChat(nick, msg):
          print("x")
          return "nonsense"
      def OnParsdMsgChat(): pass
      def OnTimer(): raise ValueError
    `);
    host.dispatch("OnParsedMsgChat", "a", "b");
    host.dispatch("OnTimer", 1);
    script.unload();
    host.close();
    await sleep(1);
    assert.deepEqual(new Set(thrown), new Set(["error", "warning", "print", "load", "unload"]));
    process.removeAllListeners("uncaughtException");
  },

  "that unloads, reloads and loads in its listeners": ({ assert, open, load, write, errors }) => {
    const host = open();
    const spare = write("def OnTimer(): print('spare')");
    const script = load("def OnTimer():\n  print('x')\n  raise ValueError");
    host.on("print", ({ script: printing }) => {
      printing?.reload();
    });
    host.on("error", (_error, { script: failing }) => failing?.unload());
    host.once("unload", () => host.load(spare));
    for (let i = 0; i < 5; i++) host.dispatch("OnTimer", i);
    assert.equal(script.loaded, false);
    assert.ok(errors.length >= 1);
    host.removeAllListeners("print");
    assert.equal(host.scripts.length, 2);
  },

  "closed and forgotten, fifty times": ({ facade, write }) => {
    const file = write("import vh\ndef OnTimer(): vh.Topic()");
    for (let i = 0; i < 50; i++) {
      const host = new facade.ScriptHost({ hub: { Topic: () => "" } });
      host.load(file);
      host.dispatch("OnTimer", 1);
      host.close();
    }
  },
});
