/** worker.terminate() at any moment: it ends that worker and its scripts, and nothing else. */
import { survives, type WorkerKit } from "../helpers/child.js";

survives("worker.terminate()", {
  "the main thread uses Python first": ({ host }) => host.scripts,
  "while it is idle": async ({ assert, worker, until, interpreters }) => {
    const { worker: running, messages } = worker(({ load, post }) => {
      load("def OnTimer(): pass\ndef UnLoad(): print('x')");
      load("x = 1", { interpreter: "main" });
      setInterval(() => undefined, 1000);
      post("ready");
    });
    await until(() => messages.includes("ready"));
    await running.terminate();
    assert.equal(interpreters(), 2);
  },

  "in the middle of a hook, of Python's": async ({ assert, worker, until, interpreters }) => {
    const { worker: running, messages } = worker(({ load, host }) => {
      load(`
import time
def OnTimer():
  print("in the hook")
  end = time.time() + 1
  while time.time() < end: pass
`);
      host.dispatch("OnTimer", 1);
    });
    await until(() => messages.includes("in the hook"));
    await running.terminate();
    assert.equal(interpreters(), 2);
  },

  "in the middle of a hook, in the hub's function": async ({
    assert,
    worker,
    until,
    interpreters,
  }) => {
    const { worker: running, messages } = worker(({ load, host, post }) => {
      const script = load(`
import vh
def OnTimer():
  for i in range(3):
    try: vh.CallDynamicFunction("spin")
    except BaseException as e: print(type(e).__name__)
def UnLoad():
  vh.CallDynamicFunction("spin")
`);
      script.register("spin", () => {
        post("spinning");
        for (;;);
      });
      host.dispatch("OnTimer", 1);
    });
    await until(() => messages.includes("spinning"));
    await running.terminate();
    assert.equal(interpreters(), 2);
  },

  "in a hub function that is called at load, in UnLoad, in a call, a query, a reload, at close":
    async ({ assert, worker, until, interpreters }) => {
      for (const where of ["load", "unload", "call", "query", "reload", "close", "exit"]) {
        const { worker: running, messages } = worker(({ load, host, post, data }) => {
          let spinning = false;
          host.register("spin", () => {
            if (!spinning) return;
            post("ready");
            for (;;);
          });
          spinning = data === "load";
          const script = load(`
import vh
def f(*args):
  vh.CallDynamicFunction("spin")
  return "x"
f()
OnScriptQuery = UnLoad = f
`);
          spinning = true;
          if (data === "unload") script.unload();
          if (data === "call") script.call("f");
          if (data === "query") host.query("x");
          if (data === "reload") script.reload();
          if (data === "close") host.close();
          process.exit();
        }, where);
        await until(() => messages.includes("ready"));
        await running.terminate();
        assert.equal(interpreters(), 2);
      }
    },

  "in nested dispatches, in a print listener, in an error listener": async ({
    assert,
    worker,
    until,
    interpreters,
  }) => {
    const bodies: ((kit: WorkerKit) => unknown)[] = [
      ({ load, host, post }) => {
        const script = load(`
import vh
depth = 0
def OnTimer():
  global depth
  depth += 1
  vh.CallDynamicFunction("again", depth)
`);
        script.register("again", (depth: number) => {
          if (depth < 20) host.dispatch("OnTimer", 1);
          post("ready");
          for (;;);
        });
        host.dispatch("OnTimer", 1);
      },
      ({ load, host, post }) => {
        load("def OnTimer():\n  print('x')");
        host.on("print", () => {
          post("ready");
          for (;;);
        });
        host.dispatch("OnTimer", 1);
      },
      ({ load, host, post }) => {
        load("def OnTimer():\n  1/0");
        host.on("error", () => {
          post("ready");
          for (;;);
        });
        host.dispatch("OnTimer", 1);
      },
      ({ load, host, post }) => {
        host.on("load", () => {
          post("ready");
          for (;;);
        });
        load("x = 1");
      },
    ];
    for (const body of bodies) {
      const { worker: running, messages } = worker(body);
      await until(() => messages.includes("ready"));
      await running.terminate();
      assert.equal(interpreters(), 2);
    }
  },

  "while it loads and unloads, at any moment": async ({ assert, worker, sleep, interpreters }) => {
    for (let i = 0; i < 20; i++) {
      const { worker: running } = worker(({ load, host }) => {
        for (;;) {
          const script = load("import vh\ndef OnTimer(): print(vh.Topic())");
          for (let n = 0; n < 5; n++) host.dispatch("OnTimer", n);
          script.unload();
        }
      });
      await sleep(30 + i * 7);
      await running.terminate();
    }
    assert.equal(interpreters(), 2);
  },
});
