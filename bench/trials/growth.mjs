// How the cost grows: each a series of points, none a goal.
import { MESSAGE, NICK, users } from "../payloads.mjs";
import { measureBeside } from "../measures/delay.mjs";
import { repeat } from "./functions.mjs";

const chat =
  (make) =>
  ({ host }, bytes) => {
    const text = make(bytes);
    return repeat(() => host.dispatch("OnParsedMsgChat", NICK, text));
  };

/** Dicts by the number of users in them. */
const dicts = new Map([1, 8, 80, 820, 8200].map((count) => [count, users(count)]));

export const trials = [
  {
    name: "growth-scripts",
    what: "host.dispatch by the number of scripts",
    kind: "series",
    unit: "ns",
    x: "scripts",
    points: [1, 2, 4, 10, 20, 50, 100],
    lines: {
      dispatch: ({ openWith }, scripts) => {
        const host = openWith(scripts);
        return repeat(() => host.dispatch("OnParsedMsgChat", NICK, MESSAGE));
      },
    },
  },
  {
    name: "growth-text",
    what: "host.dispatch by the length of its text",
    kind: "series",
    unit: "ns",
    x: "bytes of UTF-8",
    points: [10, 100, 1000, 10_000, 100_000, 1_000_000],
    lines: {
      ASCII: chat((bytes) => "a".repeat(bytes)),
      Cyrillic: chat((bytes) => "я".repeat(bytes / 2)),
      emoji: chat((bytes) => "🐍".repeat(Math.ceil(bytes / 4))),
    },
  },
  {
    name: "growth-dict",
    what: `script.call("echo", …) by the size of a dict`,
    kind: "series",
    unit: "ns",
    x: "users of 130 bytes",
    points: [...dicts.keys()],
    lines: {
      "there and back": ({ script }, count) => repeat(() => script.call("echo", dicts.get(count))),
      "V8's JSON alone": (_, count) => repeat(() => JSON.parse(JSON.stringify(dicts.get(count)))),
    },
  },
  {
    name: "growth-threads",
    what: "host.dispatch by the number of computing threads, by the clock",
    kind: "series",
    unit: "ns",
    x: "threads",
    points: [0, 1, 2, 3, 4, 5, 6, 7, 8],
    measure: ({ points }, bench) => measureBeside(bench, points),
  },
];
