/** Scripts with threads: how they end, call vh, print, and share the GIL. */
import { survives } from "../helpers/child.js";

survives("threads that end by themselves", {
  "before unloading, and within its patience: nothing is kept": async ({
    assert,
    load,
    sleep,
    warnings,
    interpreters,
  }) => {
    for (const seconds of [0, 0.001, 0.1, 0.2]) {
      const script = load(`
        import threading, time
        for _ in range(5): threading.Thread(target=time.sleep, args=(${String(seconds)},)).start()
      `);
      await sleep(seconds < 0.05 ? 20 : 0);
      script.unload();
    }
    assert.deepEqual(warnings, []);
    assert.equal(interpreters(), 2);
  },

  "because UnLoad tells them": ({ assert, load, warnings }) => {
    const sources = [
      `
      import queue, threading
      q = queue.Queue()
      def work():
          while (item := q.get()) is not None: pass
      threads = [threading.Thread(target=work) for _ in range(5)]
      for t in threads: t.start()
      def UnLoad():
          for _ in threads: q.put(None)
    `,
      `
      import concurrent.futures
      pool = concurrent.futures.ThreadPoolExecutor(3)
      assert pool.submit(pow, 2, 10).result() == 1024
      def UnLoad(): pool.shutdown()
    `,
      `
      import asyncio, threading
      loop = asyncio.new_event_loop()
      thread = threading.Thread(target=loop.run_forever)
      thread.start()
      def UnLoad():
          loop.call_soon_threadsafe(loop.stop)
          thread.join()
    `,
      `
      import concurrent.futures
      pool = concurrent.futures.ThreadPoolExecutor(3)
      pool.submit(pow, 2, 10)
      def UnLoad(): pool.shutdown(wait=False)
    `,
    ];
    for (const source of sources) for (let i = 0; i < 5; i++) load(source).unload();
    assert.deepEqual(warnings, []);
  },

  "some time after unloading: it is ended without anybody asking": async ({
    assert,
    load,
    warnings,
    until,
    interpreters,
  }) => {
    load(`
      import ctypes, threading
      threading.Thread(target=ctypes.CDLL(None).sleep, args=(2,)).start()
    `).unload();
    assert.equal(warnings.length, 1);
    await until(() => interpreters() === 2);
  },

  "as soon as they begin, in the main interpreter: threading forgets them": async ({
    assert,
    load,
    sleep,
  }) => {
    const companion = load("import threading\ndef begin(): return len(threading._limbo)", {
      interpreter: "main",
    });
    for (let i = 0; i < 20; i++) {
      const script = load(
        `
        import threading
        def work():
            while True: threading.Thread(target=int).start()
        for _ in range(4): threading.Thread(target=work).start()
        `,
        { interpreter: "main" },
      );
      await sleep(i % 5);
      assert.equal(script.unload().ended, true);
      assert.equal(companion.call("begin"), 0);
    }
  },
});

