/**
 * Scripts that go while threads of theirs live: all of them end in time and leave nothing, and a script beside, in the
 * main interpreter one that shares it, keeps its own.
 */
import { expect, test } from "vitest";
import { expectWell, run, type Body } from "../helpers/child.js";
import { LIVE } from "../helpers/sections.mjs";

/** Stays. What was in cycles has gone when it has counted. */
const COMPANION = `
import gc, threading, time
ticks = 0
def work():
    global ticks
    while True:
        time.sleep(0.001)
        ticks += 1
threading.Thread(target=work, daemon=True).start()
def count():
    gc.collect()
    return ticks
def OnParsedMsgChat(nick, msg): return 0
`;

type Arguments = [source: string, interpreter: "own" | "main", companion: string];

/** They share no code: a body sees nothing of the file it stands in. */
const ENDINGS: Record<string, Body<Arguments>> = {
  unload: async (kit, source, interpreter, beside) => {
    const {
      assert,
      warm,
      load,
      sleep,
      until,
      inTime,
      census,
      settles,
      chat,
      prints,
      warnings,
      errors,
    } = kit;
    await warm();
    const companion = load(beside, { interpreter });
    const count = () => Number(companion.call("count"));
    const before = census();
    const script = load(source, { interpreter });
    await sleep(50);

    const start = performance.now();
    const report = script.unload();
    assert.deepEqual([report.ended, report.threads], [true, []], JSON.stringify(report));
    inTime(start, 1000);
    assert.equal(script.loaded, false);
    const order = ["unload", "exit", "wait", "interrupt", "end"];
    const names = report.stages.map(({ name }) => name);
    assert.deepEqual(
      names,
      order.filter((name) => (names as string[]).includes(name)),
    );

    await settles(before, count);
    assert.equal(chat().allowed, false);
    const ticks = count();
    await until(() => count() > ticks);
    // What asyncio says of a task whose end nobody saw comes with the collector, on any thread of the main interpreter.
    const unseen = /^(Task|Future) exception was never retrieved$[^]*?^SystemExit$/gm;
    const said = prints.join("\n").replace(unseen, "").split("\n");
    const noise = said.filter((line) => /Traceback|Exception|Error/.test(line));
    assert.deepEqual([noise, warnings, errors, kit.host.zombies], [[], [], [], []]);
    assert.equal(companion.unload().ended, true);
  },
};

/** Other ways to go. */
const MORE: Record<string, Body<Arguments>> = {
  "a load that fails": async (kit, source, interpreter, beside) => {
    const { assert, facade, warm, load, census, settles, warnings } = kit;
    await warm();
    const companion = load(beside, { interpreter });
    const before = census();
    let error: unknown;
    try {
      load(`${source}\nraise ValueError("its threads have started")`, { interpreter });
    } catch (thrown) {
      error = thrown;
    }
    assert.ok(error instanceof facade.ScriptLoadError, String(error));
    assert.match(String(error), /ValueError: its threads have started/);
    await settles(before, () => companion.call("count"));
    assert.deepEqual(warnings, []);
  },

  reload: async ({ assert, warm, load, sleep, census, settles }, source, interpreter, beside) => {
    await warm();
    const companion = load(beside, { interpreter });
    const before = census();
    const script = load(source, { interpreter });
    for (let i = 0; i < 3; i++) {
      await sleep(20 * i);
      const report = script.reload();
      assert.equal(report.ended, true, JSON.stringify(report));
      assert.equal(script.loaded, true);
    }
    assert.equal(script.unload().ended, true);
    await settles(before, () => companion.call("count"));
  },

  "unloadAsync does not hold the event loop": async (kit, source, interpreter, beside) => {
    const { assert, warm, load, sleep, census, settles, chat } = kit;
    await warm();
    const companion = load(beside, { interpreter });
    const before = census();
    const script = load(source, { interpreter });
    await sleep(50);
    let last = performance.now();
    let gap = 0;
    const tick = () => {
      const now = performance.now();
      gap = Math.max(gap, now - last);
      last = now;
    };
    const ticking = setInterval(tick, 5);
    const ending = script.unloadAsync();
    assert.equal(script.loaded, false);
    assert.equal(chat().allowed, false);
    const report = await ending;
    tick();
    clearInterval(ticking);
    assert.equal(report.ended, true, JSON.stringify(report));
    assert.ok(gap < 500, `held for ${String(gap)} ms`);
    await settles(before, () => companion.call("count"));
  },
};

const ways = Object.entries(MORE);

/**
 * The tests with one way of scripts to live. Each kind of thread meets `unload`, and the other ways in turn: all with all
 * take as long as the other tests together.
 */
export function testEndings(interpreter: "own" | "main"): void {
  Object.entries(LIVE).forEach(([name, source], i) => {
    const turn = (interpreter === "own" ? i : i + 1) % ways.length;
    const cases = { ...ENDINGS, ...Object.fromEntries(ways.slice(turn, turn + 1)) };
    test(name, async () => {
      const end = await run<Arguments>(cases, [source, interpreter, COMPANION]);
      expectWell(end);
      expect(end.stderr).toBe("");
    });
  });
}
