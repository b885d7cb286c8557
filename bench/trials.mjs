// The trials, as data: what subject and floor do n times.
// "time": both in one process, in turn. "growth" of memory: each in a process of its own. "delay" of a hook by `threads`
// that compute, one in a script each: the floor is without them.
// `goal`: at most `ratio` times the floor, or at most `value` of the unit.

const NICK = "SomeNick";
const MESSAGE = "hello world, this is a chat message";

/** 1 KB of JSON, such as a hub might hand a script. */
const USERS = {
  hub: "vh-python hub",
  topic: "Be kind",
  uptime: 86_400.5,
  open: true,
  next: null,
  users: Array.from({ length: 8 }, (_, i) => ({
    nick: `user${i}`,
    ip: `192.168.0.${i}`,
    userClass: i,
    share: 10_000_000_000 + i,
    tag: "<++ V:0.868,M:A,H:1/0/0,S:10>",
    away: i % 2 === 0,
  })),
};

/** The hub function that the trials' script calls. */
export const getUserClass = (nick) => nick.length;

/** Keeps what a loop makes, so that the compiler cannot leave the making out. */
export let sink;

function repeat(action) {
  return (n) => {
    for (let i = 0; i < n; i++) sink = action();
  };
}

const nothing = () => true;

/** Scripts to be reloaded: which, its imports, and what it does. */
const RELOADS = [
  { name: "trivial", which: "a trivial script", imports: "", body: "def OnTimer(): pass" },
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
  times: 1000,
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

/**
 * `subject` and `floor` get the loaded bench/script.py, its host, the addon of bench/floor, and what writes a script for
 * them to load.
 */
export const trials = [
  {
    name: "dispatch",
    what: "host.dispatch of OnParsedMsgChat to one script",
    against: "the bare embedded call",
    kind: "time",
    goal: { ratio: 3 },
    subject: ({ host }) => repeat(() => host.dispatch("OnParsedMsgChat", NICK, MESSAGE)),
    floor: ({ floor }) => repeat(() => floor.hook(NICK, MESSAGE)),
  },
  {
    name: "vh-call",
    what: "vh.GetUserClass of a script, served in JavaScript",
    against: "a bare C method that calls JavaScript",
    kind: "time",
    goal: { ratio: 2.5 },
    subject:
      ({ script }) =>
      (n) =>
        script.call("ask", n),
    floor:
      ({ floor }) =>
      (n) =>
        floor.ask(getUserClass, n),
  },
  {
    name: "dict",
    what: `script.call("echo", …) of a dict of 1 KB`,
    against: "V8's JSON.stringify and JSON.parse",
    kind: "time",
    goal: { ratio: 3 },
    subject: ({ script }) => repeat(() => script.call("echo", USERS)),
    floor: () => repeat(() => JSON.parse(JSON.stringify(USERS))),
  },
  {
    name: "no-hook",
    what: "host.dispatch of a hook that no script has",
    against: "an empty JavaScript function",
    kind: "time",
    goal: { value: 30 },
    subject: ({ host }) => repeat(() => host.dispatch("OnParsedMsgPM", NICK, MESSAGE, NICK)),
    floor: () => repeat(() => nothing(NICK, MESSAGE, NICK)),
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
  ...[1, 5].map((threads) => ({
    name: `starvation-${threads}`,
    what: `a hook with three vh calls beside ${threads} computing threads, 99th percentile`,
    against: "without threads",
    kind: "delay",
    threads,
    goal: { value: 10_000 },
  })),
];
