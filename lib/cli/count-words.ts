/**
 * What one of the example scripts, dynamic.py, asks the program that runs it by vh.CallDynamicFunction.
 * @packageDocumentation
 */

/** How often each word of three or more letters or digits stands in the texts, case aside. */
export function countWords(texts: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of texts
    .join(" ")
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]{3,}/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
