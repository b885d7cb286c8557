/**
 * A small NMDC hub, built on {@link ScriptHost}: the subpath `vh-python/hub`.
 * @packageDocumentation
 */
export { Hub, type HubOptions } from "./hub.js";
export {
  UNLIMITED,
  type LimitOptions,
  type Limits,
  type MessageKind,
  type MessageLimit,
  type Rate,
} from "./limits.js";
export type { TlsOptions } from "./tls.js";
