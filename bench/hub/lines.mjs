// The lines that the bench's clients say: all of one length, so that they can be counted without being read, and each
// with the time at which it was due.

const DUE_AT = "<user0000> ".length;
const DUE_DIGITS = 15;
const TEXTS = ["the second one is very good", "the second one is darn good"];

/** Every tenth has a word that the word filter replaces, by one of the same length. */
export const line = (n, nick, dueUs) =>
  `<${nick}> ${String(dueUs).padStart(DUE_DIGITS, "0")} have a look: ${TEXTS[n % 10 === 0 ? 1 : 0]}|`;

export const nickOf = (n) => `user${String(n).padStart(4, "0")}`;

/** The length of every line, in bytes. */
export const LINE_BYTES = line(0, nickOf(0), 0).length;

/** When the line that starts there was due. */
export const dueOf = (bytes, at) =>
  Number(bytes.latin1Slice(at + DUE_AT, at + DUE_AT + DUE_DIGITS));

/** How long a line may be under way, in milliseconds. */
export const PATIENCE_MS = 10_000;

/** Microseconds of a clock that all processes share. */
export const nowUs = () => Number(process.hrtime.bigint() / 1000n);
