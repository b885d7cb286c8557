/** Functions of scripts that never return, wherever they are called: interrupted, told, and the hub goes on. */
import { expect, test } from "vitest";
import type { HookTimeoutError } from "../../lib/index.js";
import { expectWell, run, type Body } from "../helpers/child.js";
import { HANGS } from "../helpers/sections.mjs";

type Arguments = [source: string, interpreter: "own" | "main", line: string];

/** They share no code: a body sees nothing of the file it stands in. `line`: where it hangs, as a regular expression. */
const CASES: Record<string, Body<Arguments>> = {
  "a hook": ({ assert, facade, open, load, chat }, source, interpreter, line) => {
    const host = open();
    const errors: HookTimeoutError[] = [];
    const sources: unknown[] = [];
    host.on("error", (error, source) => {
      if (!(error instanceof facade.HookTimeoutError)) throw error;
      errors.push(error);
      sources.push(source);
    });
    const script = load(
      `${source}
def OnParsedMsgChat(nick, msg):
    if msg == "hang": hang()
    return nick, "hung not"
`,
      { interpreter, hookTimeoutMs: 300 },
    );
    const next = load(
      `heard = []
def OnParsedMsgChat(nick, msg): heard.append(msg)
def get(): return heard
`,
      { interpreter },
    );
    for (let round = 1; round <= 2; round++) {
      const start = performance.now();
      assert.deepEqual(chat("hang"), { allowed: true, args: ["alice", "hang"] });
      const time = performance.now() - start;
      assert.ok(time > 290 && time < 1300, `${String(time)} ms`);
      assert.deepEqual(chat("go on").args, ["alice", "hung not"]);
      assert.equal(errors.length, round);
      assert.deepEqual(sources.at(-1), { script, hook: "OnParsedMsgChat" });
    }
    assert.equal((next.call("get") as string[]).filter((text) => text === "hang").length, 2);
    for (const { code, pythonType, scriptPath, traceback } of errors) {
      assert.deepEqual(
        [code, pythonType, scriptPath],
        ["ERR_VH_HOOK_TIMEOUT", "vh.HookTimeout", script.path],
      );
      assert.match(traceback, new RegExp(`^Traceback[^]*${script.path}", line ${line}, in`));
    }
    assert.equal(script.unload().ended, true);
  },

  "a call": ({ assert, facade, load, errors }, source, interpreter, line) => {
    const script = load(`${source}\ndef ok(): return 1\n`, { interpreter, hookTimeoutMs: 200 });
    for (let i = 0; i < 2; i++) {
      let thrown: unknown;
      try {
        script.call("hang");
      } catch (error) {
        thrown = error;
      }
      assert.ok(thrown instanceof facade.HookTimeoutError, String(thrown));
      const { traceback } = thrown as HookTimeoutError;
      assert.match(traceback, new RegExp(`${script.path}", line ${line}, in`));
      assert.equal(script.call("ok"), 1);
    }
    assert.deepEqual(errors, []);
    assert.equal(script.unload().ended, true);
  },

  "a load": ({ assert, facade, host, write, load }, source, interpreter, line) => {
    const file = write(`${source}\nhang()\n`);
    const start = performance.now();
    let thrown: unknown;
    try {
      host.load(file, { interpreter, hookTimeoutMs: 200 });
    } catch (error) {
      thrown = error;
    }
    const time = performance.now() - start;
    assert.ok(time < 2500, `${String(time)} ms`);
    assert.ok(thrown instanceof facade.HookTimeoutError, String(thrown));
    const { traceback } = thrown as HookTimeoutError;
    assert.match(traceback, new RegExp(`${file}", line ${line}, in`));
    assert.equal(host.scripts.length, 1);
    assert.equal(load("x = 1", { interpreter }).unload().ended, true);
  },

  "UnLoad and a reload": ({ assert, load, errors }, source, interpreter) => {
    const script = load(`${source}\ndef UnLoad(): hang()\ndef ok(): return 1\n`, {
      interpreter,
      hookTimeoutMs: 200,
    });
    for (const end of ["reload", "unload"] as const) {
      const start = performance.now();
      const report = script[end]();
      const time = performance.now() - start;
      assert.ok(time < 2000, `${String(time)} ms`);
      assert.equal(report.ended, true, JSON.stringify(report));
      assert.ok((report.stages.find(({ name }) => name === "unload")?.timeMs ?? 0) > 190);
    }
    assert.deepEqual(errors, ["vh.HookTimeout", "vh.HookTimeout"]);
  },

  "UnLoad, with no other timeout than that of unload": ({ assert, load }, source, interpreter) => {
    const script = load(`${source}\ndef UnLoad(): hang()\n`, {
      interpreter,
      hookTimeoutMs: 0,
      unloadTimeoutMs: 500,
    });
    const start = performance.now();
    const report = script.unload();
    const time = performance.now() - start;
    assert.ok(time < 1500, `${String(time)} ms`);
    assert.equal(report.ended, true, JSON.stringify(report));
  },

  "__del__ at the end": ({ assert, load, chat }, source, interpreter) => {
    const script = load(
      `${source}
class Last:
    def __del__(self, hang=hang): hang()
last = Last()
`,
      { interpreter, hookTimeoutMs: 200 },
    );
    const start = performance.now();
    const report = script.unload();
    const time = performance.now() - start;
    assert.ok(time < 2000, `${String(time)} ms`);
    assert.equal(report.ended, true, JSON.stringify(report));
    assert.equal(chat().allowed, true);
  },
};

/** The tests with one way of scripts to live. */
export function testHangs(interpreter: "own" | "main"): void {
  for (const [name, source] of Object.entries(HANGS))
    test(name, async () => {
      const here = source.split("\n").map((text, i) => (text.includes("# here") ? [i + 1] : []));
      const end = await run<Arguments>(CASES, [source, interpreter, `(${here.flat().join("|")})`]);
      expectWell(end);
      expect(end.stderr).toBe("");
    });
}
