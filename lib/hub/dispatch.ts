/**
 * Every line of every client comes through here, to the handler of its command.
 * @packageDocumentation
 */
import { onMyPass, onValidateNick } from "./authentication.js";
import * as chat from "./chat.js";
import type { Client } from "./client.js";
import { onMyNick, onPeerLock } from "./ctm-to-hub.js";
import * as info from "./info.js";
import * as login from "./login.js";
import * as operators from "./operators.js";
import { splitCommand, type Line } from "./protocol.js";
import * as routing from "./routing.js";
import { onUserIp } from "./user-ip.js";
import type { User } from "./users.js";

/** Before the nick is accepted, or whenever it comes. */
type ClientHandler = (client: Client, line: Line) => void;
/** With an accepted nick. */
type UserHandler = (client: Client, user: User, line: Line) => void;

// Maps, not objects: a client may send "$__proto__".
const LOGIN_HANDLERS = new Map<string, ClientHandler>([
  ["Supports", login.onSupports],
  ["Key", login.onKey],
  ["ValidateNick", onValidateNick],
  ["MyPass", onMyPass],
  ["MyNick", onMyNick],
  ["Lock", onPeerLock],
]);

const ANY_TIME_HANDLERS = new Map<string, ClientHandler>([
  ["Version", login.onVersion],
  ["GetNickList", info.onGetNickList],
]);

/** What makes sense as soon as the nick is accepted. */
const NAMED_HANDLERS = new Map<string, UserHandler>([
  ["MyINFO", login.onMyInfo],
  ["MyHubURL", info.onMyHubUrl],
  ["ExtJSON", info.onExtJson],
  ["BotINFO", info.onBotInfo],
  ["GetINFO", info.onGetInfo],
  ["UserIP", onUserIp],
]);

/** What makes sense for those in the user list. */
const LISTED_HANDLERS = new Map<string, UserHandler>([
  ["To:", chat.onTo],
  ["MCTo:", chat.onMcTo],
  ["MCTo", chat.onMcTo],
  ["Search", routing.onSearch],
  ["SA", routing.onShortSearch],
  ["SP", routing.onShortSearch],
  ["SR", routing.onSearchResult],
  ["ConnectToMe", routing.onConnectToMe],
  ["RevConnectToMe", routing.onRevConnectToMe],
  ["Kick", operators.onKick],
  ["Close", operators.onClose],
  ["OpForceMove", operators.onForceMove],
]);

/** Takes one line, without its `|`. An empty one keeps the connection alive and means nothing. */
export function receive(client: Client, wire: string, at = performance.now()): void {
  const text = client.hub.codec.decode(wire);
  if (text === "") return;
  const { command, rest } = splitCommand(text);
  client.hub.metrics?.received(kindOf(command));
  if (!client.messages.admit(client, command, wire.length, at)) return;
  const { user } = client;
  const seen = user
    ? client.ask("OnParsedMsgAny", user.nick, text)
    : client.ask("OnParsedMsgAnyEx", client.ip, text);
  if (!seen) return;

  const line = { text, command, rest, wire, at };
  if (command === undefined) {
    if (user?.listed) chat.onChat(client, user, line);
    return;
  }
  const early = ANY_TIME_HANDLERS.get(command) ?? (user ? undefined : LOGIN_HANDLERS.get(command));
  const later =
    NAMED_HANDLERS.get(command) ?? (user?.listed ? LISTED_HANDLERS.get(command) : undefined);
  if (early) early(client, line);
  else if (later && user) later(client, user, line);
  else if (!isKnown(command)) client.ask("OnUnknownMsg", user?.nick ?? "", text);
}

/** A known command that came at the wrong time is no unknown one: it is ignored. */
function isKnown(command: string): boolean {
  return [LOGIN_HANDLERS, ANY_TIME_HANDLERS, NAMED_HANDLERS, LISTED_HANDLERS].some((table) =>
    table.has(command),
  );
}

/** A message's kind, for the metrics: one of few, whatever clients send. */
function kindOf(command: string | undefined): string {
  if (command === undefined) return "chat";
  return isKnown(command) ? command.replace(":", "") : "unknown";
}
