/**
 * A small NMDC hub, built on {@link ScriptHost}: the subpath `vh-python/hub`.
 * @packageDocumentation
 */
export { Hub, type HubOptions } from "./hub.js";
export type { MetricsOptions } from "./metrics-server.js";
export { SetupError } from "./setup-error.js";
export type { Limits } from "./connection.js";
export { StorageError } from "./storage/index.js";
export type { SqlMode } from "./storage/query.js";
