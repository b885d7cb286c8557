/** Threads of an ending script are interrupted in its own code and in waits, not in the midst of the library's. */
import { survives } from "../helpers/child.js";

/** A thread that is in `use`, four times out of five, until it is interrupted. `file` says whose code that is. */
const SOURCE = `
import os, sys, threading, time
def library(file, use):
    names = {"os": os, "time": time, "lock": lock}
    exec(compile(use, os.path.join(sys._stdlib_dir, file), "exec"), names)
    return names["use"]
def spend(ms):
    end = time.perf_counter() + ms / 1000
    while time.perf_counter() < end: pass
lock = sys.__dict__.setdefault("a lock of all scripts", threading.Lock())
def work():
    while True:
        use()
        spend(10)
`;

for (const interpreter of ["own", "main"] as const)
  survives(
    `${interpreter}: a thread that is mostly in the library's code`,
    {
      "leaves no descriptor behind": async (
        { assert, warm, load, sleep, census, settles },
        source,
        interpreter,
      ) => {
        await warm();
        const before = census();
        for (let i = 0; i < 5; i++) {
          const script = load(
            `${source}
use = library("subprocess.py", """
def use():
    ends = os.pipe()
    end = time.perf_counter() + 0.04
    while time.perf_counter() < end: pass
    for each in ends: os.close(each)
""")
threading.Thread(target=work).start()
`,
            { interpreter, unloadTimeoutMs: 8000 },
          );
          await sleep(30);
          assert.equal(script.unload().ended, true);
        }
        await settles(before);
      },

      "leaves no lock behind, though there is little time": async (
        { assert, warm, load, sleep, until },
        source,
        interpreter,
      ) => {
        const host = await warm();
        const witness = load(`${source}\ndef free(): return lock.acquire(timeout=5)`, {
          interpreter: "main",
        });
        for (let i = 0; i < 5; i++) {
          const script = load(
            `${source}
use = library("threading.py", """
def use():
    lock.acquire()
    end = time.perf_counter() + 0.04
    while time.perf_counter() < end: pass
    lock.release()
""")
threading.Thread(target=work).start()
`,
            { interpreter, unloadTimeoutMs: 50 },
          );
          await sleep(30);
          script.unload();
          await until(() => host.zombies.length === 0);
        }
        assert.equal(witness.call("free"), true);
      },
    },
    SOURCE,
    interpreter,
  );
