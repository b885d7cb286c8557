/** How C++ plugins come into a TypeScript hub and go, and what they can do wrong. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, survives } from "../helpers/child.js";
import { compilePlugin, temporaryFolder } from "../helpers/cpp.js";

const folder = temporaryFolder();
const compile = (name: string, source: string) =>
  compilePlugin(join(folder, name), `#include <vh_plugin.h>\n${source}`);

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
