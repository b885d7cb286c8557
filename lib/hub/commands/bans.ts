/**
 * Commands about bans.
 * @packageDocumentation
 */
import { formatRange, oneForm, parseRange } from "../addresses.js";
import { ban, timeLeft } from "../banning.js";
import { BanType, UserClass } from "../constants.js";
import type { Hub } from "../hub.js";
import { nickKey } from "../nick-key.js";
import { formatPeriod, parsePeriod } from "../periods.js";
import type { Ban } from "../storage/bans.js";
import type { User } from "../users.js";
import {
  checkBelow,
  CommandError,
  formatTable,
  splitWords,
  UsageError,
  type Command,
} from "./command.js";

/** How many bans one answer lists. */
const LISTED_AT_MOST = 100;

/** Commands about bans. */
export const BAN_COMMANDS: readonly Command[] = [
  {
    name: "ban",
    leastClass: UserClass.Operator,
    usage: "<nick, address or range> <time such as 30m or 7d, 0 for ever> [reason]",
    help: "keep somebody out",
    run({ hub, user, args, reply }) {
      const [target = "", time = "", reason = ""] = splitWords(args, 2);
      const seconds = time === "0" ? 0 : parsePeriod(time);
      if (seconds === undefined) throw new UsageError();
      const type = typeFor(hub, user, target);
      const [made] = ban(hub, { op: user.nick, target, type, seconds, reason });
      if (!made)
        throw new CommandError(`${target} was not banned: it is no nick, or a script forbids it.`);
      const period = seconds === 0 ? "ever" : formatPeriod(seconds);
      reply(`${target} is banned for ${period} (#${made.id}).`);
    },
  },
  {
    name: "unban",
    leastClass: UserClass.Operator,
    usage: "<#number in !banlist, nick, address or range>",
    help: "let somebody in again",
    run({ hub, args, reply }) {
      if (args === "") throw new UsageError();
      const wanted = asCompared(args);
      const found = hub.bans
        .list()
        .filter((each) =>
          [`#${each.id}`, ...compared(each)].some((text) => nickKey(text) === wanted),
        );
      if (found.length === 0) throw new CommandError(`There is no ban of ${args}.`);
      for (const { id } of found) hub.bans.delete(id);
      reply(`Lifted: ${found.map(({ id }) => `#${id}`).join(", ")}.`);
    },
  },
  {
    name: "banlist",
    leastClass: UserClass.Operator,
    usage: "[text]",
    help: "the bans, or those with a text in them",
    run({ hub, args, reply }) {
      const rows = hub.bans
        .list()
        .map((each) => [
          `#${each.id}`,
          nameOf(each.type),
          compared(each).join(" "),
          timeLeft(each),
          each.op,
          each.reason,
        ])
        .filter((row) => row.join("\t").toLowerCase().includes(args.toLowerCase()));
      const table = formatTable([
        ["Number", "By", "Who", "How long", "Operator", "Reason"],
        ...rows.slice(0, LISTED_AT_MOST),
      ]);
      const more = rows.length - LISTED_AT_MOST;
      reply(`Bans:\n${table}${more > 0 ? `\n\tand ${more} older ones` : ""}`);
    },
  },
];

/** How to ban a target, one that the user may ban. */
function typeFor(hub: Hub, user: User, target: string): number {
  const superiorAt = (ip: string) =>
    hub.users.listening().find((each) => each.ip === ip && each.userClass >= user.userClass);
  // Who takes an address for a nick keeps nobody from banning that address.
  const address = oneForm(target);
  if (address !== undefined) {
    const superior = superiorAt(address);
    if (superior) checkBelow(user, superior.nick, superior.userClass);
    return BanType.Ip;
  }
  if (parseRange(target)) return BanType.Range;

  const online = hub.users.online(target);
  if (online) checkBelow(user, online.nick, online.userClass);
  const registration = hub.registrations.get(target);
  if (registration) checkBelow(user, registration.nick, registration.userClass);
  // Behind one address there may be several people.
  return online && !superiorAt(online.ip) ? BanType.NickIp : BanType.Nick;
}

/** A nick, an address or a range as {@link compared} has it, however it is written. */
function asCompared(text: string): string {
  const range = parseRange(text);
  return nickKey(oneForm(text) ?? (range ? formatRange(range) : text));
}

/** What a ban compares users with. */
function compared({ nick, ip, range, host, share }: Ban): string[] {
  return [nick, ip, range ? formatRange(range) : "", host, share].filter((text) => text !== "");
}

function nameOf(type: number): string {
  return Object.entries(BanType).find(([, bit]) => bit === type)?.[0] ?? String(type);
}
