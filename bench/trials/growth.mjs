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

/** Dicts by the bytes of their JSON. */
const dicts = new Map(
  [1, 8, 80, 800, 8000].map(users).map((dict) => [JSON.stringify(dict).length, dict]),
);

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
    points: [1, 2, 3, 4, 5].flatMap((n) => [10 ** n, 3 * 10 ** n]).concat(1_000_000),
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
    x: "bytes of JSON",
    points: [...dicts.keys()],
    lines: {
      "there and back": ({ script }, bytes) => repeat(() => script.call("echo", dicts.get(bytes))),
      "V8's JSON alone": (_, bytes) => repeat(() => JSON.parse(JSON.stringify(dicts.get(bytes)))),
    },
  },
  {
    name: "growth-threads",
    what: "host.dispatch beside computing threads, by the clock",
    kind: "series",
    unit: "ns",
    x: "threads",
    points: [0, 1, 2, 3, 4, 5, 6, 7, 8],
    measure: ({ points }, bench) => measureBeside(bench, points),
  },
];
