/**
 * `$UserIP`: users may know their own address, operators everybody's. A client with the extension UserIP2 is told
 * without asking.
 * @packageDocumentation
 */
import type { Client } from "./client.js";
import type { Hub } from "./hub.js";
import type { Line } from "./line.js";
import { isOperator, type User } from "./users.js";

/** `$UserIP nick$$nick…` */
export function onUserIp(client: Client, user: User, { rest }: Line): void {
  const found = rest
    .split("$$")
    .map((nick) => client.hub.users.online(nick))
    .filter((other) => other !== undefined)
    .filter((other) => other === user || isOperator(user));
  sendAddresses(client, found);
}

/** Tells a client its own address. */
export function sendOwnAddress(user: User): void {
  if (user.client && isToldUnasked(user)) sendAddresses(user.client, [user]);
}

/** Tells an operator everybody's address. */
export function sendAllAddresses(user: User): void {
  const { client } = user;
  if (client && isOperator(user) && isToldUnasked(user)) {
    sendAddresses(client, client.hub.users.listening());
  }
}

/** Tells the operators a user's address. */
export function showAddress(hub: Hub, user: User): void {
  if (!user.client) return;
  hub.users.broadcast(
    addressLine([user]),
    (other) => other !== user && isOperator(other) && isToldUnasked(other),
  );
}

function isToldUnasked({ client }: User): boolean {
  return client?.supports.has("UserIP2") === true;
}

function sendAddresses(client: Client, users: readonly User[]): void {
  if (users.length > 0) client.send(addressLine(users));
}

function addressLine(users: readonly User[]): string {
  return `$UserIP ${users.map(({ nick, ip }) => `${nick} ${ip}`).join("$$")}|`;
}
