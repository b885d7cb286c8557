/**
 * Runs Python scripts inside a TypeScript server: plain files that `import vh`, each in an interpreter of its own.
 * @packageDocumentation
 */
export * from "./errors.js";
export { HOOK_NAMES, type HookName, type Hooks, type Verdict } from "./hooks.js";
export type { GeoIp, HubApi, HubFunction, MyInfo, SqlResult } from "./hub-api.js";
export {
  ScriptHost,
  type ErrorSource,
  type HostStats,
  type PrintedLine,
  type ScriptHostEvents,
  type ScriptHostOptions,
  type Warning,
} from "./script-host.js";
export {
  Script,
  type DynamicFunction,
  type HookStats,
  type LoadOptions,
  type ScriptStats,
} from "./script.js";
