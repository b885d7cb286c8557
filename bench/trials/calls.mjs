// Calls of a script: Python calls JavaScript.
import { addInts, getUserClass } from "./functions.mjs";

const AGAINST = "a bare C method that calls JavaScript";

export const trials = [
  {
    name: "vh-call",
    what: "vh.GetUserClass(nick) of a script, served in JavaScript",
    against: AGAINST,
    kind: "time",
    goal: { ratio: 1.7 },
    peers: 1,
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
    name: "dynamic-function",
    what: `vh.CallDynamicFunction("add", 1, 2), served in JavaScript`,
    against: AGAINST,
    kind: "time",
    goal: { ratio: 2.2 },
    subject:
      ({ script }) =>
      (n) =>
        script.call("add", n),
    floor:
      ({ floor }) =>
      (n) =>
        floor.add(addInts, n),
  },
];
