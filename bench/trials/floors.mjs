// The floors themselves, each beside the one below it.
import { MESSAGE, NICK } from "../payloads.mjs";
import { repeat } from "./functions.mjs";

const nothing = () => true;

export const trials = [
  {
    name: "napi-call",
    what: "an empty function of an addon",
    against: "an empty JavaScript function",
    kind: "time",
    subject: ({ floor }) => repeat(() => floor.nothing(NICK, MESSAGE)),
    floor: () => repeat(() => nothing(NICK, MESSAGE)),
  },
  {
    name: "vectorcall",
    what: "bare vectorcalls of the hook, in C++ with the GIL held",
    against: "an empty function of an addon",
    kind: "time",
    subject:
      ({ floor }) =>
      (n) =>
        floor.vectorcall(n, NICK, MESSAGE),
    floor: ({ floor }) => repeat(() => floor.nothing(NICK, MESSAGE)),
  },
  {
    name: "embedded-call",
    what: "the minimal embedded call: two strings in, GIL, vectorcall, int out",
    against: "an empty function of an addon",
    kind: "time",
    subject: ({ floor }) => repeat(() => floor.hook(NICK, MESSAGE)),
    floor: ({ floor }) => repeat(() => floor.nothing(NICK, MESSAGE)),
  },
];
