/**
 * The hub's character encoding: what clients send and get as bytes, scripts and the hub see as text.
 *
 * UTF-8 is lossless both ways. The other encodings are iconv-lite's: a byte that such an encoding leaves undefined
 * decodes to U+FFFD. A character that the encoding lacks is sent as `?`.
 * @packageDocumentation
 */
import iconv from "iconv-lite";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/** Turns bytes into text and back. */
export interface Codec {
  /** The encoding's name as it was asked for. */
  readonly name: string;
  decode(bytes: Buffer): string;
  encode(text: string): Buffer;
}

/**
 * The codec of an encoding.
 * @param name any name that iconv-lite knows: "UTF-8", "CP1251", "CP1252" …
 * @throws RangeError when nobody knows the encoding, or it cannot carry the protocol (UTF-16)
 */
export function codecFor(name: string): Codec {
  if (/^utf-?8$/i.test(name)) return { name, decode: decodeUtf8, encode: encodeUtf8 };
  const known: boolean = iconv.encodingExists(name);
  if (!known) throw new RangeError(`Unknown encoding: ${name}`);
  if (!iconv.encode("$|", name).equals(Buffer.from("$|"))) {
    throw new RangeError(`The protocol needs an encoding that contains ASCII: ${name} does not`);
  }
  return {
    name,
    decode: (bytes) => iconv.decode(bytes, name),
    encode: (text) => iconv.encode(text, name),
  };
}
