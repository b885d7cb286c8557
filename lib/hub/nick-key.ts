/**
 * Which nicks are one.
 * @packageDocumentation
 */

/** What nicks have in common that differ by case alone, or by how Unicode writes the same characters. */
export function nickKey(nick: string): string {
  return nick.normalize().toLowerCase();
}
