/** Scripts in worker threads: each worker has its own hosts, and one Python serves them all. */
import { survives } from "../helpers/child.js";

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
