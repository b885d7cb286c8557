import { describe, expect, it } from "vitest";
import {
  addressKey,
  formatAddress,
  formatRange,
  isSameAddress,
  networkOf,
  oneForm,
  parseRange,
  subscriberOf,
} from "../../lib/hub/addresses.js";

/** A range as text, "" for none. */
const range = (text: string) => {
  const parsed = parseRange(text);
  return parsed ? formatRange(parsed) : "";
};

describe("addresses", () => {
  it.each(["0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::ff00:42:8329"])(
    "%s comes back as it was",
    (ip) => {
      const key = addressKey(ip);
      expect(key !== undefined && formatAddress(key)).toBe(ip);
    },
  );
  it.each(["", "10.0.0", "10.0.0.256", "host", "1::2::3"])("%j is none", (text) => {
    expect(addressKey(text)).toBeUndefined();
  });
  it("sort as they follow each other, the two families apart", () => {
    const key = (ip: string) => addressKey(ip) ?? "";
    expect(key("9.255.0.0") < key("10.0.0.0")).toBe(true);
    expect(key("fe80::9") < key("fe80::a")).toBe(true);
    expect(key("::ffff:1.2.3.4")).toBe(key("::ffff:102:304"));
  });
});

describe("an address of the protocol", () => {
  it.each([
    ["1.2.3.4", "1.2.3.4"],
    ["1.2.3.4", "::ffff:1.2.3.4"],
    ["2001:db8::1", "[2001:DB8:0:0::1]"],
    ["2001:db8::1", "2001:0db8:0000:0000:0000:0000:0000:0001"],
    ["::1", "[::1]"],
  ])("%s is %s", (a, b) => {
    expect(isSameAddress(a, b)).toBe(true);
  });

  it.each([
    ["1.2.3.4", "1.2.3.5"],
    ["1.2.3.4", "1.2.3.4 "],
    ["2001:db8::1", "2001:db8::2"],
    ["::1", "127.0.0.1"],
    ["", "x"],
  ])("%s is not %s", (a, b) => {
    expect(isSameAddress(a, b)).toBe(false);
  });

  it.each([
    ["1.2.3.4", "1.2.3.4"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["::FFFF:102:304", "1.2.3.4"],
    ["0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4"],
    ["2001:DB8:0::1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1%eth0"],
    ["nobody", undefined],
  ])("%s has one form: %s", (ip, form) => {
    expect(oneForm(ip)).toBe(form);
  });

  it("of IPv6 stands for its network when it is counted", () => {
    expect(subscriberOf("1.2.3.4")).toBe("1.2.3.4");
    const [first, second] = ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::9"].map(subscriberOf);
    expect(first).toBe(second);
    expect(subscriberOf("2001:db8:1:3::9")).not.toBe(first);
  });
});

describe("ranges", () => {
  it.each([
    ["10.1.2.3", "10.1.2.3-10.1.2.3"],
    ["10.1.2.3/8", "10.0.0.0-10.255.255.255"],
    ["0.0.0.0/0", "0.0.0.0-255.255.255.255"],
    ["10.0.0.1 - 10.0.0.9", "10.0.0.1-10.0.0.9"],
    ["2001:db8::1/32", "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["::1-::ff", "::1-::ff"],
    ["::ffff:10.0.0.0/120", "10.0.0.0-10.0.0.255"],
    ["::ffff:10.0.0.1-::ffff:10.0.0.9", "10.0.0.1-10.0.0.9"],
  ])("%s is %s", (text, wanted) => {
    expect(range(text)).toBe(wanted);
  });
  it.each([
    "",
    "10.0.0.9-10.0.0.1",
    "10.0.0.1-::1",
    "10.0.0.0/33",
    "10.0.0.0/",
    "1.1.1.0/24-9.9.9.9",
    "10.0.0.1-10.0.0.9-10.0.0.99",
    "10.0.0.0/8/16",
  ])("%j is none", (text) => {
    expect(range(text)).toBe("");
  });
  it("an address has the network that its provider's customers usually have", () => {
    const network = (ip: string) => {
      const found = networkOf(ip);
      return found && formatRange(found);
    };
    expect(network("10.1.2.3")).toBe("10.1.2.0-10.1.2.255");
    expect(network("2001:db8:1:2::3")).toBe("2001:db8:1:2::-2001:db8:1:2:ffff:ffff:ffff:ffff");
  });
});
