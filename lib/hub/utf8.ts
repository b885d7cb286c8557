/**
 * UTF-8, lossless both ways: a byte that is none becomes a lone surrogate U+DC80..U+DCFF (as Python's surrogateescape
 * has it) and the same byte again on the way out.
 * @packageDocumentation
 */
import { isUtf8 } from "node:buffer";

/** The text of bytes, whatever they are. */
export function decodeUtf8(bytes: Buffer): string {
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

/** The bytes of a text; a surrogate that stands for no byte becomes `?`. */
export function encodeUtf8(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, "utf8");
  const bytes = Buffer.alloc(Buffer.byteLength(text));
  let length = 0;
  let start = 0;
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) {
      if (start < at) length += bytes.write(text.slice(start, at), length);
      bytes[length++] = point >= 0xdc80 && point <= 0xdcff ? point - 0xdc00 : 0x3f;
      start = at + 1;
    }
    at += point > 0xffff ? 2 : 1;
  }
  length += bytes.write(text.slice(start), length);
  return bytes.subarray(0, length);
}
