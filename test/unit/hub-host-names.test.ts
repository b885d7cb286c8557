import { afterEach, describe, expect, it, vi } from "vitest";
import { HostNames } from "../../lib/hub/host-names.js";

afterEach(() => {
  vi.useRealTimers();
});

/** Names that are answered by a table; what it throws is the name service's error. */
function namesFrom(table: Record<string, string[] | string>) {
  const asked: string[] = [];
  const names = new HostNames((ip) => {
    asked.push(ip);
    const answer = table[ip] ?? "ENOTFOUND";
    if (typeof answer !== "string") return Promise.resolve(answer);
    return Promise.reject(Object.assign(new Error(answer), { code: answer }));
  });
  return { names, asked, table };
}

describe("HostNames", () => {
  it("asks once for each address, also when several ask at once", async () => {
    const { names, asked } = namesFrom({ "192.0.2.1": ["a.example.org", "b.example.org"] });
    const both = await Promise.all([names.find("192.0.2.1"), names.find("192.0.2.1")]);
    expect(both).toEqual(["a.example.org", "a.example.org"]);
    expect(await names.find("192.0.2.1")).toBe("a.example.org");
    expect(await names.find("192.0.2.2")).toBeUndefined();
    expect(await names.find("192.0.2.2")).toBeUndefined();
    expect(asked).toEqual(["192.0.2.1", "192.0.2.2"]);
  });

  it("asks again after an hour, and at once after an error that passes", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { names, table } = namesFrom({ "192.0.2.1": "ETIMEOUT" });
    expect(await names.find("192.0.2.1")).toBeUndefined();
    table["192.0.2.1"] = ["a.example.org"];
    expect(await names.find("192.0.2.1")).toBe("a.example.org");
    table["192.0.2.1"] = ["b.example.org"];
    vi.advanceTimersByTime(3_599_000);
    expect(await names.find("192.0.2.1")).toBe("a.example.org");
    vi.advanceTimersByTime(2000);
    expect(await names.find("192.0.2.1")).toBe("b.example.org");
  });

  it("forgets the oldest of too many", async () => {
    const { names, asked } = namesFrom({});
    for (let i = 0; i <= 10_000; i++) await names.find(`10.0.${i >> 8}.${i & 255}`);
    asked.length = 0;
    await names.find("10.0.0.1");
    expect(asked).toEqual([]);
    await names.find("10.0.0.0");
    expect(asked).toEqual(["10.0.0.0"]);
  });

  it("takes no name that could be something else to the protocol or a table", async () => {
    for (const name of ["", "a|b", "a b", "x".repeat(254), "<a>"]) {
      expect(await namesFrom({ "192.0.2.1": [name] }).names.find("192.0.2.1")).toBeUndefined();
    }
  });

  it("asks nobody any more once it is closed, nor tells what it knew", async () => {
    const { names, asked } = namesFrom({ "192.0.2.1": ["a.example.org"] });
    await names.find("192.0.2.1");
    names.close();
    expect(await names.find("192.0.2.1")).toBeUndefined();
    expect(await names.find("192.0.2.2")).toBeUndefined();
    expect(asked).toEqual(["192.0.2.1"]);
  });

  it("asks the system's name service", async () => {
    const names = new HostNames();
    // "localhost", or what else this machine calls itself.
    expect(await names.find("127.0.0.1")).toMatch(/^[a-z]/i);
    expect(await names.find("no address")).toBeUndefined();
    const cut = names.find("192.0.2.1");
    names.close();
    expect(await cut).toBeUndefined();
  });
});
