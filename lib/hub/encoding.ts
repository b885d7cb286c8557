/**
 * The hub's character encoding: what clients send and get as bytes, scripts and the hub see as text.
 *
 * UTF-8 is lossless both ways: a byte that is no UTF-8 becomes a lone surrogate U+DC80..U+DCFF (as Python's
 * surrogateescape has it) and the same byte again on the way out. The other encodings are iconv-lite's: a byte that
 * such an encoding leaves undefined decodes to U+FFFD. A character that the encoding lacks is sent as `?`.
 * @packageDocumentation
 */
import { isUtf8 } from "node:buffer";
import iconv from "iconv-lite";

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

function decodeUtf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    else text += bytes.toString("utf8", at, at + length);
    at += length || 1;
  }
  return text;
}

/** The length of the valid UTF-8 sequence at `at`, 0 if there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const end = at + length;
  return end <= bytes.length && isUtf8(bytes.subarray(at, end)) ? length : 0;
}

function encodeUtf8(text: string): Buffer {
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text, "utf8");
  const pieces = text.split(/(\p{Surrogate})/u).map((piece, i) => {
    if (i % 2 === 0) return Buffer.from(piece, "utf8");
    const unit = piece.charCodeAt(0);
    return Buffer.of(unit >= 0xdc80 && unit <= 0xdcff ? unit - 0xdc00 : 0x3f);
  });
  return Buffer.concat(pieces);
}
