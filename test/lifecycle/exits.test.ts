/** The ways a process ends: with the code that Node meant, after UnLoad has run, and in time. */
import { expect, test } from "vitest";
import { run, type Body, type Options } from "../helpers/child.js";

/** Two scripts, one of each home, that say what their hooks and UnLoad see. */
const SCRIPTS = `
import vh
def OnTimer(): print("timer", vh.CallDynamicFunction("f"))
def f(): return vh.CallDynamicFunction("f")
def OnScriptQuery(cmd): return f()
def OnUnLoad(code): print("OnUnLoad", code)
def UnLoad(): print("UnLoad")
`;

interface Exit extends Options {
  /** Gets what loads the scripts with a function f for them to call, their output going to the process's own. */
  body: Body<[string]>;
  code?: number;
  signal?: NodeJS.Signals;
  /** What both streams hold in the end. */
  says?: RegExp;
  not?: RegExp;
}

const unloaded = (code: number) =>
  new RegExp(`OnUnLoad ${code}\\nOnUnLoad ${code}\\nUnLoad\\nUnLoad\\n`);

const EXITS: Record<string, Exit> = {
  "by nature, with nothing left to do": {
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      setTimeout(() => undefined, 5);
    },
    code: 0,
    says: unloaded(0),
  },

  "process.exitCode": {
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      process.exitCode = 9;
    },
    code: 9,
    says: unloaded(9),
  },

  "process.exit at top level": {
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      process.exit(5);
    },
    code: 5,
    says: unloaded(5),
  },

  "process.exit in a promise, and again in an exit listener": {
    body: async ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      process.on("exit", () => {
        if (process.exitCode === 6) process.exit(7);
      });
      await Promise.resolve();
      process.exit(6);
    },
    code: 7,
    says: unloaded(6),
  },

  "an uncaught exception": {
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      setTimeout(() => {
        throw new Error("nobody catches this");
      });
    },
    code: 1,
    says: /OnUnLoad 1\n[^]*nobody catches this/,
  },

  "process.exit in an uncaughtException listener": {
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      process.on("uncaughtException", () => process.exit(11));
      setTimeout(() => {
        throw new Error();
      });
    },
    code: 11,
    says: unloaded(11),
  },

  "a rejected promise": {
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      void Promise.reject(new Error("nobody handles this"));
    },
    code: 1,
    says: /OnUnLoad 1\n[^]*nobody handles this/,
  },

  ...Object.fromEntries(
    (["hook", "call", "query", "load", "UnLoad", "OnUnLoad", "nested"] as const).map((where) => [
      `process.exit inside a hub function called in a ${where}`,
      {
        // "where" travels in the environment: a body sees nothing of the file it stands in.
        env: { WHERE: where },
        body: ({ facade, write }, source) => {
          const { WHERE } = process.env;
          const host = new facade.ScriptHost();
          let depth = 0;
          host.register("f", () => {
            if (WHERE === "nested" && ++depth < 10) host.dispatch("OnTimer", depth);
            process.exit(12);
          });
          const calling = `import vh\nvh.CallDynamicFunction("f")\n`;
          const inUnLoad = `${source}\ndef ${String(WHERE)}(*a): f()\n`;
          const own = host.load(
            write(WHERE === "UnLoad" || WHERE === "OnUnLoad" ? inUnLoad : source),
          );
          host.load(write(source), { interpreter: "main" });
          if (WHERE === "call") own.call("f");
          else if (WHERE === "query") host.query("x");
          else if (WHERE === "load") host.load(write(calling));
          else if (WHERE === "hook" || WHERE === "nested") host.dispatch("OnTimer", 1);
          else host.close();
        },
        code: 12,
        says: where === "UnLoad" || where === "OnUnLoad" ? /^UnLoad$/m : /UnLoad\nUnLoad\n/,
        not: /timer/,
      } satisfies Exit,
    ]),
  ),

  "process.exit in a listener of print": {
    body: ({ facade, write }) => {
      const host = new facade.ScriptHost();
      host.on("print", ({ text }) => {
        process.stdout.write(`${text}\n`);
        process.exit(13);
      });
      host.load(write("print('at load')\ndef UnLoad(): print('UnLoad')"));
    },
    code: 13,
    says: /at load\n/,
  },

  "process.exit in a listener of error": {
    body: ({ facade, write }) => {
      const host = new facade.ScriptHost();
      host.on("error", () => process.exit(14));
      host.load(write("def OnTimer(): 1/0\ndef UnLoad(): print('UnLoad')"));
      host.dispatch("OnTimer", 1);
    },
    code: 14,
    says: /^UnLoad$/m,
  },

  "sys.exit and SystemExit in a script are no exit": {
    body: async ({ facade, write, sleep }) => {
      const host = new facade.ScriptHost();
      host.load(write("import sys\ndef OnTimer(): sys.exit(1)\ndef UnLoad(): sys.exit(2)"));
      host.dispatch("OnTimer", 1);
      await sleep(5);
      process.exitCode = 15;
    },
    code: 15,
  },

  "os._exit is the one that may": {
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      host.load(write(source));
      host.load(write("import os\ndef OnTimer(): os._exit(16)"));
      host.register("f", () => 1);
      host.dispatch("OnTimer", 1);
    },
    code: 16,
    not: /UnLoad/,
  },

  "process.abort is Node's own": {
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost();
      host.load(write(source));
      process.abort();
    },
    signal: "SIGABRT",
    not: /UnLoad/,
  },

  "an UnLoad that prints without a newline": {
    body: ({ facade, write }) => {
      const host = new facade.ScriptHost();
      host.load(write("def UnLoad():\n  print('x' * 30_000)\n  print('the end', end='')"));
    },
    code: 0,
    says: /^x{30000}\nthe end\n$/,
  },

  "while workers run hooks": {
    body: async ({ facade, write, worker, until }, source) => {
      const host = new facade.ScriptHost();
      host.load(write(source));
      const workers = [1, 2, 3].map(() =>
        worker(({ load, host, post }) => {
          load("import json\ndef OnTimer(): json.dumps(list(range(1000)))");
          post("ready");
          for (;;) host.dispatch("OnTimer", 1);
        }),
      );
      await until(() => workers.every(({ messages }) => messages.length > 0));
      process.exit(17);
    },
    code: 17,
    says: /^UnLoad$/m,
  },

  "before anything was loaded": {
    body: ({ facade }) => {
      new facade.ScriptHost();
      process.exit(18);
    },
    code: 18,
  },
};

