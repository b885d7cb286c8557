import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Config } from "../../lib/hub/config.js";
import { formatPeriod, parsePeriod } from "../../lib/hub/periods.js";
import { Ticker } from "../../lib/hub/ticker.js";

describe("periods", () => {
  it.each([
    ["0s", 0],
    ["30s", 30],
    ["10m", 600],
    ["2h", 7200],
    ["3d", 259_200],
    ["1w", 604_800],
    ["6M", 15_552_000],
    ["1y", 31_536_000],
  ])("%s", (period, seconds) => {
    expect(parsePeriod(period)).toBe(seconds);
  });
  it.each(["", "5", "m", "-1m", "1.5h", "1 h", "ten", "1m2s"])("%j is none", (period) => {
    expect(parsePeriod(period)).toBeUndefined();
  });
  it.each([
    [0, "0s"],
    [59, "59s"],
    [3600, "1h"],
    [3661, "1h 1m"],
    [90 * 86_400, "90d"],
    [366 * 86_400, "1y 1d"],
  ])("%d seconds for people: %s", (seconds, text) => {
    expect(formatPeriod(seconds)).toBe(text);
  });
});

describe("with a clock", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("a ticker keeps its rhythm, leaves out what it missed, and stops", () => {
    let lost = 0; // time in which the hub was busy and no timer could fire
    const fakeNow = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => fakeNow() + lost);
    const start = performance.now();
    const at: number[] = [];
    const ticker = new Ticker(() => at.push(performance.now() - start));
    ticker.start(100);
    vi.advanceTimersByTime(250);
    lost = 30;
    vi.advanceTimersByTime(150); // late by 30, then in time again
    expect(at).toEqual([100, 200, 330, 400]);
    lost += 550;
    vi.advanceTimersByTime(150);
    expect(at.slice(4)).toEqual([1050, 1100]);
    ticker.stop();
    vi.advanceTimersByTime(1000);
    expect(at).toHaveLength(6);
  });
});

describe("configuration", () => {
  it("has defaults, takes what is valid and refuses the rest", () => {
    const config = new Config({ hub_name: "Mine" });
    expect(config.text("hub_name")).toBe("Mine");
    expect(config.number("timer_serv_period")).toBe(1000);
    expect(config.text("dns_lookup")).toBe("1");
    expect(config.accept("config", "timer_serv_period", "0500")).toBe("500");
    expect(config.accept("config", "timer_serv_period", "1")).toBeUndefined();
    expect(config.accept("config", "timer_serv_period", "fast")).toBeUndefined();
    expect(config.accept("config", "dns_lookup", "True")).toBe("1");
    expect(config.accept("config", "dns_lookup", "maybe")).toBeUndefined();
    expect(config.accept("config", "hub_encoding", "CP1251")).toBeUndefined();
    expect(config.accept("config", "constructor", "x")).toBeUndefined();
    expect(config.accept("my_script", "anything", "x")).toBe("x");
  });

  it("tells a variable's type", () => {
    const config = new Config();
    expect(config.typeOf("config", "timer_serv_period")).toBe(3);
    expect(config.typeOf("config", "dns_lookup")).toBe(1);
    expect(config.typeOf("config", "hub_topic")).toBe(12);
    expect(config.typeOf("my_script", "anything")).toBe(12);
  });

  it("keeps sections apart and tells of a change", () => {
    const config = new Config();
    const changes: string[] = [];
    config.onChange("hub_topic", (topic) => changes.push(topic));
    config.set("my_script", "hub_topic", "theirs");
    config.set("config", "hub_topic", "ours");
    expect(changes).toEqual(["ours"]);
    expect(config.get("my_script", "hub_topic")).toBe("theirs");
    expect(config.get("nowhere", "x")).toBeUndefined();
  });
});
