/**
 * What clients send each other through the hub: searches, results, requests to connect.
 * @packageDocumentation
 */
import { Hook } from "../hooks.js";
import { isSameAddress } from "./addresses.js";
import { may } from "./chat.js";
import type { Client } from "./client.js";
import type { Line } from "./line.js";
import { parseConnectToMe, parseTwoNicks } from "./protocol.js";
import { parseSearch, parseSearchResult, parseShortSearch, type Search } from "./search.js";
import { isOperator, isPassive, type User } from "./users.js";

/** `$Search …` */
export function onSearch(client: Client, user: User, { rest, arrival }: Line): void {
  forward(client, user, parseSearch(rest), arrival.at);
}

/** `$SA hash ip:port`, `$SP hash nick`: searches for a hash, in short. */
export function onShortSearch(client: Client, user: User, { command, rest, arrival }: Line): void {
  forward(client, user, parseShortSearch(command === "SP" ? "SP" : "SA", rest), arrival.at);
}

/** `$SR me …<5>target`: a result for a passive searcher, who gets it without the last field. */
export function onSearchResult(client: Client, user: User, { text }: Line): void {
  const result = parseSearchResult(text);
  if (result?.source !== user.nick) return;
  if (!client.ask(Hook.OnParsedMsgSR, user.nick, text)) return;
  client.hub.users.online(result.target)?.client.relay(result.forwarded);
}

/**
 * An active search goes to all others, a passive one to those who can be answered through: the active. Each gets the
 * shortest form that it understands; scripts see the long one, which all of them know.
 */
function forward(client: Client, user: User, search: Search | undefined, at: number): void {
  if (!search) return;
  const { searcher, long, short } = search;
  const passive = "nick" in searcher;
  if (passive ? searcher.nick !== user.nick : !isSameAddress(user.ip, searcher.ip)) {
    client.tell("Your search was refused: it names another nick or address than yours.");
    return;
  }
  if (!may(client, user, "search") || !isTimeToSearch(client, user, at)) return;
  if (!client.ask(Hook.OnParsedMsgSearch, user.nick, long)) return;
  client.searchedAt = at;
  const full = `${long}|`;
  const brief = short === undefined ? full : `${short}|`;
  client.hub.users.sendEach((other) => {
    if (other === user || (passive && isPassive(other))) return undefined;
    return other.client.supports.has("TTHS") ? brief : full;
  });
}

/** Each search costs all others: not more often than `int_search` says, except by operators. */
function isTimeToSearch(client: Client, user: User, at: number): boolean {
  const wait = client.hub.config.number("int_search") * 1000;
  const left = client.searchedAt + wait - at;
  if (left <= 0 || isOperator(user)) return true;
  client.tell(`Your search was refused: search again in ${Math.ceil(left / 1000)} seconds.`);
  return false;
}

/** `$ConnectToMe target ip:port` */
export function onConnectToMe(client: Client, user: User, { rest }: Line): void {
  const request = parseConnectToMe(rest);
  if (!request) return;
  const { target, ip, port, sender } = request;
  if (!isSameAddress(user.ip, ip) || (sender !== undefined && sender !== user.nick)) {
    // Or the hub would aim its users' clients at anybody.
    client.tell(
      "Your request to connect was refused: it names another nick or address than yours.",
    );
    return;
  }
  if (!may(client, user, "ctm")) return;
  if (!client.ask(Hook.OnParsedMsgConnectToMe, user.nick, target, ip, port)) return;
  // With NAT traversal (a port that ends in N) the target needs the sender's nick to answer.
  const behind = port.includes("N") && sender !== undefined ? ` ${sender}` : "";
  client.hub.users.online(target)?.client.relay(`$ConnectToMe ${target} ${ip}:${port}${behind}|`);
}

/** `$RevConnectToMe me target`: a passive client asks to be connected to. */
export function onRevConnectToMe(client: Client, user: User, { rest, text }: Line): void {
  const [me, target] = parseTwoNicks(rest) ?? [];
  if (me !== user.nick || target === undefined || !may(client, user, "ctm")) return;
  if (!client.ask(Hook.OnParsedMsgRevConnectToMe, user.nick, target)) return;
  client.hub.users.online(target)?.client.relay(`${text}|`);
}