/** Sent from outside once the body has said that it is ready. */
const onReady = (signal: NodeJS.Signals): Pick<Options, "watch"> => {
  let sent = false;
  return {
    watch: (stdout, kill) => {
      if (sent || !stdout.includes("ready")) return;
      sent = true;
      kill(signal);
    },
  };
};

const waiting: Body<[string]> = ({ facade, write }, source) => {
  const host = new facade.ScriptHost();
  host.load(write(source));
  host.load(write("import signal, asyncio, threading, subprocess, faulthandler"));
  setInterval(() => undefined, 1000);
  console.log("ready");
};

const handling: Body<[string]> = ({ facade, write }, source) => {
  const host = new facade.ScriptHost();
  host.load(write(source));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const)
    process.on(signal, () => process.exit(20));
  setInterval(() => host.dispatch("OnTimer", 1), 10);
  host.register("f", () => 1);
  console.log("ready");
};

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const) {
  EXITS[`${signal} without a listener: Node's default`] = {
    body: waiting,
    signal,
    ...onReady(signal),
    not: /KeyboardInterrupt/,
  };
  EXITS[`${signal} with a listener`] = {
    body: handling,
    code: 20,
    ...onReady(signal),
    says: /OnUnLoad 20\nUnLoad/,
    not: /KeyboardInterrupt/,
  };
}

EXITS["SIGINT while Python computes: after the hook has returned"] = {
  body: ({ facade, write }) => {
    const host = new facade.ScriptHost();
    host.load(
      write(`
      import time
      def OnTimer():
          print("ready")
          end = time.time() + 0.5
          while time.time() < end: pass
          print("not interrupted")
    `),
    );
    process.on("SIGINT", () => process.exit(21));
    host.dispatch("OnTimer", 1);
    setInterval(() => undefined, 1000);
  },
  code: 21,
  ...onReady("SIGINT"),
  says: /not interrupted/,
};

EXITS["SIGPIPE: writing to a closed socket raises in Python, as ever"] = {
  body: ({ facade, write }) => {
    const host = new facade.ScriptHost();
    const script = host.load(
      write(`
      import os
      def f():
          r, w = os.pipe()
          os.close(r)
          try: os.write(w, b"x")
          except BrokenPipeError: return "BrokenPipeError"
    `),
    );
    console.log(script.call("f"));
  },
  code: 0,
  says: /BrokenPipeError/,
};

for (const [name, { body, code, signal, says, not, ...options }] of Object.entries(EXITS)) {
  test(name, async () => {
    const end = await run(body, [SCRIPTS], { ...options, bare: true });
    const all = `${end.stdout}${end.stderr}`;
    expect({ ...end }, all).toMatchObject({ code: code ?? null, signal: signal ?? null });
    if (says) expect(all).toMatch(says);
    if (not) expect(all).not.toMatch(not);
    expect(all).not.toMatch(/Fatal Python error|FATAL ERROR/);
  });
}
