/** The ways a process ends while scripts have live threads: with its own exit code, in time, and without a core dump. */
import { expect, test } from "vitest";
import { run, type Body, type Options } from "../helpers/child.js";
import { LIVE } from "../helpers/sections.mjs";

/** Each loads the source in both homes, but for a worker, which is not to hold the one that is the process's. */
const ENDS: Record<string, { code: number; body: Body<[source: string]> }> = {
  "process.exit": {
    code: 21,
    body: async ({ facade, write, sleep }, source) => {
      const host = new facade.ScriptHost({ hub: { mc: () => true, pm: () => true } });
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      await sleep(30);
      process.exit(21);
    },
  },

  "its natural end": {
    code: 22,
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost({ hub: { mc: () => true, pm: () => true } });
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      setTimeout(() => (process.exitCode = 22), 30);
    },
  },

  "SIGTERM with a handler": {
    code: 23,
    body: async ({ facade, write, sleep }, source) => {
      const host = new facade.ScriptHost({ hub: { mc: () => true, pm: () => true } });
      for (const interpreter of ["own", "main"] as const) host.load(write(source), { interpreter });
      process.once("SIGTERM", () => process.exit(23));
      await sleep(30);
      setInterval(() => undefined, 1000);
      process.stdout.write("ready for it\n");
    },
  },

  "the end of a worker": {
    code: 24,
    body: async ({ worker, until }, source) => {
      const { messages, ended } = worker(({ load, host, post, data }) => {
        // Its host has no mc; what a thread makes of that is its affair.
        load(data as string);
        host.dispatch("OnTimer", 1);
        post("ready");
      }, source);
      const { messages: endless, worker: terminated } = worker(({ load, post, data }) => {
        load(data as string);
        setInterval(() => undefined, 1000);
        post("ready");
      }, source);
      await until(() => messages.includes("ready") && endless.includes("ready"));
      await ended;
      await terminated.terminate();
      process.exitCode = 24;
    },
  },
};

/** Sends SIGTERM once a body has said that it is ready for it. */
function terminate(): NonNullable<Options["watch"]> {
  let sent = false;
  return (stdout, kill) => {
    if (sent || !stdout.includes("ready for it")) return;
    sent = true;
    kill("SIGTERM");
  };
}

// Each kind of thread meets one of the ends, in turn: all with all take as long as the other tests together.
const ends = Object.entries(ENDS);
Object.entries(LIVE).forEach(([kind, source], i) => {
  for (const [name, { body, code }] of ends.slice(i % ends.length).slice(0, 1))
    test(`${name}: ${kind}`, async () => {
      const end = await run(body, [source], { bare: true, deadline: 15, watch: terminate() });
      const all = `${end.stdout}${end.stderr}`;
      expect({ ...end }, all).toMatchObject({ code, signal: null });
      expect(all).not.toMatch(/Fatal Python error|FATAL ERROR|core dumped/);
    });
});

/** What keeps a process that has a host alive. The timers and the server's end do not. */
const KEPT: Record<string, { body: Body<[]>; says: string }> = {
  "a host alone does not": {
    says: "",
    body: ({ facade, write }) => {
      const host = new facade.ScriptHost();
      host.load(
        write("import threading, time\nthreading.Thread(target=time.sleep, args=(3600,)).start()"),
      );
      setTimeout(() => {
        console.log("still here");
      }, 300).unref();
    },
  },

  "host.ref does, until host.unref": {
    says: "still here\n",
    body: ({ facade, write }) => {
      const host = new facade.ScriptHost();
      host.load(write("def OnTimer(): pass"));
      host.ref();
      setTimeout(() => {
        console.log("still here");
        host.unref();
        setTimeout(() => {
          console.log("too long");
        }, 300).unref();
      }, 300).unref();
    },
  },

  "host.ref does until the host is closed": {
    says: "still here\n",
    body: ({ facade }) => {
      const host = new facade.ScriptHost();
      host.ref();
      host.ref();
      setTimeout(() => {
        console.log("still here");
        host.close();
      }, 200).unref();
    },
  },

  "a server that serves hooks does": {
    says: "served\n",
    body: async ({ facade, write }) => {
      const { createServer } = process.getBuiltinModule("node:net");
      const host = new facade.ScriptHost();
      const script = host.load(write("import vh\ndef OnTimer(): vh.CallDynamicFunction('served')"));
      script.register("served", () => {
        console.log("served");
      });
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      setTimeout(() => {
        host.dispatch("OnTimer", 1);
        server.close();
      }, 300).unref();
    },
  },
};

for (const [name, { body, says }] of Object.entries(KEPT))
  test(`what keeps a process alive: ${name}`, async () => {
    const end = await run(body, [], { bare: true, deadline: 15 });
    expect(end, end.stderr).toMatchObject({ code: 0, signal: null, stdout: says });
  });
