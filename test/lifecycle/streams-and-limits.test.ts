/** What scripts do to the streams, limits, collector and signals of Python. */
import { survives } from "../helpers/child.js";

survives("streams", {
  "replaced, closed, None, deleted, redirected": ({ assert, load, chat, prints, errors }) => {
    load(`
      import contextlib, io, sys
      steps = iter([
          lambda: setattr(sys, "stdout", io.StringIO()),
          lambda: print("nowhere"),
          lambda: setattr(sys, "stdout", sys.__stdout__),
          lambda: print("back"),
          lambda: setattr(sys, "stdout", None),
          lambda: print("nowhere"),
          lambda: delattr(sys, "stdout"),
          lambda: setattr(sys, "stderr", None),
          lambda: setattr(sys, "stdout", sys.__stdout__),
          lambda: setattr(sys, "stderr", sys.__stderr__),
          lambda: sys.stdout.reconfigure(encoding="ascii", errors="replace", line_buffering=False),
          lambda: print("é", flush=True),
          lambda: sys.stdout.write("no newline, "),
          lambda: print("one line"),
          lambda: print("a\\rb\\tc\\0d\\x1b[0m"),
          lambda: sys.stdout.buffer.write(b"bytes \\xff\\n"),
          lambda: print(sys.stdout.fileno(), sys.stdout.isatty(), sys.stdout.name if hasattr(sys.stdout, "name") else ""),
          lambda: sys.stdout.close(),
          lambda: print("closed"),
          lambda: sys.stderr.buffer.close(),
          lambda: 1/0,
      ])
      def OnParsedMsgChat(nick, msg): next(steps)()
    `);
    for (let i = 0; i < 22; i++) assert.equal(chat().allowed, true);
    assert.ok(prints.includes("back"));
    assert.ok(prints.includes("no newline, one line"));
    assert.ok(prints.includes("a\rb\tc\0d\x1b[0m"));
    assert.ok(errors.some((error) => error.startsWith("ZeroDivisionError")));
  },

  "of many lines, of one long line, and of none": ({ assert, load, prints }) => {
    load(`
      print("\\n" * 1000, end="")
      print("x" * (10 << 20))
      print("", end="")
      print()
      print("the rest", end="")
    `).unload();
    assert.equal(prints.length, 1000 + 1 + 1 + 1);
    assert.equal(prints[1000]?.length, 10 << 20);
    assert.equal(prints.at(-1), "the rest");
  },

  "with lone surrogates and what is no text": ({ load, prints, assert }) => {
    load(`
      import sys
      print("\\ud800", "\\udcff")
      for odd in (5, None, b"x"):
          try: sys.stdout.write(odd)
          except TypeError: pass
      class Odd:
          def __str__(self): raise SystemExit
      try: print(Odd())
      except SystemExit: print("caught")
    `);
    assert.equal(prints.at(-1), "caught");
  },

  "input is at its end, or whatever the process has": ({ assert, load }) => {
    const script = load(`
      import sys
      def f():
          try: return input("? ")
          except (EOFError, RuntimeError, OSError) as e: return type(e).__name__
    `);
    assert.match(String(script.call("f")), /Error/);
  },

  "warnings, sys.excepthook and unraisable ones": ({ load, prints, assert }) => {
    load(`
      import sys, warnings
      warnings.warn("look out")
      warnings.simplefilter("error")
      try: warnings.warn("again")
      except UserWarning: print("raised")
      sys.excepthook = lambda *a: print("excepthook")
      sys.unraisablehook = lambda u: print("unraisable", u.exc_type.__name__)
      class D:
          def __del__(self): 1/0
      D()
    `).unload();
    assert.ok(
      prints.some((line) => line.includes("look out")),
      prints.join("\n"),
    );
    assert.ok(prints.includes("raised") && prints.includes("unraisable ZeroDivisionError"));
  },
});

