/**
 * Commands about registered nicks: who may have which class, and by what password.
 * @packageDocumentation
 */
import { UserClass } from "../constants.js";
import type { Hub } from "../hub.js";
import { reclassify, register, unregister } from "../registering.js";
import { hashPassword } from "../storage/index.js";
import { isRegistrableClass, type Registration } from "../storage/registrations.js";
import { isOperator, type User } from "../users.js";
import { checkBelow, CommandError, splitWords, UsageError, type Command } from "./command.js";

/** Commands about registered nicks. */
export const REGISTRATION_COMMANDS: readonly Command[] = [
  {
    name: "regnew",
    leastClass: UserClass.Cheef,
    usage: "<nick> <class> [password]",
    help: "register a nick",
    async run({ hub, user, args, reply }) {
      const [nick = "", userClass = "", password = "", more] = splitWords(args, 3);
      if (userClass === "" || more !== "") throw new UsageError();
      const mayGive = () => parseClass(user, userClass);
      const wanted = mayGive();
      checkPassword(nick, wanted, password !== "");
      if (hub.registrations.get(nick)) throw new CommandError(`${nick} is registered already.`);
      const passwordHash = await hashFor(hub, user, password);
      mayGive();
      const registration = { nick, userClass: wanted, passwordHash, op: user.nick, opNote: "" };
      if (!register(hub, registration)) {
        throw new CommandError(
          `${nick} was not registered: it is no nick, or a script forbids it.`,
        );
      }
      reply(`${nick} is registered with class ${wanted}.`);
    },
  },
  {
    name: "regdel",
    leastClass: UserClass.Cheef,
    usage: "<nick>",
    help: "forget a registered nick",
    run({ hub, user, args, reply }) {
      const { nick } = registrationBelow(hub, user, args);
      unregister(hub, nick);
      reply(`${nick} is no longer registered.`);
    },
  },
  {
    name: "regclass",
    leastClass: UserClass.Cheef,
    usage: "<nick> <class>",
    help: "give a registered nick another class",
    run({ hub, user, args, reply }) {
      const [name = "", userClass = "", more] = splitWords(args, 2);
      if (userClass === "" || more !== "") throw new UsageError();
      const { nick, passwordHash } = registrationBelow(hub, user, name);
      const wanted = parseClass(user, userClass);
      checkPassword(nick, wanted, passwordHash !== "");
      reclassify(hub, nick, wanted);
      reply(`${nick} has class ${wanted} now.`);
    },
  },
  {
    name: "passwd",
    leastClass: UserClass.Normal,
    usage: "[nick] <password>",
    help: "change your password; operators: or that of a registered nick below them",
    async run({ hub, user, args, reply }) {
      const words = args.split(/\s+/);
      const [password = ""] = words.slice(-1);
      if (password === "" || words.length > 2) throw new UsageError();
      const isOwn = words.length === 1;
      // Nor is it told whether there is such a nick, and of which class.
      if (!isOwn && !isOperator(user)) {
        throw new CommandError(`You may not do that to ${words[0] ?? ""}.`);
      }
      const find = () =>
        isOwn ? ownRegistration(hub, user) : registrationBelow(hub, user, words[0] ?? "");
      find();
      const passwordHash = await hashFor(hub, user, password);
      const { nick } = find();
      hub.registrations.setPassword(nick, passwordHash);
      if (isOwn) user.gavePassword = true;
      reply(`${isOwn ? "Your password" : `The password of ${nick}`} is changed.`);
    },
  },
];

/**
 * What to store for a password. It takes a while, after which what the user may do is to be asked again.
 * @throws CommandError when meanwhile the hub has begun to end, or the user has gone
 */
async function hashFor(hub: Hub, user: User, password: string): Promise<string> {
  const hash = await hashPassword(password);
  if (hub.scripts.closed) throw new CommandError("The hub is shutting down.");
  if (hub.users.get(user.nick) !== user) throw new CommandError("You have left the hub.");
  return hash;
}

/** A class that the user may give to others. */
function parseClass(user: User, text: string): number {
  const userClass = Number(text);
  if (!/^\d+$/.test(text) || !isRegistrableClass(userClass)) {
    throw new CommandError(`A class is one of 0, 1, 2, 3, 4, 5 and 10, not ${text}.`);
  }
  if (userClass >= user.userClass)
    throw new CommandError("You may give lower classes than your own.");
  return userClass;
}

/** Whoever takes a nick that has none would be an operator. */
function checkPassword(nick: string, userClass: number, has: boolean): void {
  if (userClass >= UserClass.Operator && !has) {
    throw new CommandError(`${nick} needs a password for class ${userClass}.`);
  }
}

function registrationOf(hub: Hub, nick: string): Registration {
  if (nick === "") throw new UsageError();
  const registration = hub.registrations.get(nick);
  if (!registration) throw new CommandError(`${nick} is not registered.`);
  return registration;
}

function registrationBelow(hub: Hub, user: User, nick: string): Registration {
  const registration = registrationOf(hub, nick);
  checkBelow(user, registration.nick, registration.userClass);
  return registration;
}

/** A nick may be registered while somebody has it who does not own it. */
function ownRegistration(hub: Hub, user: User): Registration {
  const registration = registrationOf(hub, user.nick);
  if (registration.passwordHash !== "" && !user.gavePassword) {
    throw new CommandError("Log in by your present password first.");
  }
  return registration;
}
