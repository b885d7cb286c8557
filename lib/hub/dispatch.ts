/**
 * Every line of every client comes through here, to the handler of its command.
 * @packageDocumentation
 */
import { onMyPass, onValidateNick } from "./authentication.js";
import * as chat from "./chat.js";
import type { Client } from "./client.js";
import type { Arrival } from "./connection.js";
import { onMyNick, onPeerLock } from "./ctm-to-hub.js";
import * as info from "./info.js";
import type { MessageKind } from "./limits.js";
import * as login from "./login.js";
import * as operators from "./operators.js";
import { commandOf, restOf, type Line } from "./protocol.js";
import * as routing from "./routing.js";
import { onUserIp } from "./user-ip.js";
import type { User } from "./users.js";

type ClientHandler = (client: Client, line: Line) => void;
type UserHandler = (client: Client, user: User, line: Line) => void;
type Handler = (client: Client, user: User | undefined, line: Line) => void;

// A command that comes at another time is no unknown one: it is ignored.

const atAnyTime =
  (handle: ClientHandler): Handler =>
  (client, _user, line) => {
    handle(client, line);
  };

/** Before the nick is accepted. */
const atLogin =
  (handle: ClientHandler): Handler =>
  (client, user, line) => {
    if (!user) handle(client, line);
  };

/** As soon as the nick is accepted. */
const ofNamed =
  (handle: UserHandler): Handler =>
  (client, user, line) => {
    if (user) handle(client, user, line);
  };

/** For those in the user list. */
const ofListed =
  (handle: UserHandler): Handler =>
  (client, user, line) => {
    if (user?.listed) handle(client, user, line);
  };

/** What a line is to the hub: how it is counted, and who takes it. */
interface Command {
  readonly kind: MessageKind;
  readonly handle: Handler;
}

const CHAT: Command = { kind: "chat", handle: ofListed(chat.onChat) };

const UNKNOWN: Command = {
  kind: "other",
  handle(client, user, { text }) {
    client.ask("OnUnknownMsg", user?.nick ?? "", text);
  },
};

// A map, not an object: a client may send "$__proto__".
const COMMANDS = new Map<string, Command>([
  ["Supports", { kind: "other", handle: atLogin(login.onSupports) }],
  ["Key", { kind: "other", handle: atLogin(login.onKey) }],
  ["ValidateNick", { kind: "other", handle: atLogin(onValidateNick) }],
  ["MyPass", { kind: "other", handle: atLogin(onMyPass) }],
  ["MyNick", { kind: "other", handle: atLogin(onMyNick) }],
  ["Lock", { kind: "other", handle: atLogin(onPeerLock) }],
  ["Version", { kind: "other", handle: atAnyTime(login.onVersion) }],
  ["GetNickList", { kind: "list", handle: atAnyTime(info.onGetNickList) }],
  ["MyINFO", { kind: "info", handle: ofNamed(login.onMyInfo) }],
  ["MyHubURL", { kind: "info", handle: ofNamed(info.onMyHubUrl) }],
  ["ExtJSON", { kind: "info", handle: ofNamed(info.onExtJson) }],
  ["BotINFO", { kind: "other", handle: ofNamed(info.onBotInfo) }],
  ["GetINFO", { kind: "query", handle: ofNamed(info.onGetInfo) }],
  ["UserIP", { kind: "query", handle: ofNamed(onUserIp) }],
  ["To:", { kind: "pm", handle: ofListed(chat.onTo) }],
  ["MCTo:", { kind: "mcTo", handle: ofListed(chat.onMcTo) }],
  ["MCTo", { kind: "mcTo", handle: ofListed(chat.onMcTo) }],
  ["Search", { kind: "search", handle: ofListed(routing.onSearch) }],
  ["SA", { kind: "search", handle: ofListed(routing.onShortSearch) }],
  ["SP", { kind: "search", handle: ofListed(routing.onShortSearch) }],
  ["SR", { kind: "result", handle: ofListed(routing.onSearchResult) }],
  ["ConnectToMe", { kind: "connect", handle: ofListed(routing.onConnectToMe) }],
  ["RevConnectToMe", { kind: "connect", handle: ofListed(routing.onRevConnectToMe) }],
  ["Kick", { kind: "other", handle: ofListed(operators.onKick) }],
  ["Close", { kind: "other", handle: ofListed(operators.onClose) }],
  ["OpForceMove", { kind: "other", handle: ofListed(operators.onForceMove) }],
]);

/**
 * Takes one line, without its `|`. An empty one keeps the connection alive and means nothing.
 * @param wire - the line as it came: its characters are bytes
 */
export function receive(client: Client, wire: string, arrival: Arrival): void {
  const text = client.hub.codec.decode(wire, arrival.isAscii);
  if (text === "") return;
  const command = commandOf(text);
  const { kind, handle } = command === undefined ? CHAT : (COMMANDS.get(command) ?? UNKNOWN);
  client.hub.metrics?.received(nameOf(command));
  if (!client.messages.admit(client, kind, wire.length, arrival.at)) return;
  const { user } = client;
  const seen = user
    ? client.ask("OnParsedMsgAny", user.nick, text)
    : client.ask("OnParsedMsgAnyEx", client.ip, text);
  if (!seen) return;
  const rest = restOf(text, command);
  handle(client, user, { text, command, rest, wire, at: arrival.at });
}

/** A message's name, for the metrics: one of few, whatever clients send. */
function nameOf(command: string | undefined): string {
  if (command === undefined) return "chat";
  return COMMANDS.has(command) ? command.replace(":", "") : "unknown";
}
