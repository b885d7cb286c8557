/** Functions of scripts that never return, wherever they are called: interrupted, told, and the hub goes on. */
import { expect, test } from "vitest";
import type { HookTimeoutError } from "../../lib/index.js";
import { expectWell, run, type Body } from "../helpers/child.js";
import { HANGS } from "../helpers/sections.mjs";

type Arguments = [source: string, interpreter: "own" | "main", line: string, hookTimeoutMs: number];

/** They share no code: a body sees nothing of the file it stands in. `line`: where it hangs, as a regular expression. */
const CASES: Record<string, Body<Arguments>> = {
  "a hook": (
    { assert, inTime, facade, open, load, chat },
    source,
    interpreter,
    line,
    hookTimeoutMs,
  ) => {
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
      { interpreter, hookTimeoutMs },
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
      assert.ok(performance.now() - start > hookTimeoutMs - 10);
      inTime(start, hookTimeoutMs + 1000);
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

  "a call": ({ assert, facade, load, errors }, source, interpreter, line, hookTimeoutMs) => {
    const script = load(`${source}\ndef ok(): return 1\n`, { interpreter, hookTimeoutMs });
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

  "a load": (
    { assert, inTime, facade, host, write, load },
    source,
    interpreter,
    line,
    hookTimeoutMs,
  ) => {
    const file = write(`${source}\nhang()\n`);
    const start = performance.now();
    let thrown: unknown;
    try {
      host.load(file, { interpreter, hookTimeoutMs });
    } catch (error) {
      thrown = error;
    }
    inTime(start, hookTimeoutMs + 1000);
    assert.ok(thrown instanceof facade.HookTimeoutError, String(thrown));
    const { traceback } = thrown as HookTimeoutError;
    assert.match(traceback, new RegExp(`${file}", line ${line}, in`));
    assert.equal(host.scripts.length, 1);
    assert.equal(load("x = 1", { interpreter }).unload().ended, true);
  },

  "UnLoad and a reload": (
    { assert, inTime, load, errors },
    source,
    interpreter,
    _line,
    hookTimeoutMs,
  ) => {
    const script = load(`${source}\ndef UnLoad(): hang()\ndef ok(): return 1\n`, {
      interpreter,
      hookTimeoutMs,
      unloadTimeoutMs: hookTimeoutMs + 1000,
    });
    for (const end of ["reload", "unload"] as const) {
      const start = performance.now();
      const report = script[end]();
      inTime(start, hookTimeoutMs + 1000);
      assert.equal(report.ended, true, JSON.stringify(report));
      const unload = report.stages.find(({ name }) => name === "unload");
      assert.ok((unload?.timeMs ?? 0) > hookTimeoutMs - 10);
    }
    assert.deepEqual(errors, ["vh.HookTimeout", "vh.HookTimeout"]);
  },

  "UnLoad, with no other timeout than that of unload": (
    { assert, inTime, load },
    source,
    interpreter,
  ) => {
    const script = load(`${source}\ndef UnLoad(): hang()\n`, {
      interpreter,
      hookTimeoutMs: 0,
      unloadTimeoutMs: 500,
    });
    const start = performance.now();
    const report = script.unload();
    inTime(start, 1000);
    assert.equal(report.ended, true, JSON.stringify(report));
  },

  "__del__ at the end": (
    { assert, inTime, load, chat },
    source,
    interpreter,
    _line,
    hookTimeoutMs,
  ) => {
    const script = load(
      `${source}
class Last:
    def __del__(self, hang=hang): hang()
last = Last()
`,
      { interpreter, hookTimeoutMs, unloadTimeoutMs: hookTimeoutMs + 1000 },
    );
    const start = performance.now();
    const report = script.unload();
    inTime(start, hookTimeoutMs + 1000);
    assert.equal(report.ended, true, JSON.stringify(report));
    assert.equal(chat().allowed, true);
  },
};

/** What a busy machine makes the watchdog say, when an interrupted thread does not get to run. */
const LATE = /^vh-python: .* has taken .* s and goes on, though it was interrupted: .*\n/gm;

/** The tests with one way of scripts to live. */
export function testHangs(interpreter: "own" | "main"): void {
  for (const [name, source] of Object.entries(HANGS))
    test(name, async () => {
      const here = source.split("\n").map((text, i) => (text.includes("# here") ? [i + 1] : []));
      const line = `(${here.flat().join("|")})`;
      const hookTimeoutMs = source.includes("asyncio") ? 1000 : 200; // its import alone may take that long
      const end = await run<Arguments>(CASES, [source, interpreter, line, hookTimeoutMs]);
      expectWell(end);
      expect(end.stderr.replace(LATE, "")).toBe("");
    });
}
