/**
 * The vh functions about where addresses are: all None on a hub without geographic databases.
 * @packageDocumentation
 */
import type { HubApi } from "../../hub-api.js";
import type { Hub } from "../hub.js";

/** The functions about where addresses are. */
export function geographyFunctions(hub: Hub) {
  return {
    GetUserCC(nick) {
      const user = hub.users.online(nick);
      return (user && hub.geoIp?.countryCode(user.ip)) ?? null;
    },
    GetIPCC: (ip) => hub.geoIp?.countryCode(ip) ?? null,
    GetIPCN: (ip) => hub.geoIp?.country(ip) ?? null,
    GetIPCity: (ip, db) => hub.geoIp?.city(ip, db) ?? null,
    GetIPASN: (ip, db) => hub.geoIp?.autonomousSystem(ip, db) ?? null,
    GetGeoIP: (ip, db) => hub.geoIp?.place(ip, db) ?? null,
  } satisfies Partial<HubApi>;
}
