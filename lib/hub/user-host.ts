/**
 * Users' host names: looked up in the background, if the variable `dns_lookup` says so.
 * @packageDocumentation
 */
import { isRefused } from "./banning.js";
import type { Client } from "./client.js";
import type { User } from "./users.js";

/** Finds the host name of a user; who is banned by it is disconnected when it is known. */
export function lookUpHost(user: User & { client: Client }): void {
  const { ip, client } = user;
  const { config, hostNames } = client.hub;
  if (config.text("dns_lookup") !== "1") return;
  hostNames
    .find(ip)
    .then((name) => {
      if (name === undefined || user.ip !== ip || !client.connection.isOpen()) return;
      user.host = name;
      isRefused(client, { host: name }, user.userClass);
    })
    .catch((error: unknown) => {
      client.fail(error);
    });
}
