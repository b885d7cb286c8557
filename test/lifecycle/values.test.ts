/** Values of every shape, in every place that takes one. */
import { survives } from "../helpers/child.js";

survives("deep and cyclic containers", {
  "a list nested 100,000 deep: from Python, from JavaScript, both ways": ({ assert, load }) => {
    const script = load(`
      import vh
      def nested(depth, of):
          x = 1
          for _ in range(depth): x = {"list": [x], "tuple": (x,), "dict": {"k": x}}[of]
          return x
      def give(depth, of): return nested(depth, of)
      def call(depth, of):
          try: return vh.CallDynamicFunction("depth", nested(depth, of))
          except TypeError as e: return str(e)
      def take(x): return True
    `);
    const depth = (value: unknown): number => {
      let count = 0;
      let at = value;
      while (typeof at === "object" && at !== null) {
        at = Object.values(at)[0];
        count++;
      }
      return count;
    };
    script.register("depth", depth);
    for (const of of ["list", "tuple", "dict"]) {
      assert.equal(depth(script.call("give", 10_000, of)), 10_000);
      assert.equal(script.call("call", 10_000, of), 10_000);
      assert.match(String(script.call("call", 10_001, of)), /10,?000/);
      assert.match(String(script.call("call", 100_000, of)), /10,?000/);
      assert.throws(() => script.call("give", 100_000, of), { code: "ERR_VH_MARSHAL" });
    }
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = i % 2 ? [deep] : { k: deep };
    assert.throws(() => script.call("take", deep), { code: "ERR_VH_MARSHAL" });
    script.register("deep", () => deep);
    const raising = load(`
      import vh
      def f():
          try: vh.CallDynamicFunction("deep")
          except vh.HubError as e: return str(e)
    `);
    raising.register("deep", () => deep);
    assert.match(String(raising.call("f")), /10,?000/);
  },

  "what contains itself": ({ assert, load }) => {
    const script = load(`
      import vh
      d = {}
      d["d"] = d
      l = [1]
      l.append({"l": (l,)})
      def give_dict(): return d
      def give_list(): return l
      def OnParsedMsgChat(nick, msg): return l
      def call():
          said = []
          for x in (d, l, {"a": [d]}):
              try: vh.CallDynamicFunction("f", x)
              except TypeError as e: said.append(str(e))
          return said
      def take(x): return True
    `);
    script.register("f", () => 1);
    const said = script.call("call") as string[];
    assert.equal(said.length, 3);
    for (const text of said) assert.match(text, /args\[0\]/);
    assert.throws(() => script.call("give_dict"), { code: "ERR_VH_MARSHAL" });
    assert.throws(() => script.call("give_list"), { code: "ERR_VH_MARSHAL" });
    const cycle: Record<string, unknown> = {};
    cycle["a"] = [cycle];
    assert.throws(() => script.call("take", cycle), { code: "ERR_VH_MARSHAL" });
    // The same thing twice is no cycle.
    const shared = { x: 1 };
    assert.equal(script.call("take", [shared, shared]), true);
  },

  "wide: a million items": ({ assert, load }) => {
    const script = load("def echo(x): return x");
    const wide = Array.from({ length: 1_000_000 }, (_, i) => i);
    assert.deepEqual(script.call("echo", wide), wide);
    const object = Object.fromEntries(wide.slice(0, 100_000).map((i) => [`k${String(i)}`, i]));
    assert.deepEqual(script.call("echo", object), object);
  },
});

