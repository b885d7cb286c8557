/** Threads that cannot be ended: told, cut off, and gone by themselves once they end; the hub goes on. */
import { expect, test } from "vitest";
import { expectWell, run, survives, type Body } from "../helpers/child.js";

/** Ends by itself, and no sooner. */
const SLEEPING = `
import ctypes, threading
libc = ctypes.CDLL(None)
def work():
    libc.sleep(3)  # here
threading.Thread(target=work, name="sleeper").start()
`;

/**
 * Ends when a file appears, and catches whatever it is ended with, many times over: an exception may come where one
 * guard catches nothing.
 */
const STUBBORN = `
import functools, os, threading, time, vh
def guarded(work):
    while not os.path.exists("flag"):
        try: work()
        except: pass
def work():
    try: vh.mc("x")
    except vh.HubError: open("refused", "w").close()
    time.sleep(0.001)
for _ in range(30): work = functools.partial(guarded, work)
threading.Thread(target=work, name="stubborn", daemon=True).start()
def OnParsedMsgChat(nick, msg): return 0
`;

for (const interpreter of ["own", "main"] as const) {
  survives(
    `${interpreter}: a thread in a C call`,
    {
      "is told with its place, and goes when it returns, with nobody calling": async (
        { assert, inTime, warm, load, chat, census, settles, warnings, until },
        source,
        interpreter,
      ) => {
        const host = await warm();
        const before = census();
        const script = load(source, { interpreter, name: "sleeper.py" });
        const start = performance.now();
        const report = script.unload();
        assert.ok(performance.now() - start > 500);
        inTime(start, 1000);
        const line = source.split("\n").findIndex((text) => text.includes("# here")) + 1;
        const thread = { name: "sleeper", daemon: false, where: `${script.path}:${String(line)}` };
        assert.deepEqual([report.ended, report.threads], [false, [thread]]);
        assert.deepEqual(host.zombies, [{ id: script.id, path: script.path, threads: [thread] }]);
        assert.equal(host.stats.zombies, 1);
        await until(() => warnings.length > 0);
        assert.equal(warnings.length, 1, warnings.join("\n"));
        assert.match(
          String(warnings[0]),
          new RegExp(`sleeper[^]*${script.path}:${String(line)}`),
          "the warning names thread and place",
        );
        assert.equal(chat().allowed, true);
        assert.equal(load("x = 1").unload().ended, true);
        await until(() => host.zombies.length === 0);
        assert.equal(host.stats.zombies, 0);
        await settles(before);
      },

      "leaves its file to a reload": async (
        { assert, inTime, warm, load, census, settles, until },
        source,
        interpreter,
      ) => {
        const host = await warm();
        const before = census();
        const script = load(source, { interpreter, unloadTimeoutMs: 100 });
        const start = performance.now();
        assert.equal(script.reload().ended, false);
        inTime(start, 100);
        assert.equal(script.loaded, true);
        assert.equal((await script.unloadAsync()).ended, false);
        assert.equal(host.zombies.length, 2);
        await until(() => host.zombies.length === 0);
        await settles(before);
      },
    },
    SLEEPING,
    interpreter,
  );

  survives(
    `${interpreter}: a thread that catches everything`,
    {
      "is cut off from vh": async (
        { assert, facade, fs, write, census, load, warm, settles, sleep, until },
        source,
        interpreter,
      ) => {
        await warm();
        const before = census();
        let said = 0;
        const warned: string[] = [];
        const host = new facade.ScriptHost({ hub: { mc: () => ++said > 0 }, unloadTimeoutMs: 200 });
        host.on("warning", ({ message }) => warned.push(message));
        const script = host.load(write(source, "stubborn.py"), { interpreter });
        await until(() => said > 10);
        const report = script.unload();
        const [thread] = report.threads;
        assert.deepEqual([report.ended, thread?.name, thread?.daemon], [false, "stubborn", true]);
        assert.match(String(thread?.where), /stubborn\.py:\d+$/);
        await sleep(50);
        const then = said;
        await until(() => fs.existsSync("refused"));
        assert.equal(host.dispatch("OnParsedMsgChat", "a", "b").allowed, true);
        assert.equal(said, then);
        assert.equal(warned.length, 1, warned.join("\n"));
        assert.match(String(warned[0]), /stubborn[^]*stubborn\.py:\d+/);
        load("x = 1").unload();
        fs.writeFileSync("flag", "");
        await until(() => host.zombies.length === 0);
        host.close();
        await settles(before);
      },
    },
    STUBBORN,
    interpreter,
  );
}

const exits: Record<string, { code: number; body: Body<[string]> }> = {
  "process.exit": {
    code: 3,
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost({ unloadTimeoutMs: 100 });
      host.load(write(source)).unload();
      process.exit(3);
    },
  },
  "nothing left to do": {
    code: 4,
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost({ unloadTimeoutMs: 100 });
      host.load(write(source)).unload();
      process.exitCode = 4;
    },
  },
  "the host's close": {
    code: 5,
    body: ({ facade, write }, source) => {
      const host = new facade.ScriptHost({ unloadTimeoutMs: 100 });
      host.load(write(source));
      host.close();
      process.exitCode = 5;
    },
  },
};

for (const [name, { code, body }] of Object.entries(exits))
  for (const source of [SLEEPING, STUBBORN])
    test(`${name}, beside a ${source === SLEEPING ? "C call" : "stubborn thread"}`, async () => {
      const end = await run(body, [source], { bare: true, deadline: 10 });
      expect(end, end.stderr).toMatchObject({ code, signal: null });
    });

test("a process lives on beside the zombies of a hundred unloads", async () => {
  const body: Body<[string]> = async (kit, source) => {
    const { assert, warm, load, chat, census, settles, until } = kit;
    const host = await warm();
    const before = census();
    for (let i = 0; i < 100; i++) {
      const interpreter = i % 2 ? "main" : "own";
      load(source.replace("sleep(3)", "sleep(2)"), { interpreter, unloadTimeoutMs: 20 }).unload();
      assert.equal(chat().allowed, true);
    }
    assert.ok(host.zombies.length > 10);
    await until(() => host.zombies.length === 0);
    await settles(before);
  };
  expectWell(await run(body, [SLEEPING], { deadline: 50 }));
});
