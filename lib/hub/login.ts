/**
 * A client's way in, but for its nick: `$Supports`, `$Key`, and the first `$MyINFO`; and its way out.
 * @packageDocumentation
 */
import { Hook } from "../hooks.js";
import { isRefused } from "./banning.js";
import type { Client } from "./client.js";
import { CloseReason } from "./constants.js";
import { takeInfo } from "./info.js";
import type { Hub } from "./hub.js";
import type { Line } from "./line.js";
import { enter, leave, nameLine, sendLists, showInfo, topicLine } from "./presence.js";
import { lockToKey } from "./protocol.js";
import { sendAllAddresses } from "./user-ip.js";
import type { User } from "./users.js";
import { SOFTWARE } from "./version.js";

/** The extensions that the hub has, as its `$Supports` tells them. */
export const EXTENSIONS =
  "NoGetINFO NoHello UserIP UserIP2 HubTopic BotINFO HubINFO BotList MCTo HubURL ExtJSON2 TTHS ZPipe ZPipe0";
const KNOWN_EXTENSIONS = EXTENSIONS.split(" ");

/** What a client hears first. */
export function greet(client: Client): void {
  const { hub } = client;
  const pk = SOFTWARE.replaceAll(" ", "");
  client.send(`$Lock ${client.lock} Pk=${pk}|${nameLine(hub)}`);
}

/** `$Supports ext1 ext2 …` */
export function onSupports(client: Client, { rest, text }: Line): void {
  const told = new Set(rest.split(" "));
  // The others mean nothing here, and a client could name thousands.
  client.supports = new Set(KNOWN_EXTENSIONS.filter((extension) => told.has(extension)));
  const answer = `$Supports ${EXTENSIONS}`;
  if (!client.ask(Hook.OnParsedMsgSupports, client.ip, text, answer)) return;
  client.send(`${answer}|`);
  if (client.supports.has("ZPipe") || client.supports.has("ZPipe0")) client.connection.compress();
}

/** `$Key …`: bytes rather than text, whatever the encoding. */
export function onKey(client: Client, { wire }: Line): void {
  client.keyGiven = wire.slice("$Key ".length) === lockToKey(client.lock).toString("latin1");
  if (!client.keyGiven) client.expel(CloseReason.InvalidKey, "The key does not fit the lock.");
}

/** `$Version …` */
export function onVersion(client: Client, { text }: Line): void {
  client.require(Hook.OnParsedMsgVersion, client.ip, text);
}

/** `$MyINFO`: the first one makes a client a user that the others see, each later one changes what they see. */
export function onMyInfo(client: Client, user: User, { rest }: Line): void {
  if (!user.listed) enterWith(client, user, rest);
  else changeInfo(client, user, rest);
}

/** The end of a client, whoever ended it. */
export function onGone(client: Client, reason: number): void {
  const { hub, user, ip } = client;
  if (user) {
    leave(hub, user);
    if (user.listed) hub.scripts.dispatch("OnUserLogout", user.nick);
  }
  tellGone(hub, ip, reason, user?.nick ?? "");
  if (user) {
    note(hub, () => {
      hub.registrations.loggedOut(user.nick);
    });
  }
}

/** Keeps what is nice to know: a full disk, or another program that holds the database, keeps nobody out. */
export function note(hub: Hub, write: () => void): void {
  try {
    write();
  } catch (error) {
    hub.warn(`Who logs in and out is not kept: ${String(error)}`);
  }
}

/** Tells the scripts that a connection has closed. */
export function tellGone({ scripts }: Hub, ip: string, reason: number, nick: string): void {
  scripts.dispatch("OnCloseConn", ip);
  scripts.dispatch("OnCloseConnEx", ip, reason, nick);
}

function enterWith(client: Client, user: User, rest: string): void {
  const { hub } = client;
  if (!takeInfo(client, user, rest, true) || isRefusedByInfo(client, user)) return;
  if (!client.require(Hook.OnUserInList, user.nick)) return;
  enter(hub, user);
  if (hub.config.text("hub_topic") !== "") client.send(topicLine(hub));
  if (client.wantsNickList) sendLists(client);
  sendAllAddresses(user);
  if (client.supports.has("HubURL")) client.send("$GetHubURL|");
  client.require(Hook.OnUserLogin, user.nick);
}

function changeInfo(client: Client, user: User, rest: string): void {
  const before = user.info?.share;
  if (!takeInfo(client, user, rest, false)) return;
  if (user.info?.share !== before && isRefusedByInfo(client, user)) return;
  showInfo(client.hub, user);
}

function isRefusedByInfo(client: Client, { info, userClass }: User): boolean {
  return info !== undefined && isRefused(client, { share: info.share }, userClass);
}
