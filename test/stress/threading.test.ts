/** Scripts that work in threads, and hand over to the hub's thread in OnTimer. */
import { survives } from "../helpers/child.js";

survives("five worker threads process 1,000 events from hooks, and OnTimer reads the results", {
  "in an interpreter of its own, and in the main one": async ({ assert, open, load, sleep }) => {
    for (const interpreter of ["own", "main"] as const) {
      const sent: string[] = [];
      const host = open({ mc: (message: string) => sent.push(message) > 0, GetUserClass: () => 1 });
      const script = load(
        `
        import queue, threading, vh
        events, results = queue.Queue(), queue.Queue()
        by_worker = {}

        def work(number):
            while (event := events.get()) is not None:
                nick, msg = event
                results.put((nick, sum(i * i for i in range(500)), msg[::-1]))
                by_worker[number] = by_worker.get(number, 0) + 1

        threads = [threading.Thread(target=work, args=(n,)) for n in range(5)]
        for thread in threads: thread.start()

        def OnParsedMsgChat(nick, msg):
            assert vh.GetUserClass(nick) == 1
            events.put((nick, msg))

        def OnTimer():
            while not results.empty():
                nick, value, text = results.get()
                vh.mc(f"{nick} {value} {text}")

        def workers(): return [sorted(by_worker), sum(by_worker.values())]

        def UnLoad():
            for _ in threads: events.put(None)
            for thread in threads: thread.join()
      `,
        { interpreter },
      );
      for (let i = 0; i < 1000; i++) {
        assert.equal(
          host.dispatch("OnParsedMsgChat", `user${String(i)}`, `сообщение ${String(i)}`).allowed,
          true,
        );
        if (i % 50 === 0) {
          host.dispatch("OnTimer", Date.now());
          await sleep(1);
        }
      }
      for (let i = 0; i < 2000 && sent.length < 1000; i++) {
        host.dispatch("OnTimer", Date.now());
        await sleep(5);
      }
      assert.equal(sent.length, 1000);
      const expected = (i: number) =>
        `user${String(i)} 41541750 ${Array.from(`сообщение ${String(i)}`)
          .reverse()
          .join("")}`;
      assert.deepEqual(new Set(sent), new Set(Array.from({ length: 1000 }, (_, i) => expected(i))));
      const [names, total] = script.call("workers") as [number[], number];
      assert.equal(total, 1000);
      assert.ok(names.length > 1, `workers ${names.join()}`);
      script.unload();
    }
  },
});

survives("an asyncio loop in a thread", {
  "with eight coroutines": async ({ assert, open, load, sleep }) => {
    const sent: string[] = [];
    const host = open({ mc: (message: string) => sent.push(message) > 0 });
    const script = load(`
      import asyncio, queue, threading, vh
      loop = asyncio.new_event_loop()
      results = queue.Queue()
      wanted = asyncio.Queue()

      async def work(number):
          while True:
              nick, msg = await wanted.get()
              for _ in range(3): await asyncio.sleep(0.001)
              results.put(f"{number} {nick} {msg}")

      async def start():
          for number in range(8): tasks.append(asyncio.create_task(work(number)))

      tasks = []
      thread = threading.Thread(target=loop.run_forever)
      thread.start()
      asyncio.run_coroutine_threadsafe(start(), loop).result()

      def OnParsedMsgChat(nick, msg):
          loop.call_soon_threadsafe(wanted.put_nowait, (nick, msg))

      def OnTimer():
          while not results.empty(): vh.mc(results.get())

      async def end():
          for task in tasks: task.cancel()
          await asyncio.gather(*tasks, return_exceptions=True)

      def UnLoad():
          asyncio.run_coroutine_threadsafe(end(), loop).result()
          loop.call_soon_threadsafe(loop.stop)
          thread.join()
          loop.close()
    `);
    for (let i = 0; i < 1000; i++) host.dispatch("OnParsedMsgChat", "alice", String(i));
    for (let i = 0; i < 2000 && sent.length < 1000; i++) {
      host.dispatch("OnTimer", Date.now());
      await sleep(5);
    }
    assert.equal(sent.length, 1000);
    assert.deepEqual(new Set(sent.map((text) => text[0])), new Set("01234567"));
    assert.equal(new Set(sent.map((text) => text.split(" ")[2])).size, 1000);
    script.unload();
  },
});

survives("a ThreadPoolExecutor", {
  "its futures' results, exceptions and callbacks": async ({ assert, open, load, sleep }) => {
    const sent: string[] = [];
    const host = open({ mc: (message: string) => sent.push(message) > 0 });
    const script = load(`
      import concurrent.futures, hashlib, threading, vh
      pool = concurrent.futures.ThreadPoolExecutor(4)
      futures, called = [], []

      def work(text):
          if text == "13": raise ValueError(text)
          return hashlib.sha256(text.encode() * 1000).hexdigest()[:8]

      def OnParsedMsgChat(nick, msg):
          future = pool.submit(work, msg)
          future.add_done_callback(lambda f: called.append(threading.current_thread().name))
          futures.append(future)

      def OnTimer():
          global futures
          waiting, futures = futures, []
          for future in waiting:
              if not future.done(): futures.append(future)
              elif error := future.exception(): vh.mc(repr(error))
              else: vh.mc(future.result())

      def mapped(): return list(pool.map(lambda x: x * 2, range(100)))
      def UnLoad(): pool.shutdown()
    `);
    for (let i = 0; i < 500; i++) host.dispatch("OnParsedMsgChat", "alice", String(i));
    for (let i = 0; i < 2000 && sent.length < 500; i++) {
      host.dispatch("OnTimer", Date.now());
      await sleep(5);
    }
    assert.equal(sent.length, 500);
    assert.equal(sent.filter((text) => text === "ValueError('13')").length, 1);
    assert.equal(new Set(sent).size, 500);
    assert.deepEqual(
      script.call("mapped"),
      Array.from({ length: 100 }, (_, i) => i * 2),
    );
    for (let i = 0; i < 10; i++) script.reload();
    script.unload();
  },
});

survives("hooks beside threads that compute without pause", {
  "each of 500, with three vh calls, is served in time": async ({ assert, open, load, sleep }) => {
    const host = open({ GetUserClass: () => 1 });
    const computing = Array.from({ length: 5 }, (_, i) =>
      load(
        `
        import threading
        stop = False
        count = 0
        def compute():
            global count
            while not stop: count += 1
        thread = threading.Thread(target=compute)
        thread.start()
        def counted(): return count
        def UnLoad():
            global stop
            stop = True
            thread.join()
      `,
        { interpreter: i === 4 ? "main" : "own" },
      ),
    );
    load(`
      import vh
      def OnParsedMsgChat(nick, msg): return sum(vh.GetUserClass(nick) for _ in range(3)) == 3
    `);
    const counts = () => computing.map((script) => Number(script.call("counted")));
    const before = counts();
    let seconds = 0;
    for (let i = 0; i < 500; i++) {
      await sleep(1); // the threads have the GIL
      const start = performance.now();
      assert.equal(host.dispatch("OnParsedMsgChat", "alice", "x").allowed, true);
      seconds += (performance.now() - start) / 1000;
    }
    assert.ok(seconds < 2.5, `${String(seconds)} s`);
    for (let i = 0; i < 20; i++) load("x = 1").unload();
    const after = counts();
    after.forEach((count, i) => {
      assert.ok(count > (before[i] ?? 0), `thread ${String(i)} starved`);
    });
    for (const script of computing) script.unload();
  },
});
