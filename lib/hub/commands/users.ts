/**
 * Commands about the users who are online.
 * @packageDocumentation
 */
import { oneForm } from "../addresses.js";
import { UserClass } from "../constants.js";
import type { Client } from "../client.js";
import type { Hub } from "../hub.js";
import { nickKey } from "../nick-key.js";
import { kick } from "../operators.js";
import type { User } from "../users.js";
import {
  checkBelow,
  CommandError,
  formatTable,
  splitWords,
  UsageError,
  type Command,
} from "./command.js";

/** Commands about the users who are online. */
export const USER_COMMANDS: readonly Command[] = [
  {
    name: "who",
    leastClass: UserClass.Operator,
    usage: "[nick or address]",
    help: "who is online, from where",
    run({ hub, args, reply }) {
      const wanted = nickKey(oneForm(args) ?? args);
      const found = hub.users
        .listening()
        .filter(({ nick, ip }) => [nickKey(nick), ip, ""].includes(wanted));
      if (found.length === 0) throw new CommandError(`Nobody is online as ${args}.`);
      const rows = found.map((user) => [
        user.nick,
        user.userClass,
        user.ip,
        hub.geoIp?.countryCode(user.ip) ?? "-",
        user.host ?? "-",
        user.info?.tag ?? "",
      ]);
      reply(
        `Online:\n${formatTable([["Nick", "Class", "Address", "Country", "Host", "Tag"], ...rows])}`,
      );
    },
  },
  {
    name: "kick",
    leastClass: UserClass.Operator,
    usage: "<nick> [reason]",
    help: "disconnect a user",
    run({ hub, user, args, reply }) {
      const [nick = "", reason = ""] = splitWords(args, 1);
      if (nick === "") throw new UsageError();
      const target = onlineBelow(hub, user, nick);
      if (!kick(hub, { op: user.nick, nick, reason, note: "", opNote: "" })) {
        throw new CommandError("A script cancelled the kick.");
      }
      reply(`${target.nick} was kicked.`);
    },
  },
];

/** A user that another may act on. @throws CommandError when there is no such, or of too high a class */
export function onlineBelow(hub: Hub, user: User, nick: string): User & { client: Client } {
  const target = hub.users.online(nick);
  if (!target) throw new CommandError(`${nick} is not online.`);
  checkBelow(user, target.nick, target.userClass);
  return target;
}
