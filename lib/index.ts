/**
 * Runs Python scripts inside a TypeScript server: plain files that `import vh`, each in an interpreter of its own.
 * @packageDocumentation
 */
export * from "./errors.js";
export type { ErrorSource, PrintedLine, ScriptHostEvents, SlowHook, Warning } from "./events.js";
export { HOOK_NAMES, type HookName, type Hooks, type Verdict } from "./hooks.js";
export type { GeoIp, HubApi, HubFunction, MyInfo, SqlResult } from "./hub-api.js";
export type { TimeLimits } from "./limits.js";
export { ScriptHost, type ScriptHostOptions } from "./script-host.js";
export { Script, type DynamicFunction, type LoadOptions } from "./script.js";
export type { HookStats, HostStats, ScriptStats } from "./stats.js";
export type { ScriptThread, UnloadReport, UnloadStage, Zombie } from "./unload-report.js";
