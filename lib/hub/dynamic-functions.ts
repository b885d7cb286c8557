/**
 * What scripts may ask this hub beyond the `vh` functions, by vh.CallDynamicFunction.
 * @packageDocumentation
 */
import type { Hub } from "./hub.js";

/** Registers `hub_uptime()` for all scripts. */
export function registerDynamicFunctions(hub: Hub): void {
  hub.scripts.register("hub_uptime", () => ({
    seconds: Math.floor((Date.now() - hub.startTime.getTime()) / 1000),
    started: hub.startTime.toISOString(),
    users: hub.users.listening().length,
  }));
}
