/** What a timeout does to a script and its hub beyond ending the hang: who is blamed, who is told, what still runs. */
import type { LoadOptions, SlowHook } from "../../lib/index.js";
import { survives } from "../helpers/child.js";

survives("an interrupted hook", {
  "runs its finally blocks, its context managers and its coroutines' ends": ({
    assert,
    open,
    load,
    prints,
    errors,
  }) => {
    const said: string[] = [];
    const host = open({ mc: (text: string) => said.push(text) > 0 });
    load(
      `
      import asyncio, contextlib, threading, time, vh
      lock = threading.Lock()
      @contextlib.contextmanager
      def manager():
          print("enter")
          try: yield
          finally: print("exit")
      class Manager:
          def __enter__(self): return self
          def __exit__(self, kind, value, traceback): print(kind.__name__, isinstance(value, Exception))
      async def work():
          try: await asyncio.sleep(3600)
          finally:
              await asyncio.sleep(0)
              print("coroutine")
      def OnTimer(ms):
          try:
              with manager(), Manager(), lock, contextlib.suppress(Exception):
                  if ms: asyncio.run(work())
                  else: time.sleep(3600)
          finally: vh.mc("finally")
    `,
      { hookTimeoutMs: 1000 }, // enough for the import of asyncio
    );
    host.dispatch("OnTimer", 0);
    host.dispatch("OnTimer", 1);
    const twice = ["enter", "HookTimeout False", "exit"];
    assert.deepEqual(prints, [...twice, "enter", "coroutine", "HookTimeout False", "exit"]);
    assert.deepEqual(said, ["finally", "finally"]);
    assert.deepEqual(errors, ["vh.HookTimeout OnTimer", "vh.HookTimeout OnTimer"]);
  },

  "may take a moment for its end, and is interrupted again when that hangs": ({
    assert,
    inTime,
    load,
    host,
    errors,
  }) => {
    const script = load(
      `
      import time
      ends = 0
      def OnTimer(ms):
          global ends
          try: time.sleep(3600)
          finally:
              ends += 1
              time.sleep(ms)
      def get(): return ends
    `,
      { hookTimeoutMs: 200 },
    );
    for (const ms of [0, 3_600_000]) {
      const start = performance.now();
      host.dispatch("OnTimer", ms);
      inTime(start, 1000);
    }
    assert.equal(script.call("get"), 2);
    assert.equal(errors.length, 2);
  },

  "is not interrupted when it was just in time": ({ assert, load, host, errors }) => {
    const script = load(
      `
      import time
      count = 0
      def OnTimer(ms):
          end = time.perf_counter() + ms / 1000
          while time.perf_counter() < end: pass
      def later():
          global count
          for _ in range(2_000): count += 1
          return count
    `,
      { hookTimeoutMs: 200 },
    );
    // Around the deadline either may be; after it no exception may hit what comes next.
    for (let i = 0; i < 15; i++) {
      host.dispatch("OnTimer", 199 + i / 5);
      assert.equal(script.call("later"), 2_000 * (i + 1));
    }
    assert.ok(errors.every((error) => error === "vh.HookTimeout OnTimer"));
  },
});

survives("blame", {
  "falls on the inner hook alone, not on one that waited for it": ({
    assert,
    open,
    load,
    errors,
  }) => {
    const host = open();
    const told: string[] = [];
    host.on("error", (_error, { script, hook }) =>
      told.push(`${String(script?.name)} ${String(hook)}`),
    );
    const outer = load(
      `
      import vh
      def OnParsedMsgChat(nick, msg): return vh.CallDynamicFunction("tick")
    `,
      { name: "outer.py", hookTimeoutMs: 300 },
    );
    outer.register("tick", () => {
      host.dispatch("OnTimer", 1);
      return 0;
    });
    load("import time\ndef OnTimer(): time.sleep(3600)", { name: "inner.py", hookTimeoutMs: 300 });
    assert.equal(host.dispatch("OnParsedMsgChat", "a", "b").allowed, false);
    assert.deepEqual(told, ["inner OnTimer"]);
    assert.equal(errors.length, 1);
  },

  "falls on the outer one for what it does afterwards": ({
    assert,
    inTime,
    open,
    load,
    errors,
  }) => {
    const host = open();
    const outer = load(
      `
      import vh, time
      def OnParsedMsgChat(nick, msg):
          vh.CallDynamicFunction("tick")
          time.sleep(3600)
    `,
      { hookTimeoutMs: 200 },
    );
    outer.register("tick", () => {
      host.dispatch("OnTimer", 1);
    });
    load("import time\ndef OnTimer(): time.sleep(0.1)", { hookTimeoutMs: 200 });
    const start = performance.now();
    host.dispatch("OnParsedMsgChat", "a", "b");
    inTime(start, 1000);
    assert.deepEqual(errors, ["vh.HookTimeout OnParsedMsgChat"]);
  },

  "stays in the script: its threads and the others' are not interrupted": async ({
    assert,
    load,
    host,
    prints,
    until,
  }) => {
    const source = `
      import threading, time
      ticks = 0
      def work():
          global ticks
          while True:
              ticks += 1
              time.sleep(0.001)
      threading.Thread(target=work).start()
      def OnTimer(): time.sleep(3600)
      def get(): return ticks
    `;
    for (const interpreter of ["own", "main"] as const) {
      const scripts = [1, 2].map(() => load(source, { interpreter, hookTimeoutMs: 100 }));
      host.dispatch("OnTimer", 1);
      const ticks = scripts.map((script) => Number(script.call("get")));
      await until(() =>
        scripts.every((script, i) => Number(script.call("get")) > Number(ticks[i])),
      );
      for (const script of scripts) script.unload();
    }
    assert.deepEqual(prints, []);
  },
});

