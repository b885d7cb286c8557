/** Scripts in worker threads: each worker has its own hosts, and one Python serves them all. */
import { survives, type WorkerKit } from "../helpers/child.js";

survives(
  "a worker that is the first to use Python, before the main thread does",
  async ({ assert, worker, load }) => {
    for (let i = 0; i < 3; i++) {
      const { ended } = worker(({ load }) => {
        load("x = 1");
        load("x = 1", { interpreter: "main" });
      });
      assert.equal(await ended, 0);
    }
    assert.equal(load("def f(): return 1", { interpreter: "main" }).call("f"), 1);
  },
);

survives("a worker", {
  "the main thread uses Python first": ({ host }) => host.scripts,
  "loads, dispatches, calls, unloads and ends": async ({ assert, worker, interpreters }) => {
    const { messages, ended } = worker(({ load, host, post }) => {
      const script = load(`
import vh, json, re, datetime
def OnTimer(ms): print(vh.Topic())
def f(x): return [x, vh.Topic()]
def UnLoad(): print("UnLoad")
`);
      host.dispatch("OnTimer", 1);
      post(script.call("f", { a: [1, "я"] }));
      script.reload();
      script.unload();
      host.close();
    });
    assert.equal(await ended, 0);
    assert.deepEqual(messages, ["worker", [{ a: [1, "я"] }, "worker"], "UnLoad", "UnLoad"]);
    assert.equal(interpreters(), 2);
  },

  "that ends without closing runs UnLoad, and leaves no interpreter": async ({
    assert,
    worker,
    interpreters,
    fs,
  }) => {
    const { ended } = worker(({ load }) => {
      for (const interpreter of ["own", "main"] as const)
        load(`def UnLoad():\n  open("unloaded_${interpreter}", "w").close()`, { interpreter });
    });
    assert.equal(await ended, 0);
    assert.ok(fs.existsSync("unloaded_own") && fs.existsSync("unloaded_main"));
    assert.equal(interpreters(), 2);
  },

  "that exits by process.exit, inside a hook too": async ({ assert, worker, interpreters }) => {
    const outside = worker(({ load }) => {
      load("x = 1");
      process.exit(3);
    });
    assert.equal(await outside.ended, 3);
    const inside = worker(({ load, host }) => {
      const script = load(`
import vh
def OnTimer():
  try: vh.CallDynamicFunction("exit")
  finally: print("never seen")
`);
      script.register("exit", () => process.exit(4));
      host.dispatch("OnTimer", 1);
    });
    assert.equal(await inside.ended, 4);
    assert.equal(interpreters(), 2);
  },

  "that throws": async ({ assert, worker, interpreters }) => {
    const { ended, messages } = worker(({ load }) => {
      load("x = 1");
      setTimeout(() => {
        throw new Error("from the worker");
      });
    });
    assert.equal(await ended, 1);
    assert.deepEqual(messages, ["from the worker"]);
    assert.equal(interpreters(), 2);
  },
});

