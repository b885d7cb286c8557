/**
 * Registered nicks, in memory: their class, and the password that proves who asks for it.
 * @packageDocumentation
 */
import { createHash, timingSafeEqual } from "node:crypto";

/** One registered nick. */
export interface Registration {
  readonly nick: string;
  /** 0..5 or 10. */
  userClass: number;
  /** "": the nick logs in without. */
  readonly password: string;
  /** A note for operators. */
  readonly opNote: string;
}

const CLASSES = new Set([0, 1, 2, 3, 4, 5, 10]);

/** Whether a registered user may have the class. */
export function isRegistrableClass(userClass: number): boolean {
  return CLASSES.has(userClass);
}

/** All registered nicks; case does not tell two apart. */
export class Registrations {
  readonly #byKey = new Map<string, Registration>();

  get(nick: string): Registration | undefined {
    return this.#byKey.get(nick.toLowerCase());
  }

  set(registration: Registration): void {
    this.#byKey.set(registration.nick.toLowerCase(), registration);
  }

  delete(nick: string): boolean {
    return this.#byKey.delete(nick.toLowerCase());
  }
}

/** Whether the password is right, in a time that does not depend on how wrong it is. */
export function isPassword(registration: Registration, password: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(registration.password), digest(password));
}