survives("Python objects of ill will", {
  "in results of hooks: one warning each, or allow": ({ assert, load, host, chat, errors }) => {
    load(`
      import vh
      class Liar:
          def __eq__(self, o): raise SystemExit
          def __hash__(self): raise SystemExit
          def __repr__(self): raise SystemExit
          def __bool__(self): raise SystemExit
          def __index__(self): raise SystemExit
          def __len__(self): raise SystemExit
          def __iter__(self): raise SystemExit
          def __getattribute__(self, n): raise SystemExit
      class Int(int):
          def __eq__(self, o): raise SystemExit
          def __repr__(self): raise SystemExit
      class Str(str):
          def __str__(self): raise SystemExit
          def __eq__(self, o): raise SystemExit
          __hash__ = None
      class Tuple(tuple):
          def __len__(self): return 99
          def __iter__(self): raise SystemExit
          def __getitem__(self, i): raise SystemExit
      class Meta(type):
          def __instancecheck__(self, o): raise SystemExit
          def __getattribute__(self, n): raise SystemExit
      class Odd(metaclass=Meta): pass
      answers = [Liar(), Int(7), Str("x"), Tuple("ab"), Tuple((Str("a"), Str("b"))), Odd(), Odd, Meta, (),
                 (1, 2), ("a",), ("a", "b", "c"), (None, None), ["a", "b"], {}, 2, -1, 1 << 100, 0.0, 1.5,
                 float("nan"), b"x", "x" * (1 << 20), type, iter([]), (Liar(), Liar()), ..., NotImplemented,
                 BaseException(), lambda: 0, vh, vh.MyINFO]
      def OnParsedMsgChat(nick, msg):
          return answers[int(msg)]
      def OnScriptQuery(cmd):
          return answers[int(cmd)]
      def OnUserLogin(nick):
          return answers[int(nick)]
    `);
    for (let i = 0; i < 32; i++) {
      assert.equal(chat(String(i)).allowed, true);
      host.query(String(i));
      host.dispatch("OnUserLogin", String(i));
    }
    assert.deepEqual(errors, []);
  },

  "as arguments of vh functions: TypeError, or taken as what they are": ({
    assert,
    open,
    load,
  }) => {
    const names = ["mc", "pm", "Topic", "SetMyINFO", "SQL", "SetConfig", "KickUser", "AddRegUser"];
    const seen: unknown[][] = [];
    const take =
      (name: string) =>
      (...args: unknown[]) => {
        seen.push(args);
        return name === "Topic" ? "" : name === "SQL" ? [true, []] : true;
      };
    const host = open(Object.fromEntries(names.map((name) => [name, take(name)])));
    host.register("f", () => 1);
    const script = load(`
      import vh
      class Any:
          def __getattribute__(self, n): raise SystemExit
      class Str(str):
          def __str__(self): raise SystemExit
          def __len__(self): raise SystemExit
          def __eq__(self, o): raise SystemExit
          __hash__ = None
      class Int(int):
          def __index__(self): raise SystemExit
          def __str__(self): raise SystemExit
          def __format__(self, f): raise SystemExit
      class Float(float):
          def __repr__(self): raise SystemExit
      class List(list):
          def __iter__(self): raise SystemExit
          def __len__(self): return 1 << 40
      class Dict(dict):
          def __iter__(self): raise SystemExit
          def items(self): raise SystemExit
          def keys(self): raise SystemExit
      class Set(set):
          def __iter__(self): raise ValueError
      values = [Any(), Any, Str("s"), Int(5), Float(1.5), List([1]), Dict(a=1), Set([1]),  {1: 2}, {None: 1}, {1, (2, 3)}, b"b", bytearray(b"x"), memoryview(b"x"), 1j, 1 << 63, 1 << 64, -1 << 200,
                float("nan"), range(3), iter([]), open, vh, vh.mc, type(None), ..., "\\ud800", "\\0", [b"x", {"k": b"y"}]]
      def run():
          said = set()
          calls = [vh.mc, vh.pm, vh.Topic, vh.SetMyINFO, vh.SQL, vh.SetConfig, vh.KickUser, vh.AddRegUser,
                   lambda *a: vh.CallDynamicFunction("f", *a), vh.CallDynamicFunction, vh.ScriptCommand, vh.ScriptQuery,
                   vh.Encode, vh.Decode, vh.name_and_version]
          for call in calls:
              for v in values:
                  for args in ([v], [v, v], ["x", v], ["x", "y", v], [v, v, v, v], [v] * 50):
                      try: call(*args)
                      except Exception as e: said.add(type(e).__name__)
                  try: call(**{"message": v, "nick": v, "new_topic": v, "x": v})
                  except Exception as e: said.add(type(e).__name__)
          return sorted(said)
    `);
    const said = script.call("run") as string[];
    const known = ["HubError", "NameError", "OverflowError", "TypeError", "ValueError"];
    assert.deepEqual(
      said.filter((name) => !known.includes(name)),
      [],
    );
    assert.ok(seen.length > 0);
  },

  "changing while they are read": ({ assert, load }) => {
    const script = load(`
      import vh
      class Evil(str):
          pass
      def call():
          d = {"a": [1, 2, 3]}
          class Key(str):
              def __hash__(self):
                  d.clear()
                  return 1
              def __eq__(self, o):
                  d.clear()
                  return True
          said = []
          for x in ({Key("k"): 1}, [d, Key("x")], d):
              try: said.append(vh.CallDynamicFunction("f", x))
              except TypeError as e: said.append("TypeError")
          return len(said)
      def give():
          l = []
          class Int(int):
              def __del__(self): l.clear()
          l += [Int(1), 2, 3]
          return l
    `);
    script.register("f", () => 1);
    assert.equal(script.call("call"), 3);
    assert.deepEqual(script.call("give"), [1, 2, 3]);
  },
});

