/** What an attack found: each of these once crashed the hub, held it for ever, or hurt who had nothing to do with it. */
import { survives } from "../helpers/child.js";

survives("a wait that is given up", {
  "leaves what cleans up around it alone": ({ assert, open, load }) => {
    const host = open();
    const types: string[] = [];
    host.on("error", (error) => types.push(error.name));
    const script = load(
      `
      import time
      done = []
      def tidy(what): done.append(what)
      class Manager:
          def __enter__(self): pass
          def __exit__(self, *exception): tidy("exit")
      def OnTimer():
          try:
              with Manager(): time.sleep(100)
          finally: tidy("finally")
      def get(): return done
      `,
      { hookTimeoutMs: 200 },
    );
    host.dispatch("OnTimer", 1);
    assert.deepEqual(script.call("get"), ["exit", "finally"]);
    assert.deepEqual(types, ["HookTimeoutError"]);
  },

  "does not let go of a lock that is another's": async ({ assert, open, load, until }) => {
    const host = open();
    const types: string[] = [];
    host.on("error", (error) => types.push(error.name));
    const script = load(
      `
      import threading, time
      c = threading.Condition(threading.Lock())
      go = threading.Event()
      broken = []
      def work():
          global owner
          go.wait()
          for _ in range(5):
              with c:
                  owner = me = threading.get_ident()
                  time.sleep(0.1)
                  if owner != me: broken.append("exclusion")
      def guarded():
          try: work()
          except Exception as e: broken.append(repr(e))
      threads = [threading.Thread(target=guarded) for _ in range(2)]
      for t in threads: t.start()
      def OnTimer():
          with c:
              go.set()
              c.wait()
      def working(): return any(t.is_alive() for t in threads)
      def get(): return broken
      `,
      { hookTimeoutMs: 200 },
    );
    host.dispatch("OnTimer", 1);
    assert.deepEqual(types, ["HookTimeoutError"]);
    await until(() => script.call("working") === false);
    assert.deepEqual(script.call("get"), []);
  },

  "is told also when the script swallows it": ({ assert, open, load }) => {
    const host = open();
    const told: [string, string | undefined][] = [];
    host.on("error", (error, { hook }) => told.push([error.name, hook]));
    load(
      `
      import time
      def OnTimer():
          try: time.sleep(100)
          except BaseException: return 0
      `,
      { hookTimeoutMs: 100 },
    );
    assert.equal(host.dispatch("OnTimer", 1).allowed, false);
    assert.deepEqual(told, [["HookTimeoutError", "OnTimer"]]);
  },
});

survives("an end", {
  "is not held by finalizers that compute while the interpreter ends": ({ assert, load }) => {
    for (const keep of ["sys.keep = D()", "builtins.keep = D()", "sys.modules['x'] = D()"]) {
      const script = load(`
        import builtins, sys
        class D:
            def __del__(self):
                while True: pass
        ${keep}
      `);
      assert.equal(script.unload().ended, true, keep);
    }
  },

  "takes faulthandler's timer and multiprocessing's helper with it": async ({
    assert,
    fs,
    load,
    sleep,
    until,
  }) => {
    load(`
      import faulthandler, os
      faulthandler.dump_traceback_later(0.2, repeat=True, file=open(os.devnull, "w"))
    `).unload();
    await sleep(500);
    const children = () =>
      fs.readFileSync(`/proc/self/task/${String(process.pid)}/children`, "utf8").trim();
    const before = children();
    const script = load("import multiprocessing as m; q = m.get_context('spawn').Queue()");
    assert.notEqual(children(), before);
    script.unload();
    await until(() => children() === before);
  },

  "that a thread of the script asks the hub for waits for that call": async ({
    assert,
    open,
    load,
    prints,
    until,
    warnings,
  }) => {
    const host = open();
    host.register("again", () => {
      const report = script.reload();
      assert.equal(report.ended, false);
      return "asked";
    });
    const script = load(`
      import threading, vh
      def work(): print(vh.CallDynamicFunction("again"), flush=True)
      def OnTimer(): threading.Thread(target=work).start()
      def UnLoad(): print("UnLoad")
    `);
    const first = script.id;
    host.dispatch("OnTimer", 1);
    await until(() => script.loaded && script.id !== first);
    assert.deepEqual(prints.toSorted(), ["UnLoad", "asked"]);
    assert.deepEqual(warnings, []);
    assert.equal(host.zombies.length, 0);
  },

  "begun without a hub that has time for it is not given up untried": async ({ assert, load }) => {
    const script = load(`
      import threading, time
      threading.Thread(target=time.sleep, args=(600,)).start()
    `);
    const ending = script.unloadAsync();
    const start = Date.now();
    while (Date.now() - start < 1200);
    assert.equal((await ending).ended, true);
  },
});

survives("alarms", {
  "do not end the process": async ({ load, sleep }) => {
    load("import signal; signal.setitimer(signal.ITIMER_REAL, 0.1); signal.alarm(1)");
    await sleep(1300);
  },
});
