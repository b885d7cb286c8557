/**
 * Who sees whom: the lists that a client gets, and what all get when somebody comes, changes or goes.
 * @packageDocumentation
 */
import type { Client } from "./client.js";
import type { Hub } from "./hub.js";
import { Info } from "./myinfo.js";
import { escapePipes, formatNicks, isNick } from "./protocol.js";
import { sendAllAddresses, showAddress } from "./user-ip.js";
import { isOperator, type User } from "./users.js";

/** The `$MyINFO` line of a user, "" before there is one. */
export function infoLine(hub: Hub, user: User): string {
  return user.info?.line(hub.codec) ?? "";
}

/** `$HubName …|` */
export function nameLine(hub: Hub): string {
  return `$HubName ${escapePipes(hub.config.text("hub_name"))}|`;
}

/** `$HubTopic …|` */
export function topicLine(hub: Hub): string {
  return `$HubTopic ${escapePipes(hub.config.text("hub_topic"))}|`;
}

/** Answers `$GetNickList`. */
export function sendLists(client: Client): void {
  const { hub } = client;
  const lists = [formatNicks("NickList", hub.users.nicks())];
  // A client without NoGetINFO asks for each by $GetINFO.
  if (client.supports.has("NoGetINFO")) {
    lists.push(...hub.users.listed().map((user) => infoLine(hub, user)));
  }
  lists.push(operatorLine(hub));
  if (client.supports.has("BotList")) lists.push(botLine(hub));
  if (hasExtJson(client)) lists.push(...hub.users.listed().map(extJsonLine));
  client.answer(lists.join(""));
}

/** Puts a user or bot into the user list and shows it to all. */
export function enter(hub: Hub, user: User): void {
  user.listed = true;
  hub.users.broadcast(
    `$Hello ${user.nick}|`,
    (other) => other !== user && other.client?.supports.has("NoHello") === false,
  );
  hub.users.broadcast(infoLine(hub, user));
  if (isOperator(user)) showOperators(hub);
  if (!user.client) showBots(hub);
  showAddress(hub, user);
  showExtJson(hub, user);
}

/** Puts a bot into the user list. @throws RangeError for a nick that the protocol cannot carry, or that is taken */
export function addBot(
  hub: Hub,
  bot: {
    nick: string;
    userClass: number;
    desc: string;
    speed?: string;
    email?: string;
    share?: string;
  },
): void {
  const { nick, userClass, desc, speed = "", email = "", share = "0" } = bot;
  if (!isNick(nick)) throw new RangeError(`No nick: ${nick}`);
  if (hub.users.get(nick)) throw new RangeError(`The nick is taken: ${nick}`);
  const info = new Info({ nick, desc, tag: "", speed, flag: 1, email, share });
  const user: User = { nick, userClass, gavePassword: false, listed: false, ip: "", info };
  hub.users.add(user);
  enter(hub, user);
}

/** Takes a user or bot out of the user list, for all to see. */
export function leave(hub: Hub, user: User): void {
  hub.users.remove(user);
  if (user.listed) hub.users.broadcast(`$Quit ${user.nick}|`);
}

/** Shows all what a user's `$MyINFO` is now. */
export function showInfo(hub: Hub, user: User): void {
  if (user.listed) hub.users.broadcast(infoLine(hub, user));
}

/** Shows a user's `$ExtJSON` to the clients that understand it. */
export function showExtJson(hub: Hub, user: User): void {
  if (!user.listed || user.extJson === undefined) return;
  hub.users.broadcast(extJsonLine(user), ({ client }) => hasExtJson(client));
}

/** Gives a user another class, and shows all who is an operator now. */
export function changeClass(hub: Hub, user: User, userClass: number): void {
  const before = isOperator(user);
  user.userClass = userClass;
  if (!user.listed || before === isOperator(user)) return;
  showOperators(hub);
  sendAllAddresses(user);
}

function showOperators(hub: Hub): void {
  hub.users.broadcast(operatorLine(hub));
}

function showBots(hub: Hub): void {
  hub.users.broadcast(botLine(hub), (user) => user.client?.supports.has("BotList") === true);
}

function hasExtJson(client: Client | undefined): boolean {
  return client?.supports.has("ExtJSON2") === true;
}

function extJsonLine({ extJson }: User): string {
  return extJson === undefined ? "" : `${extJson}|`;
}

function operatorLine(hub: Hub): string {
  return formatNicks("OpList", hub.users.nicks(isOperator));
}

function botLine(hub: Hub): string {
  return formatNicks(
    "BotList",
    hub.users.nicks((user) => !user.client),
  );
}