survives("JavaScript values of ill will", {
  "in arguments of dispatch: TypeError": ({ assert, host, load }) => {
    load(`
      def OnParsedMsgChat(nick, msg): pass
      def OnCloseConnEx(ip, reason, nick): pass
      def OnTimer(ms): pass
    `);
    const dispatch = host.dispatch.bind(host) as (...args: unknown[]) => unknown;
    const trap = new Proxy({}, { get: () => { throw new Error("trap"); } }); // prettier-ignore
    const odd = [undefined, null, 5, 5n, true, {}, [], Symbol("s"), () => 1, trap, new String("x")];
    for (const value of odd) {
      assert.throws(() => dispatch("OnParsedMsgChat", value, "x"), TypeError);
      assert.throws(() => dispatch("OnParsedMsgChat", "x", value), TypeError);
      assert.throws(
        () => dispatch("OnCloseConnEx", "x", value === 5 || value === 5n ? "5" : value, ""),
        TypeError,
      );
    }
    for (const number of [1.5, NaN, Infinity, 2n ** 64n, 1e300, "5"])
      assert.throws(() => dispatch("OnCloseConnEx", "x", number, ""), TypeError);
    assert.throws(() => dispatch("OnParsedMsgChat"), TypeError);
    assert.throws(() => dispatch("OnTimer", "5"), TypeError);
    dispatch("OnTimer", NaN);
    dispatch("OnTimer", 5);
    dispatch("OnTimer", 2 ** 60);
    dispatch("OnParsedMsgChat", "a", "b", "one too many");
  },

  "a hook that does not exist": ({ assert, host }) => {
    const dispatch = host.dispatch.bind(host) as (...args: unknown[]) => unknown;
    for (const hook of [
      "OnNothing",
      "",
      "constructor",
      "__proto__",
      "toString",
      5,
      -1,
      null,
      undefined,
      {},
    ])
      assert.throws(() => dispatch(hook, "x"), TypeError);
    for (const hook of ["OnNothing", "constructor", "__proto__"])
      assert.throws(() => host.has(hook as "OnTimer"), TypeError);
  },

  "in arguments of call": ({ assert, load }) => {
    const script = load("def f(*args): return len(args)");
    class Point {
      x = 1;
    }
    const throwing = { get x(): never { throw new Error("getter"); } }; // prettier-ignore
    const odd = [
      Symbol("s"),
      () => 1,
      new Map(),
      new Date(),
      new Point(),
      Promise.resolve(1),
      new WeakMap(),
      [NaN],
    ];
    for (const value of odd) {
      assert.throws(() => script.call("f", value), { code: "ERR_VH_MARSHAL" });
      assert.throws(() => script.call("f", { a: [value] }), { code: "ERR_VH_MARSHAL" });
    }
    assert.throws(() => script.call("f", throwing), /getter/);
    assert.throws(() => script.call("f", new Proxy([], { get: () => { throw new Error("trap"); } }))); // prettier-ignore
    assert.throws(() => script.call("f", { toJSON: () => "x" }));
    assert.equal(script.call("f", ...Array.from({ length: 10_000 }, () => 1)), 10_000);
    for (const name of ["", "\0", "\ud800", "x".repeat(1 << 20), "f.__name__", "1"])
      assert.throws(() => script.call(name), /NameError/);
    for (const name of [null, undefined, 5, {}, []])
      assert.throws(() => script.call(name as never));
    assert.throws(() => script.call("__name__"), /NameError/);
  },
});
