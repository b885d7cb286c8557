/**
 * Who a client is: `$ValidateNick`, and `$MyPass` for a registered nick.
 * @packageDocumentation
 */
import { Hook } from "../hooks.js";
import { isRefused } from "./banning.js";
import type { Client } from "./client.js";
import { CloseReason, UserClass } from "./constants.js";
import type { Line } from "./line.js";
import { note } from "./login.js";
import { nickObjection } from "./nick-rules.js";
import { isPassword } from "./storage/index.js";
import type { Registration } from "./storage/registrations.js";
import { lookUpHost } from "./user-host.js";
import { sendOwnAddress } from "./user-ip.js";
import { isOperator } from "./users.js";

/** `$ValidateNick nick` */
export function onValidateNick(client: Client, { rest: nick, text }: Line): void {
  const { hub } = client;
  if (!client.keyGiven) {
    client.expel(CloseReason.InvalidKey, "The $Key is missing.");
    return;
  }
  if (!client.require(Hook.OnParsedMsgValidateNick, text)) return;
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
  if (!client.require(Hook.OnParsedMsgMyPass, nick, text)) return;
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
  // Another password since, or none, is as wrong as another one given.
  const current = () => {
    const registration = hub.registrations.get(nick);
    const isProven = registration?.enabled && registration.passwordHash === proven?.passwordHash;
    return isProven ? registration : undefined;
  };
  // Who knows the password may take the nick back from a connection that hangs.
  if (current()) hub.users.online(nick)?.client.connection.close(CloseReason.Self);
  // Not before: scripts hear of the end of that connection, and may change who is registered.
  const registration = current();
  if (!registration) {
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
  acceptNick(client, nick, registration, true);
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