survives("vh in a thread", {
  "is served on the hub's thread, in order": async ({ assert, open, load, until, prints }) => {
    const said: string[] = [];
    const host = open({ mc: (message: string) => said.push(message) > 0 });
    host.register("f", (n: number) => [n, "ok"]);
    load("def OnScriptQuery(cmd, data, recipient, sender): return 'answer'");
    load(`
      import threading, vh
      def work():
          for i in range(100): vh.mc(str(i))
          print(vh.CallDynamicFunction("f", 3), vh.ScriptCommand("a", "b"), vh.ScriptQuery("a", "b"))
          print(vh.Encode("$"), vh.Decode("&#36;"), vh.botname, vh.name_and_version("a", "b"))
          try: vh.CallDynamicFunction("nothing")
          except NameError: print("NameError")
          print("end")
      threading.Thread(target=work).start()
    `);
    await until(() => prints.includes("end"));
    assert.deepEqual(prints, [
      "[3, 'ok'] True ['answer']",
      "&#36; $ Security a b",
      "NameError",
      "end",
    ]);
    assert.deepEqual(
      said,
      Array.from({ length: 100 }, (_, i) => String(i)),
    );
  },

  "is served between hooks, though the event loop gets no turn": ({ assert, open, load }) => {
    const said: string[] = [];
    const host = open({ mc: (message: string) => said.push(message) > 0 });
    load(`
      import threading, vh
      def call():
          for i in range(100): vh.mc(str(i))
      threading.Thread(target=call).start()
      def OnTimer(): pass
    `);
    for (const end = performance.now() + 20_000; said.length < 100 && performance.now() < end;)
      host.dispatch("OnTimer", 1);
    assert.deepEqual(
      said,
      Array.from({ length: 100 }, (_, i) => String(i)),
    );
  },

  "leaves the event loop its turns, however many threads call without pause": async ({
    assert,
    open,
    load,
  }) => {
    let calls = 0;
    let mostInATurn = 0;
    const host = open({
      mc: () => {
        calls++;
        for (const end = performance.now() + 0.5; performance.now() < end;);
        return true;
      },
    });
    load(`
      import threading, vh
      over = False
      def call():
          while not over: vh.mc("x")
      for _ in range(8): threading.Thread(target=call).start()
      def OnTimer():
          global over
          over = True
    `);
    for (const end = performance.now() + 20_000; calls < 2000 && performance.now() < end;) {
      const before = calls;
      await new Promise((resolve) => setImmediate(resolve));
      mostInATurn = Math.max(mostInATurn, calls - before);
    }
    host.dispatch("OnTimer", 1);
    assert.ok(mostInATurn < 100, `${String(mostInATurn)} calls in one turn`);
  },

  "is served while a thread's own call has its script unloaded, and UnLoad waits": async ({
    assert,
    open,
    load,
    errors,
    prints,
    until,
  }) => {
    const host = open({ GetUserClass: () => 3 });
    const ways = { unload: 1, reload: 2, unloadAsync: 4 };
    for (const [way, said] of Object.entries(ways) as [keyof typeof ways, number][]) {
      const script = load(`
        import threading, vh
        def begin(): threading.Thread(target=lambda: vh.CallDynamicFunction("leave")).start()
        def UnLoad():
            thread = threading.Thread(target=lambda: print(vh.GetUserClass("nick")))
            thread.start()
            thread.join()
      `);
      host.register("leave", () => {
        void script[way]();
        return 1;
      });
      script.call("begin");
      await until(() => prints.length === said);
      if (way !== "reload") continue;
      script.unload();
      await until(() => prints.length === said + 1);
    }
    assert.deepEqual(prints, ["3", "3", "3", "3"]);
    assert.deepEqual(errors, []);
  },

  "is a HubError that names the hook when the hook cannot be interrupted": async ({
    assert,
    open,
    load,
    prints,
    until,
  }) => {
    const host = open({ mc: () => true });
    load(`
      import ctypes, threading, time, vh
      def work():
          try: vh.mc("x")
          except vh.HubError as e: print(e)
          time.sleep(2)  # by then the hook has returned
          vh.mc("later")
          print("end")
      def OnTimer():
          threading.Thread(target=work).start()
          ctypes.CDLL(None).sleep(6)
    `);
    host.dispatch("OnTimer", 1);
    await until(() => prints.includes("end"));
    assert.deepEqual(prints, ["vh.mc: the hub's thread is held by OnTimer", "end"]);
  },

  "while the hub's thread runs hooks of the same script, and others are unloaded": async ({
    assert,
    open,
    load,
    chat,
    until,
    prints,
  }) => {
    open({ GetNickList: () => ["alice"] });
    const script = load(`
      import threading, vh
      calls = 0
      stop = False
      def work():
          global calls
          while not stop:
              try:
                  vh.GetNickList()
                  calls += 1
              except vh.HubError: pass
          print("end")
      threads = [threading.Thread(target=work) for _ in range(3)]
      for t in threads: t.start()
      def OnParsedMsgChat(nick, msg): return (nick, str(calls))
      def count(): return calls
      def UnLoad():
          global stop
          stop = True
          for t in threads: t.join()
    `);
    await until(() => {
      for (let i = 0; i < 10; i++) assert.equal(chat().allowed, true);
      load("def OnParsedMsgChat(n, m): pass").unload();
      return Number(script.call("count")) > 1000;
    });
    script.unload();
    await until(() => prints.length === 3);
    assert.deepEqual(prints, ["end", "end", "end"]);
  },
});

