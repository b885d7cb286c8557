// What belongs to the process, and what to a script.
import { survives } from "../helpers/child.js";

survives("the process's own", {
  "the programs that a script starts have its standard streams": ({ assert, load, fs }) => {
    const script = load(`
      import subprocess, sys
      CODE = "import sys; open('said', 'w').write(repr([s is not None for s in (sys.stdin, sys.stdout, sys.stderr)]))"
      def f(): return subprocess.run([sys.executable, "-c", CODE]).returncode
    `);
    assert.equal(script.call("f"), 0);
    assert.equal(fs.readFileSync("said", "utf8"), "[True, True, True]");
  },

  "a script has nothing to read": ({ assert, load }) => {
    const source = `
      import sys
      def f():
          try: input()
          except EOFError: return sys.stdin.read()
    `;
    for (const interpreter of ["own", "main"] as const)
      assert.equal(load(source, { interpreter }).call("f"), "");
  },

  "signals are the hub's, in each home": ({ assert, load }) => {
    const source = `
      import signal
      def f():
          try: signal.signal(signal.SIGINT, lambda *args: None)
          except ValueError: return "refused"
    `;
    for (const interpreter of ["own", "main"] as const)
      assert.equal(load(source, { interpreter }).call("f"), "refused");
  },
});

survives("a script's own", {
  "a thread in the main interpreter is waited for when its script is unloaded": ({
    assert,
    load,
    warnings,
  }) => {
    const script = load(
      `
      import threading, time
      def work():
          for _ in range(20): time.sleep(0.01)
      threading.Thread(target=work).start()
      `,
      { interpreter: "main" },
    );
    const other = load("import gc", { interpreter: "main" });
    assert.equal(script.unload().ended, true);
    other.unload();
    assert.deepEqual(warnings, []);
  },

  "its module is found by its name, in each home": ({ assert, load }) => {
    const source = `
      from __future__ import annotations
      from dataclasses import dataclass
      @dataclass
      class Point: x: int = 1
      def f(): return Point().x
    `;
    for (const options of [
      {},
      { interpreter: "main" },
      { interpreter: "main", globals: "shared" },
    ] as const) {
      const script = load(source, options);
      assert.equal(script.call("f"), 1);
      script.unload();
    }
  },

  "it does not outlive a host that is closed while it loads": ({ assert, open, load, prints }) => {
    const host = open({
      Topic: () => {
        host.close();
        return "x";
      },
    });
    assert.throws(() => load("import vh\nvh.Topic()\nprint('on')\ndef OnTimer(): pass"), /closed/);
    assert.deepEqual(prints, ["on"]);
    assert.equal(host.has("OnTimer"), false);
  },
});
