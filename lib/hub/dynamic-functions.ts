/**
 * What scripts may ask this hub beyond the `vh` functions, by vh.CallDynamicFunction.
 * @packageDocumentation
 */
import type { Hub } from "./hub.js";

/** Registers `hub_uptime()` and `count_words(texts)` for all scripts. */
export function registerDynamicFunctions(hub: Hub): void {
  hub.scripts.register("hub_uptime", () => ({
    seconds: Math.floor((Date.now() - hub.startTime.getTime()) / 1000),
    started: hub.startTime.toISOString(),
    users: hub.users.listening().length,
  }));
  hub.scripts.register("count_words", countWords);
}

/** How often each word of three or more letters or digits stands in the texts, case aside. */
function countWords(texts: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of texts
    .join(" ")
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]{3,}/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