survives("printing in threads", {
  "just before the host is closed": ({ assert, open, load, prints }) => {
    const host = open({});
    load(`
      import threading
      thread = threading.Thread(target=lambda: print("last words"))
      thread.start()
      thread.join()
    `);
    host.close();
    assert.deepEqual(prints, ["last words"]);
  },

  "while the hub's thread runs, sleeps, and after the script was unloaded": async (kit) => {
    const { assert, load, until, prints, chat, interpreters } = kit;
    const script = load(`
      import threading, time, sys
      def work(n):
          for i in range(100):
              print("line", n, i)
              print("error", n, i, file=sys.stderr)
      for n in range(5): threading.Thread(target=work, args=(n,)).start()
      def late():
          time.sleep(1)
          print("late")
      threading.Thread(target=late).start()
    `);
    for (let i = 0; i < 50; i++) chat();
    await until(() => prints.length >= 1000);
    const whole = /^(line|error) \d \d+$/;
    assert.equal(prints.length, 1000);
    assert.equal(new Set(prints.filter((line) => whole.test(line))).size, 1000);
    script.unload();
    await until(() => {
      load("x = 1").unload();
      return interpreters() === 2;
    });
  },

  "to a listener that dispatches hooks: one line does not nest in another": async (kit) => {
    const { assert, open, load, until } = kit;
    const host = open({});
    let lines = 0;
    let depth = 0;
    let most = 0;
    host.on("print", () => {
      lines += 1;
      depth += 1;
      most = Math.max(most, depth);
      host.dispatch("OnTimer", 1);
      depth -= 1;
    });
    load(`
      import threading
      def say():
          for i in range(2000): print(i)
      threads = [threading.Thread(target=say) for _ in range(3)]
      for t in threads: t.start()
      def OnTimer(): pass
    `);
    await until(() => lines === 6000);
    assert.equal(most, 1);
  },

  "by one that never pauses: the event loop still gets its turns": async ({
    assert,
    load,
    prints,
    sleep,
  }) => {
    const script = load(`
      import threading
      stop = False
      def work():
          while not stop: print("x")
      t = threading.Thread(target=work)
      t.start()
      def UnLoad():
          global stop
          stop = True
          t.join()
    `);
    let most = 0;
    for (let total = 0; total < 300_000;) {
      await sleep(1);
      total += prints.length;
      most = Math.max(most, prints.splice(0).length);
    }
    assert.ok(most < 50_000, `${String(most)} lines in one turn`);
    script.unload();
  },

  "an exception in a thread is told with its traceback": async ({
    assert,
    load,
    until,
    prints,
  }) => {
    load(`
      import threading
      def work(): raise ValueError("in the thread")
      threading.Thread(target=work, name="worker").start()
      def quiet(): raise SystemExit
      threading.Thread(target=quiet).start()
    `);
    await until(() => prints.some((line) => line === "ValueError: in the thread"));
    assert.ok(
      prints.some((line) => line.includes("worker")),
      prints.join("\n"),
    );
  },
});

survives("locks and the GIL", {
  "a script's hook waits for its own thread, which computes": ({ assert, load }) => {
    const script = load(`
      import threading
      def f():
          out = []
          t = threading.Thread(target=lambda: out.append(sum(range(1_000_000))))
          t.start()
          t.join()
          return out
    `);
    for (let i = 0; i < 5; i++) assert.deepEqual(script.call("f"), [499_999_500_000]);
  },

  "threads of several scripts compute while hooks are called": async ({
    assert,
    load,
    chat,
    sleep,
  }) => {
    const source = `
      import threading
      stop = False
      count = 0
      def work():
          global count
          while not stop: count += 1
      t = threading.Thread(target=work)
      t.start()
      def OnParsedMsgChat(nick, msg): return None
      def get(): return count
      def UnLoad():
          global stop
          stop = True
          t.join()
    `;
    const scripts = [load(source), load(source), load(source, { interpreter: "main" })];
    for (let i = 0; i < 10; i++) {
      assert.equal(chat().allowed, true);
      await sleep(1);
    }
    for (const script of scripts) assert.ok(Number(script.call("get")) > 0);
  },

  "a thread deletes and defines hooks while they are dispatched": async ({
    assert,
    load,
    chat,
    sleep,
    errors,
  }) => {
    const script = load(`
      import threading
      stop = False
      def hook(nick, msg): return 0
      def work():
          global OnParsedMsgChat
          while not stop:
              OnParsedMsgChat = hook
              OnParsedMsgChat = lambda *a: 1
              del OnParsedMsgChat
      t = threading.Thread(target=work)
      t.start()
      def UnLoad():
          global stop
          stop = True
          t.join()
    `);
    const seen = new Set<boolean>();
    for (let i = 0; i < 3000; i++) {
      seen.add(chat().allowed);
      if (i % 100 === 0) await sleep(1);
    }
    assert.ok(seen.has(true));
    assert.deepEqual(errors, []);
    script.unload();
  },
});
