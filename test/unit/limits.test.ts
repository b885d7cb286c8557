/** lib/limits.ts alone: which time limits are taken, and what is said of the others. */
import { describe, expect, test } from "vitest";
import { readLimits } from "../../lib/limits.js";

const DEFAULTS = { hook: 10_000, slow: 100, unload: 1_000, disables: false };

/** As a JavaScript hub could give them. */
const read = (option: string, value: unknown) => readLimits({ [option]: value });

describe("what is not given", () => {
  test("has a default", () => {
    expect(readLimits({})).toEqual(DEFAULTS);
    expect(read("hookTimeoutMs", undefined)).toEqual(DEFAULTS);
  });

  test("is the host's, for a script", () => {
    const host = readLimits({ hookTimeoutMs: 0, slowHookMs: 7, onRepeatedTimeout: "disable" });
    expect(host).toEqual({ hook: 0, slow: 7, unload: 1_000, disables: true });
    expect(readLimits({}, host)).toEqual(host);
    expect(readLimits({ unloadTimeoutMs: 5, onRepeatedTimeout: "keep" }, host)).toEqual({
      ...host,
      unload: 5,
      disables: false,
    });
  });
});

describe.each(["hookTimeoutMs", "slowHookMs", "unloadTimeoutMs"])("%s", (option) => {
  test.each([0, 1, 2 ** 31 - 1])("may be %d", (time) => {
    expect(Object.values(read(option, time))).toContain(time);
  });

  test.each([-1, 0.5, 2 ** 31, NaN, Infinity])("may not be %d", (time) => {
    expect(() => read(option, time)).toThrow(RangeError);
    expect(() => read(option, time)).toThrow(`${option} must be an integer from 0 to 2147483647`);
  });

  test.each(["5", 5n, true, {}])("may not be %o", (time) => {
    expect(() => read(option, time)).toThrow(TypeError);
    expect(() => read(option, time)).toThrow(`${option} must be a number of milliseconds`);
  });
});

test.each(["kill", "", 1, true])("onRepeatedTimeout may not be %o", (policy) => {
  expect(() => read("onRepeatedTimeout", policy)).toThrow(TypeError);
  expect(() => read("onRepeatedTimeout", policy)).toThrow("must be one of keep, disable");
});
