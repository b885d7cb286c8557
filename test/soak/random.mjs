/** Numbers from 0 up to 1 that follow from a seed (mulberry32), and what can be drawn with them. */
export function generator(seed) {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return {
    below,
    pick: (list) => list[below(list.length)],
    /** One of `{ name: { weight } }`. */
    draw(table) {
      const entries = Object.entries(table);
      let left = next() * entries.reduce((sum, [, { weight }]) => sum + weight, 0);
      return entries.find(([, { weight }]) => (left -= weight) < 0) ?? entries[0];
    },
  };
}
