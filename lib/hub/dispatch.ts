/**
 * Every line of every client comes through here, to the handler of its command.
 * @packageDocumentation
 */
import * as chat from "./chat.js";
import type { Client } from "./client.js";
import * as info from "./info.js";
import * as login from "./login.js";
import * as operators from "./operators.js";
import { splitCommand } from "./protocol.js";
import * as routing from "./routing.js";
import type { User } from "./users.js";

/** Before the nick is accepted. */
type LoginHandler = (client: Client, rest: string, line: string, bytes: Buffer) => void;
/** With an accepted nick. */
type UserHandler = (client: Client, user: User, rest: string, line: string) => void;

// Maps, not objects: a client may send "$__proto__".
const LOGIN = new Map<string, LoginHandler>([
  ["Supports", login.onSupports],
  ["Key", (client, _rest, _line, bytes) => login.onKey(client, bytes)],
  ["ValidateNick", login.onValidateNick],
  ["MyPass", login.onMyPass],
  ["MyNick", login.onMyNick],
  ["Lock", login.onPeerLock],
]);

const ANY_TIME = new Map<string, LoginHandler>([
  ["Version", (client, _rest, line) => login.onVersion(client, line)],
  ["GetNickList", (client) => info.onGetNickList(client)],
]);

/** What makes sense as soon as the nick is accepted. */
const NAMED = new Map<string, UserHandler>([
  ["MyINFO", (client, user, rest) => onMyInfo(client, user, rest)],
  ["MyHubURL", info.onMyHubUrl],
  ["ExtJSON", info.onExtJson],
  ["BotINFO", (client, user, _rest, line) => info.onBotInfo(client, user, line)],
  ["GetINFO", info.onGetInfo],
  ["UserIP", info.onUserIp],
]);

/** What makes sense for those in the user list. */
const LISTED = new Map<string, UserHandler>([
  ["To:", chat.onTo],
  ["MCTo:", chat.onMcTo],
  ["MCTo", chat.onMcTo],
  ["Search", routing.onSearch],
  ["SR", routing.onSearchResult],
  ["ConnectToMe", routing.onConnectToMe],
  ["RevConnectToMe", routing.onRevConnectToMe],
  ["Kick", operators.onKick],
  ["Close", operators.onClose],
]);

/** Takes one line, without its `|`. An empty one keeps the connection alive and means nothing. */
export function receive(client: Client, bytes: Buffer): void {
  const line = client.hub.codec.decode(bytes);
  if (line === "") return;
  const { user } = client;
  const seen = user
    ? client.ask("OnParsedMsgAny", user.nick, line)
    : client.ask("OnParsedMsgAnyEx", client.ip, line);
  if (!seen) return;

  const parsed = splitCommand(line);
  if (!parsed) {
    if (user?.listed) chat.onChat(client, user, line);
    return;
  }
  const { command, rest } = parsed;
  const early = ANY_TIME.get(command) ?? (user ? undefined : LOGIN.get(command));
  const later = NAMED.get(command) ?? (user?.listed ? LISTED.get(command) : undefined);
  if (early) early(client, rest, line, bytes);
  else if (later && user) later(client, user, rest, line);
  else if (!isKnown(command)) client.ask("OnUnknownMsg", user?.nick ?? "", line);
}

/** The first one logs in, each later one changes. */
function onMyInfo(client: Client, user: User, rest: string): void {
  if (user.listed) info.onMyInfo(client, user, rest);
  else login.onFirstMyInfo(client, user, rest);
}

/** A known command that came at the wrong time is no unknown one: it is ignored. */
function isKnown(command: string): boolean {
  return [LOGIN, ANY_TIME, NAMED, LISTED].some((table) => table.has(command));
}
