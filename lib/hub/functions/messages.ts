/**
 * The vh functions that send: main chat, private messages, raw protocol.
 * @packageDocumentation
 */
import type { HubApi } from "../../hub-api.js";
import { sendToOpChat } from "../chat.js";
import type { Hub } from "../hub.js";
import { endLine, formatChat, formatTo } from "../protocol.js";
import { isPassive, type User } from "../users.js";
import { clamp } from "./clamp.js";

/** A filter for the users of a class range. */
const ofClass = (min: number, max: number) => (user: User) =>
  user.userClass >= min && user.userClass <= max;

const isActive = (user: User) => !isPassive(user);

/** The functions that send. Raw protocol goes out at once: the socket's own buffer makes a delay pointless. */
export function messageFunctions(hub: Hub) {
  const { users } = hub;
  let announcing = false;

  /** Main chat by the hub; what a script says in OnPublicBotMessage itself is not announced again. */
  function say(message: string, nick: string, min: number, max: number, everybody: boolean) {
    users.broadcast(formatChat(nick, message), everybody ? undefined : ofClass(min, max));
    if (announcing) return true;
    announcing = true;
    try {
      hub.scripts.dispatch("OnPublicBotMessage", nick, message, min, max);
    } finally {
      announcing = false;
    }
    return true;
  }

  function sendTo(nick: string, data: string): boolean {
    const client = users.online(nick)?.client;
    client?.send(data);
    return client !== undefined;
  }

  function sendRaw(data: string, filter?: (user: User) => boolean): boolean {
    users.broadcast(endLine(data), filter);
    return true;
  }

  return {
    mc: (message, fromNick) => say(message, fromNick ?? hub.botName, 0, 10, true),
    classmc: (message, minClass, maxClass, fromNick) =>
      say(
        message,
        fromNick ?? hub.botName,
        clamp(minClass, -1, 10),
        clamp(maxClass, -1, 10),
        false,
      ),
    usermc: (message, nick, fromNick) => sendTo(nick, formatChat(fromNick ?? hub.botName, message)),
    pm(message, nick, fromNick, backNick) {
      const from = fromNick ?? hub.botName;
      return sendTo(nick, formatTo(nick, backNick ?? from, from, message));
    },
    SendPMToAll(message, fromNick, minClass, maxClass) {
      for (const { nick, client } of users.listening().filter(ofClass(minClass, maxClass))) {
        client.send(formatTo(nick, fromNick, fromNick, message));
      }
      return true;
    },
    SendToOpChat(message, fromNick) {
      sendToOpChat(hub, fromNick ?? hub.opChatName, message);
      return true;
    },
    SendDataToUser: (data, nick) => sendTo(nick, endLine(data)),
    SendDataToAll: (data, minClass, maxClass) => sendRaw(data, ofClass(minClass, maxClass)),
    SendToActive: (data) => sendRaw(data, isActive),
    SendToPassive: (data) => sendRaw(data, isPassive),
    SendToActiveClass: (data, minClass, maxClass) =>
      sendRaw(data, (user) => isActive(user) && ofClass(minClass, maxClass)(user)),
    SendToPassiveClass: (data, minClass, maxClass) =>
      sendRaw(data, (user) => isPassive(user) && ofClass(minClass, maxClass)(user)),
  } satisfies Partial<HubApi>;
}
