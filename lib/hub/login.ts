/**
 * A client's way in: `$Supports`, `$Key`, `$ValidateNick`, `$MyPass`, and the first `$MyINFO`.
 * @packageDocumentation
 */
import { isRefused } from "./banning.js";
import type { Client } from "./client.js";
import { CloseReason, UserClass } from "./constants.js";
import { takeInfo } from "./info.js";
import type { Hub } from "./hub.js";
import { nickObjection } from "./nick-rules.js";
import { enter, leave, nameLine, sendLists, showInfo, topicLine } from "./presence.js";
import { lockToKey, type Line } from "./protocol.js";
import { isPassword } from "./storage/index.js";
import type { Registration } from "./storage/registrations.js";
import { lookUpHost } from "./user-host.js";
import { sendAllAddresses, sendOwnAddress } from "./user-ip.js";
import { isOperator, type User } from "./users.js";
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
  if (!client.ask("OnParsedMsgSupports", client.ip, text, answer)) return;
  client.send(`${answer}|`);
  if (client.supports.has("ZPipe") || client.supports.has("ZPipe0")) client.connection.compress();
}

/** `$Key …`: bytes rather than text, whatever the encoding. */
export function onKey(client: Client, { bytes }: Line): void {
  client.keyGiven = bytes.subarray("$Key ".length).equals(lockToKey(client.lock));
  if (!client.keyGiven) client.expel(CloseReason.InvalidKey, "The key does not fit the lock.");
}

/** `$ValidateNick nick` */
export function onValidateNick(client: Client, { rest: nick, text }: Line): void {
  const { hub } = client;
  if (!client.keyGiven) {
    client.expel(CloseReason.InvalidKey, "The $Key is missing.");
    return;
  }
  if (!client.require("OnParsedMsgValidateNick", text)) return;
  const registration = hub.registrations.get(nick);
  const objection = nickObjection(nick, hub.config, registration !== undefined);
  if (objection !== undefined) {
    denyNick(client, nick, objection);
    return;
  }
  if (registration?.enabled === false) {
    denyNick(client, nick, "The nick's registration is disabled.");
    return;
  }
  if (registration && registration.passwordHash !== "") {
    client.claimedNick = nick;
    client.send("$GetPass|");
    return;
  }
  acceptNick(client, nick, registration, false);
}

/** `$MyPass password` */
export function onMyPass(client: Client, { rest: password, text }: Line): void {
  const { hub, claimedNick: nick } = client;
  if (nick === undefined) return;
  if (!client.require("OnParsedMsgMyPass", nick, text)) return;
  if (!hub.passwordAttempts.begin(client.ip, nick)) {
    client.expel(CloseReason.LoginError, "Too many wrong passwords: try again in some minutes.");
    return;
  }
  // The hash is computed aside; what the client sends meanwhile waits.
  client.connection.hold();
  const asked = hub.registrations.get(nick);
  void isPassword(password, asked?.passwordHash)
    .then((isRight) => {
      if (!client.connection.isOpen()) return;
      finishPassword(client, nick, isRight ? asked : undefined);
      client.connection.release();
    })
    .catch((error: unknown) => {
      client.fail(error);
    });
}

function finishPassword(client: Client, nick: string, proven: Registration | undefined): void {
  const { hub, ip } = client;
  const registration = hub.registrations.get(nick);
  // Another password since, or none, is as wrong as another one given.
  if (!registration?.enabled || registration.passwordHash !== proven?.passwordHash) {
    note(hub, () => {
      hub.registrations.failed(nick, ip);
    });
    // Clients end at $BadPass, and not all of them say why.
    client.tell("The password is wrong.");
    client.send("$BadPass|");
    client.connection.close(CloseReason.Password);
    return;
  }
  hub.passwordAttempts.succeed(client.ip, nick);
  // Who knows the password may take the nick back from a connection that hangs.
  hub.users.online(nick)?.client.connection.close(CloseReason.Self);
  acceptNick(client, nick, registration, true);
}

/** `$Version …` */
export function onVersion(client: Client, { text }: Line): void {
  client.require("OnParsedMsgVersion", client.ip, text);
}

/** `$MyINFO`: the first one makes a client a user that the others see, each later one changes what they see. */
export function onMyInfo(client: Client, user: User, { rest }: Line): void {
  if (!user.listed) enterWith(client, user, rest);
  else if (takeInfo(client, user, rest, false) && !isRefusedByInfo(client, user)) {
    showInfo(client.hub, user);
  }
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
function note(hub: Hub, write: () => void): void {
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
  if (!client.require("OnUserInList", user.nick)) return;
  enter(hub, user);
  if (hub.config.text("hub_topic") !== "") client.send(topicLine(hub));
  if (client.wantsNickList) sendLists(client);
  sendAllAddresses(user);
  if (client.supports.has("HubURL")) client.send("$GetHubURL|");
  client.require("OnUserLogin", user.nick);
}

function isRefusedByInfo(client: Client, { info, userClass }: User): boolean {
  return info !== undefined && isRefused(client, { share: info.share }, userClass);
}

function acceptNick(
  client: Client,
  nick: string,
  registration: Registration | undefined,
  gavePassword: boolean,
): void {
  const { hub, ip } = client;
  const userClass = registration?.userClass ?? UserClass.Normal;
  if (isRefused(client, { nick, ip }, userClass)) return;
  // Operators find room in any case.
  if (
    userClass < UserClass.Operator &&
    hub.users.connected >= hub.config.number("max_users_total")
  ) {
    client.send("$HubIsFull|");
    client.connection.close(CloseReason.UserLimit);
    return;
  }
  if (hub.users.get(nick)) {
    denyNick(client, nick, "The nick is taken.");
    return;
  }
  if (registration) {
    note(hub, () => {
      hub.registrations.loggedIn(nick, ip);
    });
  }
  const pinger = userClass === UserClass.Normal && client.supports.has("BotINFO");
  client.user = {
    nick,
    client,
    userClass: pinger ? UserClass.Pinger : userClass,
    gavePassword,
    listed: false,
    ip,
  };
  hub.users.add(client.user);
  lookUpHost(client.user);
  client.send(`${isOperator(client.user) ? `$LogedIn ${nick}|` : ""}$Hello ${nick}|`);
  sendOwnAddress(client.user);
}

function denyNick(client: Client, nick: string, why: string): void {
  client.send(`$ValidateDenide ${nick}|`);
  client.expel(CloseReason.BadNick, why);
}
