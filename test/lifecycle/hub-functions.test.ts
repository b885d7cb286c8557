/** Hub functions that misbehave: the script gets an exception, the hub nothing. */
import { survives } from "../helpers/child.js";

/** A script that calls functions and tells what came out: a value, or an exception's class and text. */
const CALLER = `
import vh
def ask(name, *args):
    try: return getattr(vh, name)(*args)
    except BaseException as e: return f"{type(e).__name__}: {e}"
`;

survives(
  "hub functions that throw",
  ({ assert, open, load }, caller) => {
    class Nasty extends Error {
      override get message(): string {
        throw new Error("from the getter");
      }
    }
    const thrown: [what: unknown, says: RegExp][] = [
      [new Error("my words"), /^HubError: my words$/],
      [new TypeError("слова\0\ud800"), /^HubError: слова/],
      ["a string", /^HubError: a string$/],
      [null, /^HubError: ./],
      [undefined, /^HubError: ./],
      [5n, /^HubError: 5$/],
      [Symbol("s"), /^HubError: ./],
      [{}, /^HubError: ./],
      [Object.create(null), /^HubError: ./],
      [
        {
          toString() {
            throw new Error("from toString");
          },
        },
        /^HubError: ./,
      ],
      [{ toString: () => ({}) }, /^HubError: ./],
      [new Nasty(), /^HubError: ./],
      [Object.assign(new Error(), { message: 5 }), /^HubError: ./],
      [new Error(""), /^HubError: ./],
      [new Proxy({}, { get: () => { throw new Error("trap"); } }), /^HubError: ./], // prettier-ignore
      [new Error("x".repeat(1 << 20)), /^HubError: x{1048576}$/],
      [new AggregateError([new Error("a")], "several"), /^HubError: several$/],
      [() => 1, /^HubError: ./],
    ];
    for (const [what, says] of thrown) {
      const fail = () => {
        throw what;
      };
      const host = open({ Topic: fail, GetUserClass: fail, pm: fail });
      host.register("fail", fail);
      const script = load(caller);
      assert.match(String(script.call("ask", "Topic")), says);
      assert.match(String(script.call("ask", "GetUserClass", "a")), says);
      assert.match(String(script.call("ask", "CallDynamicFunction", "fail")), says);
      assert.match(String(script.call("ask", "pm", "a", "b")), says);
      host.close();
    }
  },
  CALLER,
);

survives(
  "hub functions that return what they may not",
  ({ assert, open, load, sleep }, caller) => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const promised = Promise.resolve(5);
    const rejected = Promise.reject(new Error("later"));
    rejected.catch(() => undefined);
    const trap = new Proxy([], { get: () => { throw new Error("trap"); } }); // prettier-ignore
    const odd: unknown[] = [
      promised,
      rejected,
      { then: () => undefined },
      Symbol("s"),
      () => 1,
      cycle,
      trap,
      new Map(),
      new Date(),
      NaN,
      -0,
      Infinity,
      2 ** 53,
      10n ** 30n,
      "text",
      "\ud800\0",
      new Uint8Array([0, 255]),
      null,
      undefined,
      true,
      [],
      {},
      [1, [2, [null]]],
      ["a", 5, null],
      [undefined, "b"],
      new Array(3),
      [true, [["a", null]]],
      [true, [[1]]],
      ["1", "2", "3", "4", "5", "6"],
      ["1", "2", "3", "4", "5", 6],
      { __proto__: null, a: 1 },
      new String("x"),
      Object(5n),
    ];
    const names = [
      "Topic",
      "GetUsersCount",
      "GetNickList",
      "GetRawOpList",
      "GetMyINFO",
      "GetGeoIP",
      "SQL",
      "SendToAll",
      "GetUserClass",
      "IsRobotNickBad",
      "CallDynamicFunction",
    ];
    let current: unknown;
    const answer = () => current;
    const host = open({
      ...Object.fromEntries(names.map((name) => [name, answer])),
      GetOpList: answer,
    });
    host.register("x", answer);
    const script = load(`${caller}
def ask_all(names):
    return [ask(n, "x") if n not in ("Topic", "GetUsersCount", "GetNickList", "GetRawOpList") else ask(n) for n in names]
`);
    for (const value of odd) {
      current = value;
      for (const name of names) {
        const args = /^(Topic|GetUsersCount|GetNickList|GetRawOpList)$/.test(name) ? [] : ["x"];
        let said: unknown;
        try {
          said = script.call("ask", name, ...args);
        } catch (error) {
          assert.equal((error as { code?: unknown }).code, "ERR_VH_MARSHAL", String(error));
          continue;
        }
        const failed = typeof said === "string" && /^\w+(Error|Exception|Exit): /.test(said);
        if (value instanceof Promise) assert.match(String(said), /^HubError: .*Promise/);
        else if (failed) assert.match(String(said), /^HubError: /);
      }
    }
    return sleep(10);
  },
  CALLER,
);

survives("promises", {
  "an async hub function, rejected too: an error in the script, not an unhandled rejection's exit":
    async ({ assert, open, load, sleep }) => {
      open({
        // eslint-disable-next-line @typescript-eslint/require-await
        Topic: async () => "x",
      });
      const script = load(`
      import vh
      def f():
          try: vh.Topic()
          except vh.HubError as e: return str(e)
    `);
      assert.match(String(script.call("f")), /Promise/);
      await sleep(10);
    },

  "an async function for scripts": async ({ assert, host, load, sleep }) => {
    host.register("later", () => Promise.resolve(1));
    const script = load(`
      import vh
      def f():
          try: return vh.CallDynamicFunction("later")
          except vh.HubError as e: return str(e)
    `);
    assert.match(String(script.call("f")), /later.*Promise/);
    await sleep(10);
  },
});

survives("registered functions", {
  "odd names, unregistered while they run, replaced while they run": ({ assert, host, load }) => {
    const script = load(`
      import vh
      def f(name, *args): return vh.CallDynamicFunction(name, *args)
    `);
    for (const name of ["", " ", "\0", "имя", "x".repeat(1 << 20), "__proto__"]) {
      script.register(name, (value: unknown) => value);
      assert.equal(script.call("f", name, "back"), "back");
      assert.equal(script.unregister(name), true);
      assert.equal(script.unregister(name), false);
      assert.throws(() => script.call("f", name), /NameError/);
    }
    script.register("once", (): unknown => {
      script.unregister("once");
      globalThis.gc?.();
      return "done";
    });
    assert.equal(script.call("f", "once"), "done");
    host.register("twice", () => {
      host.register("twice", () => 2);
      return 1;
    });
    assert.deepEqual([script.call("f", "twice"), script.call("f", "twice")], [1, 2]);
    assert.equal(host.unregister("twice"), true);
  },

  "what is no function is refused": ({ assert, host, load }) => {
    const script = load("x = 1");
    for (const what of [null, undefined, 5, {}, "f"]) {
      assert.throws(() => {
        host.register("x", what as never);
      }, TypeError);
      assert.throws(() => {
        script.register("x", what as never);
      }, TypeError);
    }
  },

  "hub functions that are no functions count as missing": ({ assert, open, load }) => {
    open({ Topic: 5, GetUsersCount: null, mc: {} });
    const script = load(`
      import vh
      def f():
          said = []
          for call in (vh.Topic, vh.GetUsersCount, lambda: vh.mc("x"), lambda: vh.SendToAll("x")):
              try: said.append(call())
              except NotImplementedError as e: said.append("NotImplementedError")
          return said
    `);
    assert.deepEqual(new Set(script.call("f") as string[]), new Set(["NotImplementedError"]));
  },
});
