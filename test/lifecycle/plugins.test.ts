/** C++ plugins in a TypeScript hub: what they do with its scripts, and what they can do wrong. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectWell, run, survives } from "../helpers/child.js";
import { compilePlugin, temporaryFolder } from "../helpers/cpp.js";

const folder = temporaryFolder();
const compile = (name: string, source: string) =>
  compilePlugin(join(folder, name), `#include <vh_plugin.h>\n${source}`);

// Offers what these tests do from C++ as functions; it links the library.
const toolbox = compilePlugin(
  join(folder, "toolbox.cpp"),
  readFileSync(join(import.meta.dirname, "../fixtures/plugin/toolbox.cpp"), "utf8"),
  true,
);

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
  "a plugin's threads",
  {
    "call hooks while Node's thread dispatches them": (kit, toolbox) => {
      const { assert, facade } = kit;
      const ask = kit.plugin(toolbox);
      const chat = facade.HOOK_NAMES.indexOf("OnParsedMsgChat");
      const scripts = [0, 1].map(() =>
        kit.load(`
          heard = 0
          def OnParsedMsgChat(nick, msg):
              global heard
              heard += 1
          def count(): return heard
        `),
      );
      for (const { id } of scripts) ask("thread_hook", id, chat, 2000);
      for (let i = 0; i < 2000; i++) assert.equal(kit.chat().allowed, true);
      assert.equal(ask("join"), 4000);
      for (const script of scripts) assert.equal(script.call("count"), 4000);
      assert.deepEqual(kit.errors, []);
    },

    "call scripts that Node's thread reloads and unloads": async (kit, toolbox) => {
      const { assert, facade } = kit;
      const ask = kit.plugin(toolbox, { mc: () => true });
      const chat = facade.HOOK_NAMES.indexOf("OnParsedMsgChat");
      const unloaded: number[] = [];
      kit.host.on("unload", ({ id }) => unloaded.push(id));
      const script = kit.load(`
        def OnParsedMsgChat(nick, msg): return sum(range(200)) and 1
      `);
      const ids: number[] = [];
      for (let i = 0; i < 30; i++) {
        await kit.until(() => script.loaded && !ids.includes(script.id));
        ids.push(script.id);
        for (let n = 0; n < 2; n++) ask("thread_hook", script.id, chat, 300);
        if (i % 3 === 0) ask("thread_unload", script.id);
        for (let n = 0; n < i; n++) kit.chat();
        script.reload();
      }
      ask("join");
      await kit.until(() => script.loaded && !ids.includes(script.id));
      assert.deepEqual(unloaded, ids);
      assert.deepEqual(kit.warnings, []);
    },

    "call scripts of a worker that ends": async (kit, toolbox) => {
      const { assert } = kit;
      for (const way of ["close", "return", "terminate"]) {
        const { worker, messages, ended } = kit.worker(
          async ({ host, load, post, data }) => {
            const { toolbox, way } = data as { toolbox: string; way: string };
            host.loadPlugin(toolbox);
            const script = load(`
import vh
def OnParsedMsgChat(nick, msg): return sum(range(2000)) and 1
def call(*args): return vh.CallDynamicFunction(*args)`);
            for (let i = 0; i < 2; i++) script.call("call", "thread_hook", script.id, 3, 20_000);
            for (let i = 0; i < 20; i++) host.dispatch("OnParsedMsgChat", "alice", "hello");
            if (way === "close") host.close();
            post("ready");
            if (way === "terminate") await new Promise((resolve) => setTimeout(resolve, 20_000));
          },
          { toolbox, way },
        );
        await kit.until(() => messages.length > 0);
        if (way === "terminate") void worker.terminate();
        assert.equal(await ended, way === "terminate" ? 1 : 0);
        assert.deepEqual(messages, ["ready"]);
        assert.equal(kit.interpreters(), 2);
      }
    },

    "are served hub functions in JavaScript, on Node's thread": async (kit, toolbox) => {
      const { assert, facade } = kit;
      let said = 0;
      const ask = kit.plugin(toolbox, { mc: () => ++said > 0 });
      const chat = facade.HOOK_NAMES.indexOf("OnParsedMsgChat");
      kit.host.register("f", () => 1);
      const script = kit.load(`
        import vh
        def OnParsedMsgChat(nick, msg):
            if vh.CallDynamicFunction("f") == 1: return vh.mc(msg)
      `);
      ask("thread_hook", script.id, chat, 100);
      for (let i = 0; i < 100; i++) assert.equal(kit.chat().allowed, true);
      await kit.until(() => said === 200);
      assert.deepEqual(kit.errors, []);
      ask("join");
    },

    "are refused hub functions while Node's thread waits for them": async (kit, toolbox) => {
      const { assert, facade } = kit;
      const ask = kit.plugin(toolbox, { mc: () => true });
      const chat = facade.HOOK_NAMES.indexOf("OnParsedMsgChat");
      const script = kit.load(`
        import vh
        def OnParsedMsgChat(nick, msg): return vh.mc(msg)
      `);
      ask("thread_hook", script.id, chat, 100);
      ask("join"); // the first call is refused after a second, and the others at once
      await kit.until(() => kit.errors.length >= 1);
      assert.deepEqual(new Set(kit.errors), new Set(["vh.HubError OnParsedMsgChat"]));
    },
  },
  toolbox,
);

test("a plugin's thread takes functions from JavaScript, which lets go of them", async () => {
  const end = await run(
    async (kit, toolbox) => {
      const { assert } = kit;
      const ask = kit.plugin(toolbox);
      const script = kit.load(`
        import vh
        def f():
            try: return vh.CallDynamicFunction("f")
            except NameError: return None
      `);
      const made: WeakRef<() => string>[] = [];
      const fresh = () => {
        const f = () => "js";
        made.push(new WeakRef(f));
        return f;
      };
      for (let i = 0; i < 2; i++) ask("thread_replace", script.id, "f", 5000);
      const seen = new Set<unknown>();
      for (let i = 0; i < 1000; i++) {
        kit.host.register("f", fresh());
        script.register("f", fresh());
        seen.add(script.call("f"));
        if (i % 50 === 0) await kit.sleep(1);
      }
      ask("join");
      script.unregister("f");
      kit.host.unregister("f");
      for (const value of seen) assert.ok(["js", "C++", null].includes(value as string | null));
      await kit.until(() => {
        (globalThis as unknown as { gc: () => void }).gc();
        return made.every((f) => f.deref() === undefined);
      });
    },
    [toolbox],
    { node: ["--expose-gc"] },
  );
  expectWell(end);
});

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

// It needs no name of the library's, nor of Python's.
const unlinked = compile(
  "unlinked.c",
  `static const vh_plugin_api* api;
   static w_Targs* half(int id, w_Targs* args) {
     long number = 0;
     (void)id;
     return api->unpack(args, "l", &number) ? api->pack("l", number / 2) : 0;
   }
   int vh_plugin_init(const vh_plugin_api* given) {
     api = given;
     return api->size >= sizeof *api && api->register_function(api, "half", half) ? 0 : -1;
   }`,
);
// It has names of the library's, and trusts that they are there.
const trusting = compile(
  "trusting.c",
  `static w_Targs* twice(int id, w_Targs* args) {
     long number = 0;
     (void)id;
     return w_unpack(args, "l", &number) ? w_pack("l", number * 2) : 0;
   }
   int vh_plugin_init(const vh_plugin_api* api) {
     return api->register_function(api, "twice", twice) - 1;
   }`,
);
// Calls a hook of the second script as soon as it is loaded.
const eager = compile(
  "eager.c",
  `int vh_plugin_init(const vh_plugin_api* api) {
     int scripts[2] = {-1, -1};
     w_Targs* args = api->pack("l", 1L);
     api->scripts(api, scripts, 2);
     api->free_args(api->CallHook(scripts[1], W_OnTimer, args));
     api->free_args(args);
     return 0;
   }`,
);
const bad = {
  refuses: compile(
    "refuses.c",
    "int vh_plugin_init(const vh_plugin_api* a) { return a ? -3 : 0; }",
  ),
  throws: compile(
    "throws.cpp",
    `#include <stdexcept>
     int vh_plugin_init(const vh_plugin_api*) { throw std::runtime_error("not today"); }`,
  ),
  throwsANumber: compile(
    "throws_a_number.cpp",
    "int vh_plugin_init(const vh_plugin_api*) { throw 1; }",
  ),
  lacksTheEntry: compile("lacks_the_entry.c", "int nothing;"),
  lacksAName: compile(
    "lacks_a_name.c",
    `int missing_function(void);
     int vh_plugin_init(const vh_plugin_api* a) { return a ? missing_function() : 0; }`,
  ),
  isNone: join(import.meta.dirname, "../fixtures/plugin/toolbox.cpp"),
  isMissing: join(folder, "missing.so"),
};

survives(
  "loadPlugin",
  {
    "takes one that links nothing": (kit, { unlinked, trusting }) => {
      const ask = kit.plugin(unlinked);
      kit.host.loadPlugin(trusting);
      kit.assert.equal(ask("half", 42), 21);
      kit.assert.equal(ask("half", "42"), null);
      kit.assert.equal(ask("twice", 21), 42);
    },

    "takes one in the midst of a hook, which calls hooks in its turn": (kit, { eager }) => {
      const { assert } = kit;
      let calls = 0;
      const loads = (text: string) => {
        const numbers = [1, 2, 3].map((number) => ({ number }));
        kit.host.loadPlugin(eager);
        globalThis.gc?.();
        return text + numbers.map(({ number }) => number).join("");
      };
      kit.open({ GetUserClass: () => ++calls, GetUserIP: loads });
      const script = kit.load(`
        import vh
        def OnTimer(ms):
            for _ in range(200): vh.GetUserClass("x")
        def act():
            for _ in range(30): vh.GetUserClass("x")
            return vh.GetUserIP("ip")
      `);
      assert.equal(script.call("act"), "ip123");
      assert.equal(calls, 230);
    },

    "says why it does not": ({ assert, facade, open }, { bad, unlinked }) => {
      const host = open();
      const reasons = {
        refuses: /refuses\.c\.so: its vh_plugin_init returned -3$/,
        throws: /its vh_plugin_init threw: not today$/,
        throwsANumber: /its vh_plugin_init threw a C\+\+ exception$/,
        lacksTheEntry: /it defines no vh_plugin_init/,
        lacksAName: /missing_function/,
        isNone: /toolbox\.cpp.*invalid ELF header/,
        isMissing: /missing\.so.*No such file/,
      };
      const fails = (plugin: string, reason: RegExp) => {
        assert.throws(
          () => {
            host.loadPlugin(plugin);
          },
          (error) => error instanceof facade.PluginLoadError && reason.test(error.message),
        );
      };
      for (const [name, reason] of Object.entries(reasons)) {
        const plugin = bad[name as keyof typeof bad];
        fails(plugin, reason);
        fails(plugin, reason); // nothing is left of the first time
      }
      host.loadPlugin(unlinked);
      fails(unlinked, /it is loaded already$/);
      host.close();
      fails(unlinked, /the host is closed$/);
    },

    "gives each host, in workers too, its own": async (kit, { unlinked }) => {
      const { assert } = kit;
      const both = [kit.plugin(unlinked), kit.plugin(unlinked)];
      const { messages, ended } = kit.worker(({ host, load, post, data }) => {
        host.loadPlugin(data as string);
        const script = load(
          "import vh\ndef f(n): return vh.CallDynamicFunction('half', n)\ndef UnLoad(): print(f(8))",
        );
        post(script.call("f", 10));
      }, unlinked);
      assert.equal(await ended, 0);
      assert.deepEqual(messages.slice(0, 1), [5]);
      for (const ask of both) assert.equal(ask("half", 6), 3);
    },
  },
  { unlinked, trusting, eager, bad },
);

const exits = compile(
  "exits.c",
  `#include <stdio.h>
   int vh_plugin_init(const vh_plugin_api* api) { return !api; }
   void vh_plugin_exit(void) { puts("plugin exit"), fflush(stdout); }`,
);
const exitThrows = compile(
  "exit_throws.cpp",
  `#include <stdexcept>
   int vh_plugin_init(const vh_plugin_api*) { return 0; }
   void vh_plugin_exit() { throw std::runtime_error("not so fast"); }`,
);

test.each(["close", "exit", "return"])("vh_plugin_exit is called once: %s", async (way) => {
  const end = await run(
    ({ open, write }, exits, way) => {
      const host = open();
      host.load(write("import os\ndef UnLoad(): os.write(1, b'UnLoad\\n')"));
      host.loadPlugin(exits);
      if (way === "close") host.close();
      if (way === "exit") process.exit();
    },
    [exits, way],
    { bare: true },
  );
  expect(end).toEqual({ code: 0, signal: null, stdout: "UnLoad\nplugin exit\n", stderr: "" });
});

test("what vh_plugin_exit throws is told", async () => {
  const end = await run(
    ({ open }, exitThrows) => {
      open().loadPlugin(exitThrows);
    },
    [exitThrows],
    { bare: true },
  );
  const stderr = "vh-python: a plugin's vh_plugin_exit threw: not so fast\n";
  expect(end).toEqual({ code: 0, signal: null, stdout: "", stderr });
});
