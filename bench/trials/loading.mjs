// Scripts that come and go: time and memory.
import { repeat } from "./functions.mjs";

const TRIVIAL = "def OnTimer(): pass";

/** Scripts to be reloaded: which, its imports, and what it does. */
const RELOADS = [
  { name: "trivial", which: "a trivial script", imports: "", body: TRIVIAL },
  {
    name: "finished-thread",
    which: "a script with a thread that has ended",
    imports: "import threading",
    body: `
thread = threading.Thread(target=len, args=("",))
thread.start()
thread.join()`,
  },
  {
    name: "live-daemon",
    which: "a script with a live daemon thread",
    imports: "import threading, time",
    body: "threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()",
  },
  {
    name: "pool",
    which: "a script with a ThreadPoolExecutor",
    imports: "import concurrent.futures.thread",
    body: `
pool = concurrent.futures.ThreadPoolExecutor(3)
assert pool.submit(pow, 2, 10).result() == 1024`,
  },
  {
    name: "asyncio",
    which: "a script with a running asyncio loop in a thread",
    imports: "import asyncio, threading",
    body: `
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()`,
  },
];

/** What an exception that is told with its traceback costs an interpreter. */
const TRACEBACK = `import traceback
try: raise ValueError
except ValueError as e: "".join(traceback.format_exception(e))`;

/** A trial of memory, without its subject, beside the imports in bare interpreters. */
const growth = (name, what, imports) => ({
  name,
  what,
  against: `CPython's own start and end of a sub-interpreter${imports && ` with "${imports.split("\n")[0]}"`}`,
  kind: "growth",
  warmUp: 20,
  // So many that what malloc takes at once does not count.
  times: 100,
  goal: { ratio: 1.2 },
  floor:
    ({ floor }) =>
    (n) =>
      floor.cycle(n, imports),
});

const reloading = ({ name, which, imports, body }) => ({
  ...growth(`reload-${name}`, `script.reload of ${which}, growth of memory`, imports),
  subject: ({ host, write }) => {
    const script = host.load(write(`${imports}\n${body}\n`));
    return repeat(() => script.reload());
  },
});

export const trials = [
  {
    name: "load-unload",
    what: "load and unload of a trivial script",
    against: "CPython's own start and end of a sub-interpreter",
    kind: "time",
    goal: { ratio: 1.15 },
    subject: ({ host, write }) => {
      const file = write(TRIVIAL);
      return repeat(() => host.load(file).unload());
    },
    floor:
      ({ floor }) =>
      (n) =>
        floor.cycle(n, ""),
  },
  {
    name: "memory-100",
    what: "memory of a loaded trivial script, one of 100",
    against: "a bare sub-interpreter, one of 100",
    kind: "growth",
    warmUp: 1,
    times: 100,
    goal: { ratio: 1.1 },
    subject: ({ host, write }) => {
      const file = write(TRIVIAL);
      return repeat(() => host.load(file));
    },
    floor: ({ floor }) => floor.keep,
  },
  ...RELOADS.map(reloading),
  {
    ...growth("load-in-vain", "host.load of a script that raises, growth of memory", TRACEBACK),
    subject: ({ host, write }) => {
      const file = write("raise ValueError");
      return repeat(() => {
        try {
          host.load(file);
        } catch {
          return;
        }
        throw new Error("it loads");
      });
    },
  },
];
