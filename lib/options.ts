/**
 * Checks of options, each of which names the option in what it throws.
 * @packageDocumentation
 */

/** The longest time that Node's timers and the core can wait, 24 days. */
const MOST_MS = 2 ** 31 - 1;

/** A text option as Python can have it, its default when it is not given. */
export function textOption(option: string, value: string | undefined, byDefault: string): string {
  const text: unknown = value ?? byDefault;
  if (typeof text !== "string" || !text.isWellFormed())
    throw new TypeError(`${option} must be a well-formed string`);
  return text;
}

/** A time in whole milliseconds, its default when it is not given. */
export function timeOption(option: string, value: number | undefined, byDefault: number): number {
  const time: unknown = value ?? byDefault;
  if (typeof time !== "number") throw new TypeError(`${option} must be a number of milliseconds`);
  if (!Number.isInteger(time) || time < 0 || time > MOST_MS)
    throw new RangeError(`${option} must be an integer from 0 to ${MOST_MS}, not ${time}`);
  return time;
}

/** @throws TypeError when the value is none of the allowed ones */
export function checkOneOf(option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw new TypeError(`${option} must be one of ${allowed.join(", ")}, not ${value}`);
}
