/**
 * Clients that were told to connect to the hub as to another client, and greet it as one: `$MyNick`, then `$Lock`.
 * Scripts hear of them by OnCtmToHub, and of the hub that misled them.
 * @packageDocumentation
 */
import { Hook } from "../hooks.js";
import type { Client } from "./client.js";
import type { Line } from "./line.js";

/** `$MyNick nick` */
export function onMyNick(client: Client, { rest: nick }: Line): void {
  client.peerNick = nick;
}

/** `$Lock … Pk=…Ref=hub`, after `$MyNick`: whom the client takes the hub for. */
export function onPeerLock(client: Client, { rest }: Line): void {
  if (client.peerNick === undefined) return;
  const ref = /Ref=(\S*)/.exec(rest)?.[1] ?? "";
  const { ip, port, connection } = client;
  client.require(Hook.OnCtmToHub, client.peerNick, ip, port, connection.localPort, ref);
}
