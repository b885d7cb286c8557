/**
 * What clients tell and ask about users: `$MyINFO`, `$GetINFO`, `$MyHubURL`, `$ExtJSON`, `$BotINFO`.
 * @packageDocumentation
 */
import { Hook } from "../hooks.js";
import type { Client } from "./client.js";
import { CloseReason } from "./constants.js";
import type { Line } from "./line.js";
import { parseMyInfo, type Info } from "./myinfo.js";
import { infoLine, sendLists, showExtJson } from "./presence.js";
import { escapeField, parseTwoNicks } from "./protocol.js";
import type { User } from "./users.js";
import { infoObjection, minShare } from "./requirements.js";
import { SOFTWARE } from "./version.js";

/**
 * Takes a `$MyINFO` as the user's own, if it is theirs and the scripts agree.
 * @returns false when it was refused; nothing has changed then
 */
export function takeInfo(client: Client, user: User, rest: string, first: boolean): boolean {
  // Clients repeat it now and then, though nothing has changed.
  const info = user.info?.isSaidBy(rest) ? user.info : parseMyInfo(rest, client.hub.codec);
  if (info?.nick !== user.nick) {
    if (!first) return false;
    if (info) client.expel(CloseReason.InvalidUser, "Your $MyINFO is not yours.");
    else client.expel(CloseReason.Syntax, "Your $MyINFO is malformed.");
    return false;
  }
  const objection = infoObjection(client.hub, user, info);
  if (objection) {
    client.expel(objection.reason, objection.why);
    return false;
  }
  if (!client.ask(Hook.OnValidateTag, user.nick, info.tag)) {
    client.expel(CloseReason.TagInvalid, "Your client's tag was not accepted.");
    return false;
  }
  let args = infoArgs(info);
  if (first) {
    const allowed = client.amend(Hook.OnFirstMyINFO, ...args);
    if (!allowed) {
      client.connection.close(CloseReason.Plugin);
      return false;
    }
    args = allowed;
  }
  const allowed = client.amend(Hook.OnParsedMsgMyINFO, ...args);
  if (!allowed) return false;
  const [, desc, tag, speed, email, told] = allowed;
  // A script's share that is no number would break the line for every client.
  const share = told === info.share || /^\d+$/.test(told) ? told : info.share;
  user.info = info.with({ desc, tag, speed, email, share });
  return true;
}

/** A user's fields in the order that hooks and scripts have them. */
export function infoArgs(info: Info): [string, string, string, string, string, string] {
  return [info.nick, info.desc, info.tag, info.speed, info.email, info.share];
}

/** `$GetNickList`: answered at login when it comes before. */
export function onGetNickList(client: Client): void {
  if (client.user?.listed) sendLists(client);
  else client.wantsNickList = true;
}

/** `$GetINFO other me` */
export function onGetInfo(client: Client, user: User, { rest }: Line): void {
  const [other, me] = parseTwoNicks(rest) ?? [];
  if (other === undefined || me !== user.nick) return;
  const found = client.hub.users.get(other);
  if (found?.listed) client.send(infoLine(client.hub, found));
}

/** `$MyHubURL url` */
export function onMyHubUrl(client: Client, user: User, { rest, text }: Line): void {
  if (client.require(Hook.OnParsedMsgMyHubURL, user.nick, text)) user.hubUrl = rest;
}

/** `$ExtJSON nick {…}`: kept, and shown to the clients that understand it. */
export function onExtJson(client: Client, user: User, { rest, text }: Line): void {
  if (!rest.startsWith(`${user.nick} `)) return;
  if (!client.ask(Hook.OnParsedMsgExtJSON, user.nick, text)) return;
  user.extJson = text;
  showExtJson(client.hub, user);
}

/** `$BotINFO …`: a hub list's pinger wants to know about the hub. */
export function onBotInfo(client: Client, user: User, { text }: Line): void {
  if (!client.require(Hook.OnParsedMsgBotINFO, user.nick, text)) return;
  const { config } = client.hub;
  const fields = [
    config.text("hub_name"),
    config.text("hub_host"),
    config.text("hub_desc"),
    config.text("max_users_total"),
    String(minShare(client.hub)),
    config.text("tag_min_slots"),
    config.text("tag_max_hubs"),
    SOFTWARE,
    config.text("hub_owner"),
  ];
  client.send(`$HubINFO ${fields.map(escapeField).join("$")}|`);
}