survives("limits and the collector", {
  "gc.freeze, gc.disable, gc.collect in hooks, callbacks, thresholds": ({ load, chat, assert }) => {
    const script = load(`
      import gc, weakref
      gc.set_threshold(1)
      gc.callbacks.append(lambda *a: len([{}]))
      gc.freeze()
      class Node: pass
      def OnParsedMsgChat(nick, msg):
          a = Node(); a.a = a
          weakref.finalize(a, print, "finalized")
          del a
          gc.collect()
          gc.freeze()
          gc.get_objects()
          return 0
    `);
    for (let i = 0; i < 10; i++) assert.equal(chat().allowed, false);
    script.unload();
  },

  "sys.setrecursionlimit, low": ({ load, chat, errors, assert }) => {
    const script = load(`
      import sys
      def OnParsedMsgChat(nick, msg):
          sys.setrecursionlimit(20)
          return down(100)
      def down(n): return down(n - 1) if n else 0
      def UnLoad(): down(100)
    `);
    for (let i = 0; i < 3; i++) chat();
    assert.equal(errors.length, 3);
    script.unload();
  },

  "sys.setrecursionlimit(10**9), and recursion of Python's frames": ({
    load,
    errors,
    assert,
    chat,
  }) => {
    load(`
      import sys
      def OnParsedMsgChat(nick, msg):
          sys.setrecursionlimit(10**9)
          try: down(100_000)
          finally: sys.setrecursionlimit(1000)
          return 0
      def down(n): return down(n - 1) if n else 0
    `);
    assert.equal(chat().allowed, false);
    assert.deepEqual(errors, []);
  },

  "sys.setswitchinterval, settrace, setprofile, audit hooks, monitoring": ({
    load,
    chat,
    assert,
  }) => {
    const script = load(`
      import sys
      sys.setswitchinterval(1e-6)
      sys.addaudithook(lambda *a: None)
      sys.settrace(lambda *a: None)
      sys.setprofile(lambda *a: None)
      sys.monitoring.use_tool_id(0, "x")
      sys.monitoring.set_events(0, sys.monitoring.events.PY_START)
      sys.monitoring.register_callback(0, sys.monitoring.events.PY_START, lambda *a: None)
      def OnParsedMsgChat(nick, msg): return 0
    `);
    for (let i = 0; i < 10; i++) assert.equal(chat().allowed, false);
    script.unload();
  },

  "sys.set_int_max_str_digits, tracemalloc, sys.set_asyncgen_hooks, faulthandler, locale": ({
    load,
    chat,
    assert,
  }) => {
    const before = (0.5).toLocaleString("en");
    const script = load(`
      import faulthandler, locale, sys, tracemalloc
      sys.set_int_max_str_digits(0)
      tracemalloc.start()
      sys.set_asyncgen_hooks(lambda *a: None, lambda *a: None)
      try: faulthandler.enable()
      except Exception as e: print(e)
      try: faulthandler.dump_traceback()
      except Exception as e: print(e)
      for name in ("", "C", "C.UTF-8", "nonsense"):
          try: locale.setlocale(locale.LC_ALL, name)
          except locale.Error: pass
      def OnParsedMsgChat(nick, msg): return (nick, str(0.5) + locale.str(0.5))
      def UnLoad(): tracemalloc.stop()
    `);
    assert.ok(chat().args[1].startsWith("0.5"));
    script.unload();
    assert.equal((0.5).toLocaleString("en"), before);
  },

  "contextvars, an asyncio loop in a hook, generators and coroutines left open": ({
    load,
    chat,
    assert,
  }) => {
    const script = load(`
      import asyncio, contextvars
      v = contextvars.ContextVar("v", default=0)
      async def work():
          v.set(v.get() + 1)
          await asyncio.sleep(0)
          return v.get()
      async def gen():
          try:
              while True: yield 1
          finally: print("closed")
      kept = []
      def OnParsedMsgChat(nick, msg):
          g = gen()
          try: g.asend(None).send(None)
          except StopIteration: pass
          kept.append(g)
          kept.append(work())
          assert asyncio.run(work()) == 1
          return 0
      async def OnUserLogin(nick): return 0
    `);
    assert.equal(chat().allowed, false);
    chat();
    script.unload();
  },
});

survives("signals", {
  "signal.signal in a script raises, or leaves Node's alone": async ({ assert, load, until }) => {
    const script = load(`
      import signal
      def f():
          said = []
          for make in (lambda: signal.signal(signal.SIGUSR2, lambda *a: None), lambda: signal.set_wakeup_fd(-1),
                       lambda: signal.alarm(0), lambda: signal.getsignal(signal.SIGINT)):
              try: said.append(str(make()))
              except ValueError as e: said.append("ValueError")
          return said
    `);
    const said = script.call("f") as string[];
    assert.equal(said[0], "ValueError");
    let heard = 0;
    process.on("SIGUSR2", () => heard++);
    process.kill(process.pid, "SIGUSR2");
    await until(() => heard > 0);
  },

  "a handler in the main interpreter does not hold Node's back": async ({
    assert,
    load,
    chat,
    errors,
    until,
  }) => {
    load(
      `
      import signal
      try: signal.signal(signal.SIGUSR1, lambda *a: print("python heard"))
      except ValueError: pass
      def OnParsedMsgChat(nick, msg): return 0
    `,
      { interpreter: "main" },
    );
    let heard = 0;
    process.on("SIGUSR2", () => heard++);
    process.kill(process.pid, "SIGUSR2");
    await until(() => heard > 0);
    assert.equal(chat().allowed, false);
    assert.deepEqual(errors, []);
  },
});
