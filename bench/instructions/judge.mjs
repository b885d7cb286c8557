// Whether a call costs more instructions than the tree says.

/** By how much they may grow: counted with the tools that the kept numbers are of, or with others. */
export const LIMITS = { same: 0.05, other: 0.15 };

/**
 * Holds the counts of a path against those kept.
 * What V8, CPython and glibc cost is in the floor too: another build of them moves the floor, and by as much what is to be
 * expected here. What another compiler makes of our own code no floor tells: that is what the wider limit is for.
 */
export function judge(counted, kept, sameTools) {
  const change = counted.subject / (kept.subject + counted.floor - kept.floor) - 1;
  return { change, passed: change <= LIMITS[sameTools ? "same" : "other"] };
}
