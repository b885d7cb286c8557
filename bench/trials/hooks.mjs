// Hooks: JavaScript calls Python.
import { MESSAGE, NICK } from "../payloads.mjs";
import { repeat } from "./functions.mjs";

const nothing = () => true;

const dispatches = (host) => repeat(() => host.dispatch("OnParsedMsgChat", NICK, MESSAGE));

/** `scripts` in one host, beside as many dispatches to a host with one as `times` says. */
const toMany = (scripts, times, against, ratio) => ({
  name: `dispatch-${scripts}`,
  what: `host.dispatch of OnParsedMsgChat to ${scripts} scripts`,
  against,
  kind: "time",
  goal: { ratio },
  subject: ({ openWith }) => dispatches(openWith(scripts)),
  floor: ({ host }) => {
    const dispatch = dispatches(host);
    return (n) => dispatch(times * n);
  },
});

export const trials = [
  {
    name: "dispatch",
    what: "host.dispatch of OnParsedMsgChat to one script",
    against: "the minimal embedded call",
    kind: "time",
    goal: { ratio: 1.7 },
    peers: 2,
    subject: ({ host }) => dispatches(host),
    floor: ({ floor }) => repeat(() => floor.hook(NICK, MESSAGE)),
  },
  toMany(4, 1, "the same to one script", 4.2),
  toMany(100, 100, "100 dispatches to one script", 1.1),
  {
    name: "no-hook",
    what: "host.dispatch of a hook that no script has",
    against: "an empty JavaScript function",
    kind: "time",
    goal: { value: 15 },
    subject: ({ host }) => repeat(() => host.dispatch("OnParsedMsgPM", NICK, MESSAGE, NICK)),
    floor: () => repeat(() => nothing(NICK, MESSAGE, NICK)),
  },
];
