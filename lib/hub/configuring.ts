/**
 * Changes of the configuration that scripts may forbid: by operators' commands and by vh.SetConfig.
 * @packageDocumentation
 */
import type { Hub } from "./hub.js";

/** How a change ended: "refused" when there is no such variable or it does not take the value. */
export type Configured = "done" | "refused" | "blocked";

/** Sets a variable, unless a script blocks it. @param nick - who wants it */
export function configure(
  hub: Hub,
  nick: string,
  section: string,
  name: string,
  value: string,
): Configured {
  const { config } = hub;
  const accepted = config.accept(section, name, value);
  if (accepted === undefined) return "refused";
  const old = config.get(section, name) ?? "";
  const type = config.typeOf(section, name);
  const args = [nick, section, name, accepted, old, type] as const;
  if (!hub.scripts.dispatch("OnSetConfig", ...args).allowed) return "blocked";
  config.set(section, name, accepted);
  return "done";
}