survives("hooks nested in hooks, each of which is in time", {
  "as a tree without end": ({ assert, inTime, open, load, errors }) => {
    const host = open();
    const script = load(
      `
      import vh
      def OnTimer(ms):
          for _ in range(2): vh.CallDynamicFunction("again")
    `,
      { hookTimeoutMs: 300 },
    );
    script.register("again", () => void host.dispatch("OnTimer", 1));
    const start = performance.now();
    host.dispatch("OnTimer", 1);
    inTime(start, 1000);
    assert.ok(errors.includes("vh.HookTimeout OnTimer"), errors.join(", "));
    assert.equal(host.dispatch("OnParsedMsgChat", "a", "b").allowed, true);
    assert.equal(script.unload().ended, true);
  },

  "one after the other, and the outer one may clean up": ({
    assert,
    inTime,
    open,
    load,
    errors,
  }) => {
    const said: string[] = [];
    const host = open({ mc: (text: string) => said.push(text) > 0 });
    const script = load(
      `
      import vh
      def OnParsedMsgChat(nick, msg):
          try:
              for _ in range(100): vh.CallDynamicFunction("tick")
          finally: vh.mc("finally")
    `,
      { hookTimeoutMs: 300 },
    );
    script.register("tick", () => void host.dispatch("OnTimer", 1));
    load("import time\ndef OnTimer(): time.sleep(0.15)", { hookTimeoutMs: 300 });
    const start = performance.now();
    assert.equal(host.dispatch("OnParsedMsgChat", "a", "b").allowed, true);
    inTime(start, 1000);
    assert.deepEqual(said, ["finally"]);
    assert.deepEqual(errors, ["vh.HookTimeout OnParsedMsgChat"]);
  },
});

survives("options", {
  "the host's are the scripts' where they have none": ({ assert, facade, write }) => {
    const host = new facade.ScriptHost({ hookTimeoutMs: 100 });
    const errors: string[] = [];
    host.on("error", (_error, { script }) => errors.push(String(script?.name)));
    const file = (name: string) => write("import time\ndef OnTimer(): time.sleep(0.4)\n", name);
    host.load(file("hosts.py"));
    host.load(file("own.py"), { hookTimeoutMs: 2000 });
    host.load(file("none.py"), { hookTimeoutMs: 0 });
    host.dispatch("OnTimer", 1);
    assert.deepEqual(errors, ["hosts"]);
    host.close();
  },

  "slowHookMs: an event for each hook that took longer": async ({ assert, open, load, sleep }) => {
    const host = open();
    const slow: SlowHook[] = [];
    host.on("slow", (event) => slow.push(event));
    const source = `
      import time
      def OnTimer(ms): time.sleep(ms / 1000)
    `;
    const script = load(source, { slowHookMs: 50 });
    load(source, { slowHookMs: 0 });
    for (const ms of [0, 120, 0, 120]) host.dispatch("OnTimer", ms);
    await sleep(20);
    assert.deepEqual(
      slow.map(({ script, hook }) => [script, hook]),
      [
        [script, "OnTimer"],
        [script, "OnTimer"],
      ],
    );
    // The time is told from when the monitor saw the hook first.
    for (const { timeMs } of slow) assert.ok(timeMs > 50 && timeMs < 5000, String(timeMs));
  },

  "onRepeatedTimeout: three in a row, or none": ({ assert, load, host, warnings, errors }) => {
    const source = `
      import time
      def OnTimer(ms): time.sleep(ms)
    `;
    const kept = load(source, { hookTimeoutMs: 50 });
    for (let i = 0; i < 4; i++) host.dispatch("OnTimer", 3600);
    assert.equal(kept.unload().ended, true);
    assert.equal(errors.splice(0).length, 4);
    assert.deepEqual(warnings, []);

    const script = load(source, { hookTimeoutMs: 50, onRepeatedTimeout: "disable" });
    for (const seconds of [3600, 3600, 0, 3600, 3600]) host.dispatch("OnTimer", seconds);
    assert.equal(script.loaded, true);
    host.dispatch("OnTimer", 3600);
    assert.equal(script.loaded, false);
    assert.equal(host.has("OnTimer"), false);
    assert.equal(errors.length, 5);
    assert.equal(warnings.length, 1, warnings.join("\n"));
    assert.match(String(warnings[0]), /timed out|timeout/i);
    script.reload();
    assert.equal(script.loaded, true);
  },

  "that make no sense": ({ assert, facade, host, write }) => {
    const file = write("x = 1");
    const nonsense: unknown[] = [
      { hookTimeoutMs: -1 },
      { slowHookMs: NaN },
      { unloadTimeoutMs: "1" },
      { onRepeatedTimeout: "explode" },
    ];
    for (const options of nonsense) {
      const given = options as LoadOptions;
      for (const use of [() => host.load(file, given), () => new facade.ScriptHost(given)])
        assert.throws(use, (error) => error instanceof TypeError || error instanceof RangeError);
    }
  },
});

survives("the monitor", {
  "is woken by the first hook after a quiet time": async ({
    assert,
    load,
    host,
    sleep,
    errors,
  }) => {
    const script = load(
      `
      import time
      def OnTimer(ms): time.sleep(ms)
    `,
      { hookTimeoutMs: 200 },
    );
    const rounds: number[] = []; // more than one only on a busy machine
    while (rounds.every((time) => time > 300) && rounds.length < 3) {
      await sleep(11_000); // it looks once a second by now
      const start = performance.now();
      host.dispatch("OnTimer", 3600);
      rounds.push(performance.now() - start);
    }
    assert.ok(Math.min(...rounds) < 300, `${rounds.join(", ")} ms`);
    assert.equal(errors.length, rounds.length);
    assert.equal(script.unload().ended, true);
  },
});
