/** What the core reads of a packed container (binding/src/core/packed_reader.cpp), in JavaScript. */

const constants = [null, false, true];

export function unpack(codes: Int32Array, strings: string): unknown {
  const stack: unknown[] = [];
  const lists: string[][] = [];
  let at = 1;
  let read = 0;
  const code = () => codes[at++] ?? 0;
  const string = (length: number) => strings.slice(read, (read += length));
  const items: ((value: number) => void)[] = [
    (length) => stack.push(string(length >>> 0)),
    (integer) => stack.push(integer),
    () => stack.push(new Float64Array(Int32Array.of(code(), code()).buffer)[0]),
    (which) => stack.push(constants[which]),
    (length) => stack.push(length === 0 ? [] : stack.splice(-length)),
    (count) => lists.push(Array.from({ length: count }, code).map(string)),
    (number) => {
      const keys = lists[number] ?? [];
      const values = keys.length === 0 ? [] : stack.splice(-keys.length);
      stack.push(Object.fromEntries(keys.map((key, i) => [key, values[i]])));
    },
  ];
  for (const end = codes[0] ?? 0; at < end;) {
    const next = code();
    items[next & 7]?.(next >> 3);
  }
  if (stack.length !== 1 || read !== strings.length) throw new Error("not packed");
  return stack[0];
}
