import { describe, expect, it } from "vitest";
import { codecFor } from "../../lib/hub/encoding.js";

/** Wire text: its characters are bytes. */
const wire = (...bytes: number[]) => String.fromCharCode(...bytes);
const bytes = (...values: number[]) => Buffer.from(values);

describe("UTF-8", () => {
  const utf8 = codecFor("utf8");

  it("keeps every byte, valid or not", () => {
    for (const sent of [
      Buffer.from("привет 😀 \0 \u00ff"),
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      Buffer.from([0xc3, 0xa9, 0xff, 0xe2, 0x82, 0x41, 0xf0, 0x9f, 0x98]),
      Buffer.from([0xed, 0xb2, 0x80]), // a surrogate, written as UTF-8 does not allow
      Buffer.from([0xc0, 0x80]), // an overlong NUL
    ]) {
      expect(utf8.encode(utf8.decode(sent.toString("latin1")))).toEqual(sent);
    }
  });

  it("shows a bad byte as Python's surrogateescape does, and the text around it as it is", () => {
    expect(utf8.decode(wire(0x61, 0xff, 0xc3, 0xa9))).toBe("a\udcffé");
  });

  it("sends a surrogate that stands for no byte as a question mark", () => {
    expect(utf8.encode("a\ud800b")).toEqual(Buffer.from("a?b"));
    expect(utf8.encode("😀")).toEqual(bytes(0xf0, 0x9f, 0x98, 0x80));
  });
});

describe("other encodings", () => {
  it.each([
    ["Shift_JIS", [0xed, 0x60]],
    ["Big5", [0x9d, 0x57]],
    ["GBK", [0x81, 0x7c]],
  ])("%s writes no delimiter but what is one in the text", (name, given) => {
    const codec = codecFor(name);
    const text = codec.decode(String.fromCharCode(...given));
    expect(text).toHaveLength(1);
    expect(codec.encode(`${text}日$|`)).toEqual(
      Buffer.concat([bytes(0x3f), codec.encode("日"), bytes(0x24, 0x7c)]),
    );
  });

  it("CP1251 and CP1252 go both ways", () => {
    expect(codecFor("CP1251").encode("привет")).toEqual(bytes(0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2));
    expect(codecFor("CP1252").decode(wire(0xe9, 0x80))).toBe("é€");
  });

  it("go through the encoding even if they look like ASCII and are not", () => {
    const utf7 = codecFor("UTF-7-IMAP");
    expect(utf7.encode("you & me")).toEqual(Buffer.from("you &- me"));
    expect(utf7.decode("you &- me", true)).toBe("you & me");
  });

  it("send what they lack as a question mark", () => {
    expect(String(codecFor("CP1252").encode("aж😀b"))).toMatch(/^a\?{2,3}b$/);
  });

  it("are refused when unknown, or when the protocol's own characters would change", () => {
    expect(() => codecFor("klingon")).toThrow(/Unknown encoding: klingon/);
    expect(() => codecFor("UTF-16LE")).toThrow(/contains ASCII/);
  });
});
