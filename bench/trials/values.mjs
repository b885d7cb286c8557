// What travels: dicts, and strings of more than ASCII.
import { NICK, USERS, USERS_100K } from "../payloads.mjs";
import { repeat } from "./functions.mjs";

/** A dict to a function of the script and back, beside V8's JSON, and beside JSON on both sides. */
const dict = (name, size, value) => [
  {
    name,
    what: `script.call("echo", …) of a dict of ${size}`,
    against: "V8's JSON.stringify and JSON.parse",
    kind: "time",
    goal: { ratio: 1.8 },
    peers: 2.5,
    subject: ({ script }) => repeat(() => script.call("echo", value)),
    floor: () => repeat(() => JSON.parse(JSON.stringify(value))),
  },
  {
    name: `${name}-both`,
    what: `the same dict of ${size}`,
    against: "JSON of both halves: stringify, json.loads, json.dumps, parse",
    kind: "time",
    subject: ({ script }) => repeat(() => script.call("echo", value)),
    floor: ({ floor }) => repeat(() => JSON.parse(floor.echo(JSON.stringify(value)))),
  },
];

/** A text into a hook, and there and back, beside one in ASCII that is as long in UTF-8. */
const text = (script, size, value, ratio) => {
  const name = `${script.toLowerCase()}-${size.toLowerCase().replace(" ", "")}`;
  const ascii = "a".repeat(Buffer.byteLength(value));
  const common = { against: "as many bytes of ASCII", kind: "time", goal: { ratio } };
  const dispatch = (text) => (bench) =>
    repeat(() => bench.host.dispatch("OnParsedMsgChat", NICK, text));
  const echo = (text) => (bench) => repeat(() => bench.script.call("echo", text));
  return [
    {
      name,
      what: `host.dispatch with ${size} of ${script}`,
      ...common,
      subject: dispatch(value),
      floor: dispatch(ascii),
    },
    {
      name: `echo-${name}`,
      what: `script.call("echo", …) of ${size} of ${script}`,
      ...common,
      subject: echo(value),
      floor: echo(ascii),
    },
  ];
};

export const trials = [
  ...dict("dict", "1 KB", USERS),
  ...dict("dict-100k", "100 KB", USERS_100K),
  ...text("Cyrillic", "10 B", "пирог", 1.5),
  ...text("Cyrillic", "10 KB", "пирог".repeat(1024), 3),
  ...text("Emoji", "10 B", "🐍🦀ok", 1.5),
  ...text("Emoji", "10 KB", "🐍🦀".repeat(1280), 3),
];
