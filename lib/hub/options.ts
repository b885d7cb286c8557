/**
 * How a hub is set up.
 * @packageDocumentation
 */
import type { ConfigName } from "./config.js";
import type { LimitOptions } from "./limits.js";
import type { MetricsOptions } from "./metrics-server.js";
import type { SqlMode } from "./storage/query.js";
import type { TlsOptions } from "./tls.js";

/** How a hub is set up; what is left out has the default. */
export interface HubOptions {
  /** The address to listen on. Default: "127.0.0.1". */
  host?: string;
  /** The TCP port, 0 for any that is free. Default: 4111. */
  port?: number;
  /** The hub's name. Default: "vh-python hub". */
  hubName?: string;
  /** What the clients' bytes mean: "UTF-8" (default), "CP1251", "CP1252" … */
  encoding?: string;
  /** The hub's configuration folder, `vh.basedir`. Default: the current directory. */
  baseDir?: string;
  /** Where users, bans and configuration are kept: in `hub.sqlite` in `baseDir` (default), or only while the hub runs. */
  storage?: "file" | "memory";
  /**
   * What scripts may do to the database by `vh.SQL`. Default: "read-write", as scripts keep tables of their own there.
   * (A script is no stranger: it could open the file as well.) The hub's own tables keep their shape in any case.
   */
  sql?: SqlMode;
  /** The folder that the script console finds scripts in. Default: `scripts` in `baseDir`. */
  scriptsDir?: string;
  /** Whether a script is reloaded when its file changes. Default: false. */
  watch?: boolean;
  /** A folder of geographic databases (*.mmdb) of MaxMind's format. Default: none. */
  geoIpDir?: string;
  /** Where `GET /metrics` tells what the hub does, for Prometheus. Default: nowhere. */
  metrics?: MetricsOptions;
  /** The nick of the hub's bot. Default: "Hub-Security". */
  botName?: string;
  /** The nick of the operators' chat. Default: "OpChat". */
  opChatName?: string;
  /** A certificate: then the hub listens on a second port too, for clients that use TLS. */
  tls?: TlsOptions;
  /** What clients may cost. */
  limits?: LimitOptions;
}

/** The options that are variables of the configuration, where they were given. */
export function givenVariables(options: HubOptions): Partial<Record<ConfigName, string>> {
  return {
    ...(options.host !== undefined && { listen_ip: options.host }),
    ...(options.port !== undefined && { listen_port: String(options.port) }),
    ...(options.hubName !== undefined && { hub_name: options.hubName }),
    ...(options.encoding !== undefined && { hub_encoding: options.encoding }),
    ...(options.botName !== undefined && { hub_security: options.botName }),
    ...(options.opChatName !== undefined && { opchat_name: options.opChatName }),
  };
}
