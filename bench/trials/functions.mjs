// What the trials share: the hub's functions, and how something is done n times.

/** Served as `vh.GetUserClass`. */
export const getUserClass = (nick) => nick.length;

/** Registered as the dynamic function "add". */
export const addInts = (a, b) => a + b;

/** Keeps the last thing that a loop makes, so that the compiler cannot leave the making out. */
export let sink;

export function repeat(action) {
  return (n) => {
    let last; // to keep each in the sink itself takes the collector's bookkeeping, a third of the cheapest trial
    for (let i = 0; i < n; i++) last = action();
    sink = last;
  };
}
