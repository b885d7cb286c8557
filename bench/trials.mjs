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

/** `subject` and `floor` get the loaded bench/script.py, its host, and the addon of bench/floor. */
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
  {
    name: "reload",
    what: "script.reload of a trivial script, growth of memory",
    against: "CPython's own end and start of a sub-interpreter",
    kind: "growth",
    times: 1000,
    goal: { ratio: 1.2 },
    subject: ({ script }) => repeat(() => script.reload()),
    floor: ({ floor }) => floor.cycle,
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
