/** What reloads cost in memory, beside what CPython itself keeps of each interpreter that it makes and ends. */
import { describe, expect, test } from "vitest";
import { run, type Body, type End } from "../helpers/child.js";

const CYCLES = 200;
/** For so many, on a busy machine; in seconds. */
const DEADLINE = 100;

/** Prints by how many bytes the process grew in each of so many cycles, after a warm-up. */
const reloads: Body<[cycles: number, source: string]> = ({ load }, cycles, source) => {
  const script = load(source);
  const repeat = (n: number) => {
    for (let i = 0; i < n; i++) script.reload();
    globalThis.gc?.();
    return process.memoryUsage.rss();
  };
  repeat(30);
  console.log((-repeat(0) + repeat(cycles)) / cycles);
};

const failedLoads: Body<[cycles: number, source: string]> = ({ host, write }, cycles, source) => {
  const file = write(source);
  const repeat = (n: number) => {
    for (let i = 0; i < n; i++) {
      try {
        host.load(file);
      } catch {
        continue;
      }
      throw new Error("it loads");
    }
    globalThis.gc?.();
    return process.memoryUsage.rss();
  };
  repeat(30);
  console.log((-repeat(0) + repeat(cycles)) / cycles);
};

/** CPython's own: made and ended by its own module, with nothing of ours in it but one script to do so. */
const floor: Body<[cycles: number, source: string]> = ({ load }, cycles, source) => {
  const script = load(
    `
    try:
        import _interpreters as interpreters
        make = lambda: interpreters.create("legacy")
    except ImportError:
        import _xxsubinterpreters as interpreters
        make = lambda: interpreters.create(isolated=False)
    def repeat(count, source):
        for _ in range(count):
            id = make()
            interpreters.run_string(id, source)
            interpreters.destroy(id)
  `,
    { interpreter: "main", hookTimeoutMs: 0 },
  );
  const repeat = (n: number) => {
    script.call("repeat", n, source);
    globalThis.gc?.();
    return process.memoryUsage.rss();
  };
  repeat(30);
  console.log((-repeat(0) + repeat(cycles)) / cycles);
};

const bytes = (end: End): number => {
  expect(end, end.stderr).toMatchObject({ code: 0, signal: null });
  return Number(end.stdout);
};

/** Two ways to do the same: the second may keep a fifth more than the first. */
async function compare(
  first: Body<[number, string]>,
  theirs: string,
  subject: Body<[number, string]>,
  ours: string,
) {
  const options = {
    bare: true,
    deadline: DEADLINE,
    node: ["--expose-gc", "--max-semi-space-size=1"],
  };
  const least = bytes(await run(first, [CYCLES, theirs], options));
  const most = bytes(await run(subject, [CYCLES, ours], options));
  // A page of 4 KB more or less in each cycle is noise of the allocators.
  expect(most).toBeLessThan(least * 1.2 + 4096);
}

const TRIVIAL = "def OnTimer(): pass\n";
const HANDLED = `
import traceback
try: raise ValueError
except ValueError as e: "".join(traceback.format_exception(e))
`;
const IMPORTS = "import json, re, datetime, sqlite3\n";

describe("memory", { timeout: 2 * DEADLINE * 1000 }, () => {
  test("reloads of a trivial script keep what CPython keeps", () =>
    compare(floor, TRIVIAL, reloads, TRIVIAL));

  test("reloads of a script that imports much keep what CPython keeps", () =>
    compare(floor, IMPORTS, reloads, IMPORTS));

  test("loads that fail keep no more than those that do not", () =>
    compare(reloads, HANDLED, failedLoads, "raise ValueError\n"));

  test("a hook keeps little of the long texts that its calls send and get", async () => {
    const end = await run(
      ({ assert, load, open }) => {
        const rss: number[] = [];
        const note = () => rss.push(process.memoryUsage.rss());
        open({ SendToAll: () => note() > 0, Topic: () => "a".repeat(16e6) + String(note()) });
        const script = load(`
          import vh
          def send(): return all(vh.SendToAll("x" * 16_000_000) for _ in range(60))
          def get(): return all(len(vh.Topic()) > 16_000_000 for _ in range(60))
        `);
        for (const way of ["send", "get"]) assert.equal(script.call(way), true);
        const [first = 0] = rss;
        const most = Math.max(...rss) - first;
        assert.ok(most < 500e6, `${String(most)} more bytes`);
      },
      [],
      { deadline: DEADLINE },
    );
    expect(end, end.stderr).toMatchObject({ code: 0, signal: null });
  });
});
