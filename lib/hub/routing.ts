/**
 * What clients send each other through the hub: searches, results, requests to connect.
 * @packageDocumentation
 */
import { may } from "./chat.js";
import type { Client } from "./client.js";
import {
  parseConnectToMe,
  parseSearch,
  parseSearchResult,
  parseTwoNicks,
  type Line,
} from "./protocol.js";
import { isPassive, type User } from "./users.js";

/** `$Search ip:port …` goes to all others, `$Search Hub:nick …` to those who can be answered through: the active. */
export function onSearch(client: Client, user: User, { rest, text }: Line): void {
  const search = parseSearch(rest);
  if (!search) return;
  const passive = "nick" in search;
  if (passive ? search.nick !== user.nick : !isAddressOf(user, search.ip)) {
    client.tell("Your search was refused: it names another nick or address than yours.");
    return;
  }
  if (!may(client, user, "search")) return;
  if (!client.ask("OnParsedMsgSearch", user.nick, text)) return;
  client.hub.users.broadcast(
    `${text}|`,
    (other) => other !== user && !(passive && isPassive(other)),
  );
}

/** `$SR me …<5>target`: a result for a passive searcher, who gets it without the last field. */
export function onSearchResult(client: Client, user: User, { rest, text }: Line): void {
  const result = parseSearchResult(rest);
  if (result?.source !== user.nick) return;
  if (!client.ask("OnParsedMsgSR", user.nick, text)) return;
  client.hub.users.online(result.target)?.client.send(result.forwarded);
}

/** `$ConnectToMe target ip:port` */
export function onConnectToMe(client: Client, user: User, { rest }: Line): void {
  const request = parseConnectToMe(rest);
  if (!request) return;
  const { target, ip, port, sender } = request;
  if (!isAddressOf(user, ip) || (sender !== undefined && sender !== user.nick)) {
    client.tell(
      "Your request to connect was refused: it names another nick or address than yours.",
    );
    return;
  }
  if (!may(client, user, "ctm")) return;
  if (!client.ask("OnParsedMsgConnectToMe", user.nick, target, ip, port)) return;
  // With NAT traversal (a port that ends in N) the target needs the sender's nick to answer.
  const behind = port.includes("N") && sender !== undefined ? ` ${sender}` : "";
  client.hub.users.online(target)?.client.send(`$ConnectToMe ${target} ${ip}:${port}${behind}|`);
}

/** `$RevConnectToMe me target`: a passive client asks to be connected to. */
export function onRevConnectToMe(client: Client, user: User, { rest }: Line): void {
  const [me, target] = parseTwoNicks(rest) ?? [];
  if (me !== user.nick || target === undefined || !may(client, user, "ctm")) return;
  if (!client.ask("OnParsedMsgRevConnectToMe", user.nick, target)) return;
  client.hub.users.online(target)?.client.send(`$RevConnectToMe ${me} ${target}|`);
}

/** Only its own address: or the hub would aim its users' clients at anybody. */
function isAddressOf(user: User, ip: string): boolean {
  return ip.replace(/^\[(.*)\]$/, "$1") === user.ip;
}
