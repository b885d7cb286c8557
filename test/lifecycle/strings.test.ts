/** Strings of every size and shape, in every place that takes one. */
import { survives } from "../helpers/child.js";

survives("strings in arguments of hooks, functions and vh calls", {
  "NUL, lone surrogates, emoji, every width: unchanged": ({ assert, open, load, chat }) => {
    const seen: unknown[] = [];
    open({
      mc: (message: string) => seen.push(message) > 0,
      pm: (...args: unknown[]) => seen.push(args) > 0,
    });
    const script = load(`
      import vh
      def OnParsedMsgChat(nick, msg):
          vh.mc(msg)
          return (nick, msg)
      def echo(x): return x
      def units(x): return [ord(c) for c in x]
    `);
    script.register("echo", (x: unknown) => x);
    const texts = [
      "",
      "\0",
      "a\0b",
      "\0\0",
      "é",
      "я",
      "🐍",
      "a🐍",
      "\ud800",
      "\udc00\ud800",
      "\ufffe",
      "\u2028",
      "\x05|$`~&#36;",
    ];
    for (const text of texts) {
      assert.deepEqual(chat(text), { allowed: true, args: ["alice", text] });
      assert.equal(seen.pop(), text);
      assert.equal(script.call("echo", text), text);
      assert.deepEqual(script.call("echo", [text, { [text]: text }]), [text, { [text]: text }]);
      assert.deepEqual(
        script.call("units", text),
        Array.from(text, (c) => c.codePointAt(0)),
      );
    }
  },
});

survives("strings of 64 MB", {
  "of each width": ({ assert, open, load, chat }) => {
    let seen: unknown;
    open({
      mc: (message: string) => {
        seen = message;
        return true;
      },
      Topic: () => seen,
    });
    const script = load(`
      import vh
      def OnParsedMsgChat(nick, msg):
          vh.mc(msg)
          assert vh.Topic() == msg
          return (msg, nick)
      def echo(x): return x
    `);
    for (const unit of ["é", "я", "🐍"]) {
      const text = unit.repeat((64 << 20) / Buffer.byteLength(unit, "utf16le"));
      const { args } = chat(text);
      assert.ok(args[0] === text && args[1] === "alice");
      assert.ok(seen === text);
      assert.ok(script.call("echo", text) === text);
    }
  },

  "in a container, and as bytes": ({ assert, load }) => {
    const script = load(`
      import vh
      def echo(x): return x
      def call(x): return vh.CallDynamicFunction("echo", [x])
    `);
    script.register("echo", (x: unknown) => x);
    const text = "я".repeat(32 << 20);
    assert.ok((script.call("call", text) as string[])[0] === text);
    const bytes = new Uint8Array(64 << 20).fill(255);
    assert.equal(Buffer.compare(script.call("echo", bytes) as Uint8Array, bytes), 0);
  },
});

survives("strings longer than JavaScript's can be", {
  "are an error": ({ assert, load, host, chat, errors, warnings }) => {
    const script = load(`
      import vh
      def long(): return "a" * (1 << 29)
      def long_list(): return ["a" * (1 << 29)]
      def OnParsedMsgChat(nick, msg): return (nick, long())
      def OnScriptQuery(cmd): return long()
      def call():
          try: return vh.CallDynamicFunction("f", long())
          except (vh.HubError, OverflowError) as e: return str(e)[:1000]
    `);
    script.register("f", () => 1);
    assert.match(String(script.call("call")), /longer/);
    assert.throws(() => script.call("long"), { code: "ERR_VH_MARSHAL" });
    assert.throws(() => script.call("long_list"), { code: "ERR_VH_MARSHAL" });
    // dispatch never throws for what a script did: an answer that cannot be said is none, and reported.
    assert.deepEqual(chat(), { allowed: true, args: ["alice", "hello"] });
    assert.deepEqual(host.query("x"), []);
    assert.equal(errors.length + warnings.length, 2);
  },
});
