/**
 * The hub's side of the `vh` module.
 * @packageDocumentation
 */
import type { HubApi } from "../../hub-api.js";
import { administrationFunctions } from "./administration.js";
import { geographyFunctions } from "./geography.js";
import { messageFunctions } from "./messages.js";
import { userFunctions } from "./users.js";
import type { Hub } from "../hub.js";

/** The functions that the hub gives its scripts. */
export function hubFunctions(hub: Hub): Partial<HubApi> {
  return {
    ...messageFunctions(hub),
    ...userFunctions(hub),
    ...administrationFunctions(hub),
    ...geographyFunctions(hub),
  };
}
