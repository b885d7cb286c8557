/**
 * What users say: main chat, private messages, the operators' chat, main chat to one user.
 * @packageDocumentation
 */
import { Hook } from "../hooks.js";
import type { Client } from "./client.js";
import { looksLikeCommand, refuseUnknown, runCommand, staysPrivate } from "./commands/index.js";
import { UserClass } from "./constants.js";
import type { Hub } from "./hub.js";
import type { Line } from "./line.js";
import { formatChat, formatTo, parseChat, parseMcTo, parseTo } from "./protocol.js";
import type { Restricted } from "./storage/restrictions.js";
import { isOperator, type User } from "./users.js";

/** `<nick> text`: a command, or for all to see. */
export function onChat(client: Client, user: User, line: Line): void {
  const { hub } = client;
  const said = parseChat(line.text);
  if (!said) return;
  if (said.nick !== user.nick) {
    client.tell("Your message was refused: it names another sender.");
    return;
  }
  if (looksLikeCommand(hub, said.text)) {
    if (runCommand(hub, user, said.text, false)) return;
    if (staysPrivate(hub, said.text)) {
      refuseUnknown(hub, user, said.text, false);
      return;
    }
  }
  if (!client.connection.isOpen() || !may(client, user, "chat")) return;
  rememberKick(user, said.text);
  const allowed = client.amend(Hook.OnParsedMsgChat, user.nick, said.text);
  if (!allowed) return;
  const [nick, text] = allowed;
  const isAsCame = said.canonical && text === said.text && nick === said.nick;
  hub.users.broadcast(isAsCame ? `${line.text}|` : formatChat(nick, text));
}

/** `$To: target From: nick $<nick> text` */
export function onTo(client: Client, user: User, line: Line): void {
  const { hub } = client;
  const said = parseTo(line.rest);
  if (said?.nick !== user.nick) {
    client.tell("Your private message was refused: it is malformed, or names another sender.");
    return;
  }
  const { text, target, canonical } = said;
  if (target === hub.botName && looksLikeCommand(hub, text)) {
    if (!runCommand(hub, user, text, true)) refuseUnknown(hub, user, text, true);
    return;
  }
  if (!may(client, user, "pm")) return;
  if (!client.ask(Hook.OnParsedMsgPM, user.nick, text, target)) return;
  if (target === hub.opChatName) {
    sayInOpChat(client, user, text);
  } else {
    pass(client, target, () =>
      canonical ? `${line.text}|` : formatTo(target, user.nick, user.nick, text),
    );
  }
}

/** `$MCTo: target $nick text`: a main chat line that one user sees. */
export function onMcTo(client: Client, user: User, { rest }: Line): void {
  const said = parseMcTo(rest);
  if (said?.nick !== user.nick || !may(client, user, "pm")) return;
  if (!client.ask(Hook.OnParsedMsgMCTo, user.nick, said.text, said.target)) return;
  pass(client, said.target, ({ supports }) =>
    supports.has("MCTo")
      ? `$MCTo: ${said.target} $${user.nick} ${said.text}|`
      : formatChat(user.nick, said.text),
  );
}

/** Passes a message on to a user; says so when that one cannot take it. */
function pass(client: Client, nick: string, line: (target: Client) => string): void {
  const target = client.hub.users.online(nick)?.client;
  if (target && !target.relay(line(target))) {
    client.tell(`Your message was not passed on: ${nick} does not keep up with reading.`);
  }
}

/** Sends a line to every operator but `except`, as a private message of the operators' chat. */
export function sendToOpChat(hub: Hub, nick: string, text: string, except?: User): void {
  for (const operator of hub.users.listening()) {
    if (operator === except || !isOperator(operator)) continue;
    operator.client.send(formatTo(operator.nick, hub.opChatName, nick, text));
  }
}

/** Whether the user may do it now; says so if not. Pingers, of whom the hub wants no share or tag, are here to look. */
export function may(client: Client, user: User, what: Restricted): boolean {
  const forbidden =
    user.userClass < UserClass.Normal || client.hub.restrictions.forbids(user.nick, what);
  if (forbidden) client.tell(`You are not allowed to do this now (${what}).`);
  return !forbidden;
}

function sayInOpChat(client: Client, user: User, text: string): void {
  if (!isOperator(user)) {
    client.tell(`${client.hub.opChatName} is for operators.`);
    return;
  }
  if (client.ask(Hook.OnOpChatMessage, user.nick, text)) {
    sendToOpChat(client.hub, user.nick, text, user);
  }
}

/** Operators' clients say why in chat, then send a bare `$Kick`. */
function rememberKick(user: User, text: string): void {
  if (!isOperator(user)) return;
  const match = /is kicking (\S+) because: (.*)/s.exec(text);
  if (match) user.announcedKick = { nick: match[1] ?? "", reason: match[2] ?? "" };
}
