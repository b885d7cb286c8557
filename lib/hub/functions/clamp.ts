/**
 * Numbers that scripts pass: any integer of 64 bits, as a bigint beyond 2^53 - 1.
 * @packageDocumentation
 */

/** The number itself, or the bound that it is beyond: in any case a number. */
export function clamp(value: number, min: number, max: number): number {
  if (value < min) return min;
  return value > max ? max : value;
}
