/**
 * A small NMDC hub, built on {@link ScriptHost}: the subpath `vh-python/hub`.
 * @packageDocumentation
 */
export { Hub } from "./hub.js";
export type { Peer } from "./entrance.js";
export type { HubOptions } from "./options.js";
export type { MetricsOptions } from "./metrics-server.js";
export {
  UNLIMITED,
  type LimitOptions,
  type Limits,
  type MessageKind,
  type MessageLimit,
  type Rate,
} from "./limits.js";
export type { TlsOptions } from "./tls.js";
export { SetupError } from "./setup-error.js";
export { StorageError } from "./storage/index.js";
export type { SqlMode } from "./storage/query.js";
