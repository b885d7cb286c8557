/** Hooks that do not end though they are interrupted: told on stderr while that lasts, since the hub's thread is held. */
import { expect, test } from "vitest";
import { run, type Body } from "../helpers/child.js";

/** What they do, and how often that is to be told at the least. */
const STUCK: Record<string, { source: string; reports: number }> = {
  "a bare except in a loop that gives up": {
    reports: 1,
    source: `
import functools, time
def guarded(work):
  while time.monotonic() < end:
    try: work()
    except: pass
def work():
  while time.monotonic() < end: pass
for _ in range(30): work = functools.partial(guarded, work)
def OnTimer():
  global end
  end = time.monotonic() + 2
  work()
`,
  },
  "a catastrophic regular expression": {
    reports: 1,
    source: `
import re, time
def match(n): re.match("(a+)+$", "a" * n + "b")
start = time.perf_counter()
match(20)
seconds = time.perf_counter() - start
size = 20
while seconds < 2:  # each letter doubles the time
  seconds *= 2
  size += 1
def OnTimer(): match(size)
`,
  },
  "a C call of eleven seconds": {
    reports: 2,
    source: `
import ctypes
libc = ctypes.CDLL(None)
def OnTimer(): libc.sleep(11)
`,
  },
};

const stuck: Body<[source: string]> = async ({ assert, facade, fs, write, until }, source) => {
  const host = new facade.ScriptHost({ hookTimeoutMs: 300 });
  const warnings: string[] = [];
  host.on("warning", ({ message }) => warnings.push(message));
  host.on("error", (error) => {
    assert.ok(error instanceof facade.HookTimeoutError, String(error)); // none if it was caught for good
  });
  const script = host.load(write(source, "stuck.py"));
  const next = host.load(
    write("heard = 0\ndef OnTimer():\n  global heard\n  heard += 1\ndef get(): return heard"),
  );
  host.dispatch("OnTimer", 1);
  fs.writeSync(1, "returned\n");
  assert.equal(next.call("get"), 1);
  await until(() => warnings.join().includes("OnTimer")); // they come by way of the event loop
  assert.equal(script.loaded, true);
};

for (const [name, { source, reports }] of Object.entries(STUCK))
  test(`told while it lasts: ${name}`, async () => {
    const count = (text: string) =>
      text.split("\n").filter((l) => /stuck\.py.*OnTimer/.test(l)).length;
    const start = performance.now();
    let told = 0;
    const end = await run(stuck, [source], {
      bare: true,
      watch: (stdout, _kill, stderr) => {
        if (!stdout.includes("returned")) told = count(stderr);
      },
    });
    expect(end, end.stderr).toMatchObject({ code: 0, signal: null });
    expect(told, end.stderr).toBeGreaterThanOrEqual(reports);
    const every10Seconds = 1 + Math.floor((performance.now() - start) / 10_000);
    expect(told, end.stderr).toBeLessThanOrEqual(every10Seconds);
  });
