import { describe, expect, it } from "vitest";
import { parseSearch, parseSearchResult, parseShortSearch } from "../../lib/hub/search.js";

const HASH = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFG";

describe("a search", () => {
  it("is active or passive", () => {
    expect(parseSearch("10.0.0.1:412 F?T?0?1?a$b")).toEqual({
      searcher: { ip: "10.0.0.1", port: "412" },
      long: "$Search 10.0.0.1:412 F?T?0?1?a$b",
    });
    expect(parseSearch("[::1]:412 F?T?0?1?a")?.searcher).toEqual({ ip: "[::1]", port: "412" });
    expect(parseSearch("Hub:al F?T?0?1?a")?.searcher).toEqual({ nick: "al" });
    expect(parseSearch("Hub:412 F?T?0?1?a")?.searcher).toEqual({ nick: "412" });
    expect(parseSearch("Hub:al")).toBeUndefined();
    expect(parseSearch("nonsense F?T?0?1?a")).toBeUndefined();
  });

  it("for a hash has a short form, and back", () => {
    const active = {
      searcher: { ip: "[2001:db8::1]", port: "412" },
      long: `$Search [2001:db8::1]:412 F?T?0?9?TTH:${HASH}`,
      short: `$SA ${HASH} [2001:db8::1]:412`,
    };
    expect(parseSearch(`[2001:db8::1]:412 F?T?0?9?TTH:${HASH}`)).toEqual(active);
    expect(parseShortSearch("SA", `${HASH} [2001:db8::1]:412`)).toEqual(active);
    const passive = {
      searcher: { nick: "al" },
      long: `$Search Hub:al F?T?0?9?TTH:${HASH}`,
      short: `$SP ${HASH} al`,
    };
    expect(parseSearch(`Hub:al F?T?0?9?TTH:${HASH}`)).toEqual(passive);
    expect(parseShortSearch("SP", `${HASH} al`)).toEqual(passive);
  });

  it.each([
    "T?T?1000?9?TTH:" + HASH,
    `F?T?0?1?TTH:${HASH}`,
    "F?T?0?9?TTH:SHORT",
    `F?T?0?9?TTH:${HASH}X`,
  ])("for something else has none: %s", (pattern) => {
    expect(parseSearch(`Hub:al ${pattern}`)).not.toHaveProperty("short");
  });

  it.each([
    ["SA", ""],
    ["SA", HASH],
    ["SA", `${HASH} al`],
    ["SA", "hash 10.0.0.1:412"],
    ["SA", `${HASH} 10.0.0.1:412 more`],
    ["SP", `${HASH} `],
    ["SP", `${HASH} al more`],
  ] as const)("$%s %s is malformed", (command, rest) => {
    expect(parseShortSearch(command, rest)).toBeUndefined();
  });
});

describe("a search result", () => {
  it("loses its last field, the target, when forwarded", () => {
    const rest = "al dir\\a file.txt\u0005437 3/4\u0005Hub (1.2.3.4:411)\u0005bob";
    expect(parseSearchResult(`$SR ${rest}`)).toEqual({
      source: "al",
      target: "bob",
      forwarded: "$SR al dir\\a file.txt\u0005437 3/4\u0005Hub (1.2.3.4:411)|",
    });
  });

  it.each(["al nothing", "", "al", "al \u0005bob", "\u0005bob", "al x\u0005", "al x\u0005a b"])(
    "%j is malformed",
    (rest) => {
      expect(parseSearchResult(`$SR ${rest}`)).toBeUndefined();
    },
  );

  it("of any length is parsed at once, whatever stands in it", () => {
    // What tries every way to cut this line tries for hours.
    expect(parseSearchResult(`$SR al ${"\u0005".repeat(60_000)} `)).toBeUndefined();
  });
});
