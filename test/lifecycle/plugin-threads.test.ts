/** Threads of C++ plugins in a TypeScript hub. */
import { test } from "vitest";
import { expectWell, run, survives } from "../helpers/child.js";
import { compileToolbox, temporaryFolder } from "../helpers/cpp.js";

const toolbox = compileToolbox(temporaryFolder());

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

    "have unloaded a script by the time that it is reloaded": async (kit, toolbox) => {
      const { facade } = kit;
      const ask = kit.plugin(toolbox);
      const script = kit.load(`
        import threading, time
        def OnParsedMsgChat(nick, msg): time.sleep(0.2)
        threading.Thread(target=time.sleep, args=(3600,)).start()  # its end takes a while
      `);
      const pause = (ms: number) =>
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      const { id } = script;
      ask("thread_hook", id, facade.HOOK_NAMES.indexOf("OnParsedMsgChat"), 1);
      pause(100);
      ask("thread_unload", id);
      pause(300); // what the threads have to say waits
      script.reload();
      await kit.until(() => script.loaded && script.id !== id);
      ask("join");
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
