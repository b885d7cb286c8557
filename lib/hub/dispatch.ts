/**
 * Every line of every client comes through here, to the handler of its command.
 * @packageDocumentation
 */
import { Hook } from "../hooks.js";
import { onMyPass, onValidateNick } from "./authentication.js";
import * as chat from "./chat.js";
import type { Client } from "./client.js";
import type { Arrival } from "./connection.js";
import { onMyNick, onPeerLock } from "./ctm-to-hub.js";
import * as info from "./info.js";
import type { MessageKind } from "./limits.js";
import { Line } from "./line.js";
import * as login from "./login.js";
import * as operators from "./operators.js";
import * as routing from "./routing.js";
import { onUserIp } from "./user-ip.js";
import type { User } from "./users.js";

type ClientHandler = (client: Client, line: Line) => void;
type UserHandler = (client: Client, user: User, line: Line) => void;

/** What a line is to the hub: how it is counted, and who takes it at what time. At another time it is ignored. */
type Command = { readonly kind: MessageKind } & (
  | { readonly when: "login" | "always"; readonly handle: ClientHandler }
  | { readonly when: "named" | "listed"; readonly handle: UserHandler }
);

const CHAT: Command = { kind: "chat", when: "listed", handle: chat.onChat };

const UNKNOWN: Command = {
  kind: "other",
  when: "always",
  handle: (client, { text }) => {
    client.ask(Hook.OnUnknownMsg, client.user?.nick ?? "", text);
  },
};

// A map, not an object: a client may send "$__proto__".
const COMMANDS = new Map<string, Command>([
  ["Supports", { kind: "other", when: "login", handle: login.onSupports }],
  ["Key", { kind: "other", when: "login", handle: login.onKey }],
  ["ValidateNick", { kind: "other", when: "login", handle: onValidateNick }],
  ["MyPass", { kind: "other", when: "login", handle: onMyPass }],
  ["MyNick", { kind: "other", when: "login", handle: onMyNick }],
  ["Lock", { kind: "other", when: "login", handle: onPeerLock }],
  ["Version", { kind: "other", when: "always", handle: login.onVersion }],
  ["GetNickList", { kind: "list", when: "always", handle: info.onGetNickList }],
  ["MyINFO", { kind: "info", when: "named", handle: login.onMyInfo }],
  ["MyHubURL", { kind: "info", when: "named", handle: info.onMyHubUrl }],
  ["ExtJSON", { kind: "info", when: "named", handle: info.onExtJson }],
  ["BotINFO", { kind: "other", when: "named", handle: info.onBotInfo }],
  ["GetINFO", { kind: "query", when: "named", handle: info.onGetInfo }],
  ["UserIP", { kind: "query", when: "named", handle: onUserIp }],
  ["To:", { kind: "pm", when: "listed", handle: chat.onTo }],
  ["MCTo:", { kind: "mcTo", when: "listed", handle: chat.onMcTo }],
  ["MCTo", { kind: "mcTo", when: "listed", handle: chat.onMcTo }],
  ["Search", { kind: "search", when: "listed", handle: routing.onSearch }],
  ["SA", { kind: "search", when: "listed", handle: routing.onShortSearch }],
  ["SP", { kind: "search", when: "listed", handle: routing.onShortSearch }],
  ["SR", { kind: "result", when: "listed", handle: routing.onSearchResult }],
  ["ConnectToMe", { kind: "connect", when: "listed", handle: routing.onConnectToMe }],
  ["RevConnectToMe", { kind: "connect", when: "listed", handle: routing.onRevConnectToMe }],
  ["Kick", { kind: "other", when: "listed", handle: operators.onKick }],
  ["Close", { kind: "other", when: "listed", handle: operators.onClose }],
  ["OpForceMove", { kind: "other", when: "listed", handle: operators.onForceMove }],
]);

/**
 * Takes one line, without its `|`. An empty one keeps the connection alive and means nothing.
 * @param wire - the line as it came: its characters are bytes
 */
export function receive(client: Client, wire: string, arrival: Arrival): void {
  const text = client.hub.codec.decode(wire, arrival.isAscii);
  if (text === "") return;
  const line = new Line(text, wire, arrival);
  const command = line.command === undefined ? CHAT : (COMMANDS.get(line.command) ?? UNKNOWN);
  client.hub.metrics?.received(nameOf(line.command));
  if (!client.messages.admit(client, command.kind, wire.length, arrival.at)) return;
  const { user } = client;
  const seen = user
    ? client.ask(Hook.OnParsedMsgAny, user.nick, text)
    : client.ask(Hook.OnParsedMsgAnyEx, client.ip, text);
  if (seen) handle(client, command, line);
}

function handle(client: Client, command: Command, line: Line): void {
  const { user } = client;
  switch (command.when) {
    case "login": // before the nick is accepted
      if (!user) command.handle(client, line);
      break;
    case "always":
      command.handle(client, line);
      break;
    case "named": // as soon as the nick is accepted
      if (user) command.handle(client, user, line);
      break;
    case "listed": // in the user list
      if (user?.listed) command.handle(client, user, line);
      break;
  }
}

/** A message's name, for the metrics: one of few, whatever clients send. */
function nameOf(command: string | undefined): string {
  if (command === undefined) return "chat";
  return COMMANDS.has(command) ? command.replace(":", "") : "unknown";
}
