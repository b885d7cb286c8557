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

/** A chat message, beside one in ASCII that is as long in UTF-8. */
const text = (script, size, bytes, value, ratio) => {
  const ascii = "a".repeat(bytes);
  return {
    name: `${script.toLowerCase()}-${size.toLowerCase().replace(" ", "")}`,
    what: `host.dispatch with ${size} of ${script}`,
    against: "as many bytes of ASCII",
    kind: "time",
    goal: { ratio },
    subject: ({ host }) => repeat(() => host.dispatch("OnParsedMsgChat", NICK, value)),
    floor: ({ host }) => repeat(() => host.dispatch("OnParsedMsgChat", NICK, ascii)),
  };
};

export const trials = [
  ...dict("dict", "1 KB", USERS),
  ...dict("dict-100k", "100 KB", USERS_100K),
  text("Cyrillic", "10 B", 10, "привет".slice(1), 1.5),
  text("Cyrillic", "10 KB", 10_240, "привет! ".repeat(732).slice(0, 5120), 3),
  text("Emoji", "10 B", 10, "🐍🦀ok", 1.5),
  text("Emoji", "10 KB", 10_240, "🐍🦀".repeat(1280), 3),
];
