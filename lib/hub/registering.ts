/**
 * Registering nicks, with what it means for those who are online: by operators' commands and by the vh functions.
 * @packageDocumentation
 */
import { UserClass } from "./constants.js";
import type { Hub } from "./hub.js";
import { changeClass } from "./presence.js";
import { isNick } from "./protocol.js";
import {
  isRegistrableClass,
  type NewRegistration,
  type Registration,
} from "./storage/registrations.js";

/** Registers a nick, unless it cannot be (no nick, no class, registered already) or a script forbids it. */
export function register(hub: Hub, registration: NewRegistration): boolean {
  const { nick, userClass, op } = registration;
  if (!isNick(nick) || !isRegistrableClass(userClass) || hub.registrations.get(nick)) return false;
  if (!hub.scripts.dispatch("OnNewReg", op, nick, userClass).allowed) return false;
  // A script may have registered the nick meanwhile.
  if (!hub.registrations.add(registration)) return false;
  applyClass(hub, registration);
  return true;
}

/** @returns false when the nick is not registered */
export function unregister(hub: Hub, nick: string): boolean {
  if (!hub.registrations.delete(nick)) return false;
  const user = hub.users.online(nick);
  if (user) changeClass(hub, user, UserClass.Normal);
  return true;
}

/** Gives a registered nick another class. @returns false when it is not registered, or there is no such class */
export function reclassify(hub: Hub, nick: string, userClass: number): boolean {
  if (!isRegistrableClass(userClass) || !hub.registrations.setClass(nick, userClass)) return false;
  const registration = hub.registrations.get(nick);
  if (registration) applyClass(hub, registration);
  return true;
}

/** A class takes effect at once for who gave the nick's password or needs none, else at the next login. */
function applyClass(
  hub: Hub,
  { nick, userClass, passwordHash }: Pick<Registration, "nick" | "userClass" | "passwordHash">,
): void {
  const user = hub.users.online(nick);
  if (user && (user.gavePassword || passwordHash === "")) changeClass(hub, user, userClass);
}