survives("recursion without end in a worker, which has less stack", {
  "the main thread uses Python first": ({ host }) => host.scripts,
  "of Python, and of C": async ({ assert, worker }) => {
    for (const options of [{}, { resourceLimits: { stackSizeMb: 1 } }]) {
      const { messages, ended } = worker(
        ({ load, post }) => {
          const script = load(`
import functools
def plain(): plain()
def reduce(*_): functools.reduce(reduce, [1, 2, 3])
def best(x=1): return max([x], key=best)
class G:
  def __getattr__(self, name): return getattr(self, name + "x")
  def __repr__(self): return repr(self)
  def __add__(self, other): return self + other
  def __call__(self): return [*map(lambda _: self(), [1])]
def attribute(): G().a
def represent(): repr(G())
def add(): G() + 1
def call(): G()()
def nested():
  x = []
  for _ in range(100_000): x = [x]
  repr(x)
def equal():
  a, b = [], []
  for _ in range(100_000): a, b = [a], [b]
  a == b
def compiled(): compile("-" * 100_000 + "1", "", "eval")
def bracketed(): compile("(" * 10_000 + ")" * 10_000, "", "eval")
def pickled():
  import pickle
  x = []
  for _ in range(100_000): x = [x]
  pickle.dumps(x)
def encoded():
  import json
  x = []
  for _ in range(100_000): x = [x]
  json.dumps(x)
def decoded():
  import json
  json.loads("[" * 100_000)
`);
          const names =
            "plain reduce best attribute represent add call nested equal compiled bracketed pickled encoded decoded";
          for (const name of names.split(" ")) {
            try {
              script.call(name);
              post(`${name}: nothing`);
            } catch (error) {
              post(`${name}: ${(error as { pythonType: string }).pythonType}`);
            }
          }
        },
        null,
        options,
      );
      assert.equal(await ended, 0);
      assert.equal(messages.length, 14);
      for (const message of messages)
        assert.match(String(message), /: (RecursionError|SyntaxError|MemoryError)$/);
    }
  },

  "of C, deep in JavaScript": async ({ assert, worker }) => {
    const { messages, ended } = worker(({ load, host, post }) => {
      load(`
class G:
  def __getattr__(self, name): return getattr(self, name + "x")
def OnTimer():
  try: G().a
  except RecursionError: pass
`);
      let calls = 0;
      const deep = (): void => {
        try {
          deep();
        } catch (error) {
          // All the way up from where JavaScript's stack ends.
          if (calls++ < 500) host.dispatch("OnTimer", 1);
          throw error;
        }
      };
      try {
        deep();
      } catch (error) {
        post(error instanceof RangeError);
      }
    });
    // The listener of an error event may have found no stack to run on: that is an uncaught exception, and no crash.
    assert.ok((await ended) <= 1);
    assert.ok(messages.includes(true));
  },

  "of hooks in each other, on top of deep JavaScript": async ({ assert, worker }) => {
    const { messages, ended } = worker(({ load, host, post }) => {
      const script = load(`
import vh
def down(n): return down(n - 1) if n else vh.CallDynamicFunction("again")
def OnTimer(): down(100)
`);
      let calls = 0;
      const deep = (n: number): boolean =>
        n > 0 ? deep(n - 1) : host.dispatch("OnTimer", 1).allowed;
      script.register("again", () => {
        calls++;
        return deep(500);
      });
      host.dispatch("OnTimer", 1);
      post(calls > 5);
    });
    assert.equal(await ended, 0);
    assert.ok(messages.includes(true), String(messages));
  },
});

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

survives("workers together", {
  "the main thread uses Python first": ({ host }) => host.scripts,
  "and the main thread, each busy with its own": async ({
    assert,
    worker,
    load,
    chat,
    sleep,
    interpreters,
  }) => {
    const mine = load("import json\ndef OnParsedMsgChat(n, m): return (n, json.loads(m)['m'])");
    const all = Array.from({ length: 4 }, () =>
      worker(({ load, host, post }) => {
        for (let round = 0; round < 5; round++) {
          const script = load(`
import json, vh
count = 0
def OnParsedMsgChat(nick, msg):
  global count
  count += 1
  return (nick, vh.Topic() + json.dumps(msg))
def get(): return count
`);
          for (let i = 0; i < 200; i++) {
            const { args } = host.dispatch("OnParsedMsgChat", "n", String(i));
            if (args[1] !== `worker"${String(i)}"`) post(args);
          }
          if (script.call("get") !== 200) post("lost some");
          script.unload();
        }
        post("fine");
      }),
    );
    let running = all.length;
    for (const { ended } of all) void ended.then(() => running--);
    while (running > 0) {
      for (let i = 0; i < 20; i++) assert.equal(chat('{"m": "x"}').args[1], "x");
      mine.reload();
      await sleep(1);
    }
    for (const { messages } of all) assert.deepEqual(messages, ["fine"]);
    mine.unload();
    assert.equal(interpreters(), 2);
  },

  "all with scripts in the one main interpreter": async ({ assert, worker, load, chat }) => {
    load("import vh\ndef OnParsedMsgChat(n, m): return (n, str(vh.myid))", {
      interpreter: "main",
    });
    const all = ["own", "shared"].map((globals) =>
      worker(({ load, host, post, data }) => {
        const script = load(
          "import vh\ndef OnParsedMsgChat(n, m): return (n, str(vh.myid))\ndef get(): return vh.Topic()",
          { interpreter: "main", globals: data as "own" },
        );
        for (let i = 0; i < 500; i++) {
          const { args } = host.dispatch("OnParsedMsgChat", "n", "m");
          if (args[1] !== String(script.id)) post(args);
        }
        post(script.call("get"));
      }, globals),
    );
    let running = all.length;
    for (const { ended } of all) void ended.then(() => running--);
    const mine = chat().args[1];
    while (running > 0) {
      assert.equal(chat().args[1], mine);
      await new Promise(setImmediate);
    }
    for (const { messages } of all) assert.deepEqual(messages, ["worker"]);
  },

  "twenty, one after the other": async ({ assert, worker, interpreters }) => {
    for (let i = 0; i < 20; i++) {
      const { ended } = worker(({ load, host }) => {
        load("def OnTimer(): pass");
        host.dispatch("OnTimer", 1);
      });
      assert.equal(await ended, 0);
    }
    assert.equal(interpreters(), 2);
  },
});
