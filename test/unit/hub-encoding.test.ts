import { describe, expect, it } from "vitest";
import { codecFor } from "../../lib/hub/encoding.js";

/** Wire text: its characters are bytes. */
const wire = (...bytes: number[]) => String.fromCharCode(...bytes);

describe("UTF-8", () => {
  const utf8 = codecFor("utf8");

  it("keeps every byte, valid or not", () => {
    for (const bytes of [
      Buffer.from("привет 😀 \0 \u00ff"),
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      Buffer.from([0xc3, 0xa9, 0xff, 0xe2, 0x82, 0x41, 0xf0, 0x9f, 0x98]),
      Buffer.from([0xed, 0xb2, 0x80]), // a surrogate, written as UTF-8 does not allow
      Buffer.from([0xc0, 0x80]), // an overlong NUL
    ]) {
      const sent = bytes.toString("latin1");
      expect(utf8.encode(utf8.decode(sent))).toBe(sent);
    }
  });

  it("shows a bad byte as Python's surrogateescape does, and the text around it as it is", () => {
    expect(utf8.decode(wire(0x61, 0xff, 0xc3, 0xa9))).toBe("a\udcffé");
  });

  it("sends a surrogate that stands for no byte as a question mark", () => {
    expect(utf8.encode("a\ud800b")).toBe("a?b");
    expect(utf8.encode("😀")).toBe(wire(0xf0, 0x9f, 0x98, 0x80));
  });
});

describe("other encodings", () => {
  it("CP1251 and CP1252 go both ways", () => {
    expect(codecFor("CP1251").encode("привет")).toBe(wire(0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2));
    expect(codecFor("CP1252").decode(wire(0xe9, 0x80))).toBe("é€");
  });

  it("go through the encoding even if they look like ASCII and are not", () => {
    const utf7 = codecFor("UTF-7-IMAP");
    expect(utf7.encode("you & me")).toBe("you &- me");
    expect(utf7.decode("you &- me", true)).toBe("you & me");
  });

  it("send what they lack as a question mark", () => {
    expect(codecFor("CP1252").encode("aж😀b")).toMatch(/^a\?{2,3}b$/);
  });

  it("are refused when unknown, or when the protocol's own characters would change", () => {
    expect(() => codecFor("klingon")).toThrow(/Unknown encoding: klingon/);
    expect(() => codecFor("UTF-16LE")).toThrow(/contains ASCII/);
  });
});
