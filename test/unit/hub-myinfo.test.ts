import { describe, expect, it } from "vitest";
import { codecFor } from "../../lib/hub/encoding.js";
import { formatMyInfo, isFlag, isPassiveTag, parseMyInfo } from "../../lib/hub/myinfo.js";

const utf8 = codecFor("UTF-8");
const TAG = "<++ V:0.868,M:A,H:1/0/0,S:3>";

describe("$MyINFO", () => {
  it("is taken apart", () => {
    const rest = `$ALL al my <nice> files${TAG}$ $LAN(T3)\u0001$a@b.c$1234$`;
    expect(parseMyInfo(rest, utf8)).toEqual({
      nick: "al",
      desc: "my <nice> files",
      tag: TAG,
      speed: "LAN(T3)",
      flag: 1,
      email: "a@b.c",
      share: "1234",
    });
  });

  it.each([
    ["no description at all", "$ALL al$ $\u0001$$0$", { desc: "", tag: "", speed: "", flag: 1 }],
    ["an empty description", "$ALL al $ $LAN\u0001$$0$", { desc: "", tag: "", speed: "LAN" }],
    ["no tag", "$ALL al hi > there$ $\u0002$$5$", { desc: "hi > there", tag: "", flag: 2 }],
    ["no connection and no flag", "$ALL al x$ $$$5$", { speed: "", flag: 1 }],
    ["no share", "$ALL al x$ $\u0001$$$", { share: "0" }],
    ["a share with zeros before it", "$ALL al x$ $\u0001$$007$", { share: "7" }],
    [
      "a share beyond any number",
      "$ALL al x$ $\u0001$$99999999999999999999$",
      {
        share: "99999999999999999999",
      },
    ],
  ])("with %s", (_what, rest, expected) => {
    expect(parseMyInfo(rest, utf8)).toMatchObject({ nick: "al", ...expected });
  });

  it.each([
    "",
    "$ALL",
    "$ALL al",
    "al x$ $\u0001$$5$",
    "$ALL al x$ $\u0001$$-5$",
    "$ALL al x$ $\u0001$$1k$",
    `$ALL al x$ $\u0001$$${"9".repeat(21)}$`,
  ])("malformed, is not half understood: %j", (rest) => {
    expect(parseMyInfo(rest, utf8)).toBeUndefined();
  });

  it("has whole characters alone, whatever stands for the flag", () => {
    expect(parseMyInfo("$ALL al x$ $LAN\u{1f600}$$5$", utf8)).toMatchObject({
      speed: "LAN",
      flag: 0xf0,
    });
  });

  it.each([
    ["as the hub writes it", "$ALL al x$ $LAN\u0001$m$12$", "$ALL al x$ $LAN\u0001$m$12$"],
    ["without a description", "$ALL al$ $LAN\u0001$m$12$", "$ALL al $ $LAN\u0001$m$12$"],
    [
      "with a field that nobody knows",
      "$ALL al x$A$LAN\u0001$m$12$",
      "$ALL al x$ $LAN\u0001$m$12$",
    ],
    [
      "with a flag that is no byte",
      "$ALL al x$ $LAN\u{1f600}$m$12$",
      "$ALL al x$ $LAN\udcf0$m$12$",
    ],
    ["with zeros before its share", "$ALL al x$ $LAN\u0001$m$0012$", "$ALL al x$ $LAN\u0001$m$12$"],
    ["without an end", "$ALL al x$ $LAN\u0001$m$12", "$ALL al x$ $LAN\u0001$m$12$"],
  ])("%s, goes out as every client understands it", (_how, came, goes) => {
    const info = parseMyInfo(came, utf8);
    expect(info?.line(utf8)).toBe(`$MyINFO ${goes}|`);
    expect(info && formatMyInfo(info, utf8)).toBe(`$MyINFO ${goes}|`);
  });

  it("with a field changed, says that, and what it did say otherwise", () => {
    const info = parseMyInfo("$ALL al x$ $LAN\u0001$m$12$", utf8);
    expect(info?.with({ desc: "a$b", flag: 2 }).line(utf8)).toBe(
      "$MyINFO $ALL al a&#36;b$ $LAN\u0002$m$12$|",
    );
    expect(info?.line(utf8)).toBe("$MyINFO $ALL al x$ $LAN\u0001$m$12$|");
    expect(info?.with({ desc: "x", share: "12" })).toBe(info);
  });

  it("is known by the line that said it, if that is what it still says", () => {
    const rest = "$ALL al x$ $LAN\u0001$m$12$";
    const info = parseMyInfo(rest, utf8);
    expect(info?.isSaidBy(rest)).toBe(true);
    expect(info?.isSaidBy(rest.replace("x", "y"))).toBe(false);
    expect(info?.with({ desc: "y" }).isSaidBy(rest)).toBe(false);
    expect(info?.with({ desc: "y" }).isSaidBy(rest.replace("x", "y"))).toBe(false);
  });

  it("comes out as it went in, flags above 127 too, in every encoding", () => {
    for (const codec of [utf8, codecFor("CP1251")]) {
      const wire = `$MyINFO $ALL al x${TAG}$ $LAN\x91$m$12$`;
      const info = parseMyInfo(codec.decode(wire).slice("$MyINFO ".length), codec);
      expect(info).toMatchObject({ flag: 0x91, speed: "LAN" });
      const again = info && codec.encode(formatMyInfo(info, codec));
      expect(again?.toString("latin1")).toBe(`${wire}|`);
    }
  });

  it("cannot be broken by what a script puts in", () => {
    const info = {
      nick: "al",
      desc: "a$b|c",
      tag: "",
      speed: "$",
      flag: 1,
      email: "|",
      share: "1",
    };
    expect(formatMyInfo(info, utf8)).toBe(
      "$MyINFO $ALL al a&#36;b&#124;c$ $&#36;\u0001$&#124;$1$|",
    );
  });
});

describe("flags", () => {
  it("are bytes that are no delimiter", () => {
    expect([1, 2, 0x91, 255].every(isFlag)).toBe(true);
    expect([0, -1, 256, 0x24, 0x7c].some(isFlag)).toBe(false);
  });
});

describe("mode", () => {
  it("is told by the tag; without one a client counts as active", () => {
    expect(isPassiveTag("<++ V:1,M:P,H:1/0/0,S:3>")).toBe(true);
    expect(isPassiveTag("<++ V:1,M:5,H:1/0/0,S:3>")).toBe(true);
    expect(isPassiveTag(TAG)).toBe(false);
    expect(isPassiveTag("")).toBe(false);
  });
});
