/**
 * The hub's character encoding: what clients send and get as bytes, scripts and the hub see as text.
 *
 * What comes is held as "wire text": a string whose characters are the bytes. Most lines are ASCII, which is the same in
 * both; and strings are cut and compared faster than buffers. What goes is text until all of it is encoded together.
 *
 * UTF-8 is lossless both ways. The other encodings are iconv-lite's: a byte that such an encoding leaves undefined
 * decodes to U+FFFD. A character that the encoding lacks, or whose bytes would be a `|` or `$`, is sent as `?`.
 * @packageDocumentation
 */
// The global one is an accessor: a call for each line.
import { Buffer } from "node:buffer";
import iconv from "iconv-lite";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/** Turns wire text into text, and text into bytes. */
export interface Codec {
  /** The encoding's name as it was asked for. */
  readonly name: string;
  /** @param isAscii - whether the bytes are known to be ASCII */
  decode(wire: string, isAscii?: boolean): string;
  encode(text: string): Buffer;
}

/**
 * The codec of an encoding.
 * @param name any name that iconv-lite knows: "UTF-8", "CP1251", "CP1252" …
 * @throws RangeError when nobody knows the encoding, or it cannot carry the protocol (UTF-16)
 */
export function codecFor(name: string): Codec {
  if (/^utf-?8$/i.test(name)) return codec(name, decodeUtf8, encodeUtf8);
  const known: boolean = iconv.encodingExists(name);
  if (!known) throw new RangeError(`Unknown encoding: ${name}`);
  if (!iconv.encode("$|", name).equals(Buffer.from("$|"))) {
    throw new RangeError(`The protocol needs an encoding that contains ASCII: ${name} does not`);
  }
  const unsendable = charactersWithDelimiters(name);
  return codec(
    name,
    (bytes) => iconv.decode(bytes, name),
    (text) => iconv.encode(unsendable ? text.replace(unsendable, "?") : text, name),
  );
}

/** Where the planes end that any of these encodings has characters of, GB18030 apart, in which there are no delimiters. */
const BEYOND_ALL = 0x30000;

/**
 * The characters whose bytes would end a line or a field: in Shift_JIS, Big5 and GBK there are some. Undefined when there
 * are none.
 */
function charactersWithDelimiters(name: string): RegExp | undefined {
  const isUnsafe = (text: string) => /[$|]/.test(iconv.encode(text, name).toString("latin1"));
  const unsafe: string[] = [];
  for (let first = 0x80; first < BEYOND_ALL; first += 0x80) {
    if (first >= 0xd800 && first < 0xe000) continue; // halves of characters
    const row = Array.from({ length: 0x80 }, (_, i) => String.fromCodePoint(first + i));
    if (isUnsafe(row.join(""))) unsafe.push(...row.filter(isUnsafe));
  }
  return unsafe.length > 0 ? new RegExp(`[${unsafe.join("")}]`, "gu") : undefined;
}

function codec(
  name: string,
  decode: (bytes: Buffer) => string,
  encode: (text: string) => Buffer,
): Codec {
  const ascii = String.fromCharCode(...Array(128).keys());
  const keepsAscii =
    encode(ascii).toString("latin1") === ascii && decode(Buffer.from(ascii)) === ascii;
  return {
    name,
    decode: (wire, isAscii = false) =>
      isAscii && keepsAscii ? wire : decode(Buffer.from(wire, "latin1")),
    // In UTF-8 nothing but ASCII is as long as its text.
    encode: (text) =>
      keepsAscii && Buffer.byteLength(text) === text.length
        ? Buffer.from(text, "latin1")
        : encode(text),
  };
}
