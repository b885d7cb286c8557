import { describe, expect, it } from "vitest";
import { Admission } from "../../lib/hub/admission.js";
import { CloseReason } from "../../lib/hub/constants.js";
import { DEFAULT_LIMITS, limitsFrom, UNLIMITED } from "../../lib/hub/limits.js";
import { PasswordAttempts } from "../../lib/hub/password-attempts.js";
import { TokenBucket, TokenBuckets } from "../../lib/hub/token-bucket.js";

/** So slow that nothing comes back while a test runs. */
const SLOW = 1e-9;

describe("a token bucket", () => {
  it("lets a burst pass, then as many a second as it says", () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, 0);
    expect([0, 0, 0, 0].map((now) => bucket.take(1, now))).toEqual([
      "pass",
      "pass",
      "pass",
      "warn",
    ]);
    // What was refused counts: the debt is paid first.
    expect(bucket.take(1, 499)).toBe("drop");
    expect(bucket.take(1, 2500)).toBe("pass");
    expect(bucket.take(1, 2500)).toBe("pass");
  });

  it("warns anew after something passed, and cuts off who goes on", () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 2 }, 0);
    const at = (now: number) => bucket.take(1, now);
    expect([at(0), at(0), at(0), at(0)]).toEqual(["pass", "pass", "warn", "cut"]);
    expect([at(10_000), at(10_000), at(10_000)]).toEqual(["pass", "pass", "warn"]);
  });

  it("fills no further than to its burst, and is asked for more than one", () => {
    const bucket = new TokenBucket({ perSecond: 100, burst: 1000 }, 0);
    expect(bucket.take(1000, 1_000_000)).toBe("pass");
    expect(bucket.take(1, 1_000_000)).toBe("warn");
    expect(bucket.take(99, 1_001_000)).toBe("pass");
  });

  it("never cuts when its burst is infinite", () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: Infinity }, 0);
    expect(bucket.take(1e12, 0)).toBe("pass");
    expect(bucket.take(1e12, 5)).toBe("pass");
  });

  it("gets back what did not count", () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 0);
    bucket.take(1, 0);
    bucket.giveBack();
    bucket.giveBack();
    expect([0, 0, 0].map((now) => bucket.take(1, now))).toEqual(["pass", "warn", "cut"]);
  });

  it("of each key is its own, and forgotten when it is full again", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 2 });
    for (let i = 0; i < 1000; i++) expect(buckets.take(`key${i}`, 0)).toBe("pass");
    expect(buckets.take("key0", 0)).toBe("pass");
    expect(buckets.take("key0", 0)).toBe("warn");
    expect(buckets.size).toBe(1000);
    // The one that was asked for more than once is not.
    expect(buckets.take("key0", 2000)).toBe("pass");
    expect(buckets.size).toBe(1);
    expect(buckets.take("key0", 2000)).toBe("warn");
  });
});

describe("limits", () => {
  it("are the defaults with what was given", () => {
    const limits = limitsFrom({ loginMs: 5, messages: { chat: { burst: 1 } } });
    expect(limits).toMatchObject({ loginMs: 5, lineBytes: DEFAULT_LIMITS.lineBytes });
    expect(limits.messages.chat).toEqual({ ...DEFAULT_LIMITS.messages.chat, burst: 1 });
    expect(limits.messages.pm).toEqual(DEFAULT_LIMITS.messages.pm);
    expect(limitsFrom()).toEqual(DEFAULT_LIMITS);
    expect(limitsFrom(UNLIMITED).messages.chat.burst).toBe(Infinity);
  });

  it("let no client send more at once than may wait for a slow reader", () => {
    expect(DEFAULT_LIMITS.bytesIn.burst).toBeLessThan(DEFAULT_LIMITS.backlogBytes);
  });

  it("let no address send more to everybody at once than may wait for a slow reader", () => {
    expect(DEFAULT_LIMITS.broadcastPerIp.burst).toBeLessThan(DEFAULT_LIMITS.backlogBytes);
  });

  it("are changed one after the other", () => {
    const first = limitsFrom({ bytesIn: { burst: 7 } });
    const { bytesIn } = limitsFrom({ bytesIn: { perSecond: 3 } }, first);
    expect(bytesIn).toEqual({ perSecond: 3, burst: 7 });
  });

  it.each([
    [{ lines: 5 }, "no limit limits.lines; limits has lineBytes, "],
    [{ lineBytes: 0 }, "limits.lineBytes"],
    [{ lineBytes: -1 }, "limits.lineBytes"],
    [{ lineBytes: NaN }, "limits.lineBytes"],
    [{ lineBytes: "1" }, "limits.lineBytes"],
    [{ loginMs: Infinity }, "limits.loginMs"],
    [{ keepAliveMs: 2 ** 31 }, "limits.keepAliveMs"],
    [{ bytesIn: { perSecond: Infinity } }, "limits.bytesIn.perSecond"],
    [{ bytesIn: 5 }, "limits.bytesIn has parts: perSecond, burst"],
    [{ messages: { shouts: { burst: 1 } } }, "limits.messages.shouts; limits.messages has chat, "],
    [{ messages: { chat: { burst: null } } }, "limits.messages.chat.burst"],
  ])("%j cannot be", (options, name) => {
    expect(() => limitsFrom(options as never)).toThrow(RangeError);
    expect(() => limitsFrom(options as never)).toThrow(name);
  });
});

describe("admission", () => {
  const refuse = (admission: Admission, ip: string, loggedIn = 0) => {
    const refusal = admission.enter(ip, loggedIn);
    return refusal && [refusal.reason, refusal.silent];
  };

  it("bounds the connections of one address at the same time", () => {
    const admission = new Admission(limitsFrom({ connectionsPerIp: 2 }));
    expect(refuse(admission, "10.0.0.1")).toBeUndefined();
    expect(refuse(admission, "10.0.0.1")).toBeUndefined();
    expect(refuse(admission, "10.0.0.1")).toEqual([CloseReason.UserLimit, false]);
    expect(refuse(admission, "10.0.0.2")).toBeUndefined();
    admission.leave("10.0.0.1");
    expect(refuse(admission, "10.0.0.1")).toBeUndefined();
    expect(refuse(admission, "10.0.0.1")).toEqual([CloseReason.UserLimit, false]);
  });

  it("bounds how fast one address reconnects, and says so once", () => {
    const connectionRate = { perSecond: SLOW, burst: 2 };
    const admission = new Admission(limitsFrom({ connectionRate }));
    for (let i = 0; i < 2; i++) {
      expect(refuse(admission, "2001:db8::1")).toBeUndefined();
      admission.leave("2001:db8::1");
    }
    // The same customer, whatever the address.
    expect(refuse(admission, "2001:db8::2")).toEqual([CloseReason.Reconnect, false]);
    expect(refuse(admission, "2001:db8::3")).toEqual([CloseReason.Reconnect, true]);
    expect(refuse(admission, "2001:db8:0:1::1")).toBeUndefined();
  });

  it("bounds the logins that have not ended, of all", () => {
    const admission = new Admission(limitsFrom({ pendingLogins: 2 }));
    expect(refuse(admission, "10.0.0.1")).toBeUndefined();
    expect(refuse(admission, "10.0.0.2")).toBeUndefined();
    expect(refuse(admission, "10.0.0.3")).toEqual([CloseReason.HubLoad, false]);
    expect(refuse(admission, "10.0.0.3", 1)).toBeUndefined();
  });
});

describe("password attempts", () => {
  const limits = {
    passwordsPerIp: { perSecond: SLOW, burst: 3 },
    passwordsPerNick: { perSecond: SLOW, burst: 4 },
  };

  it("are bounded from one address, whatever the nicks", () => {
    const attempts = new PasswordAttempts(limits);
    const tries = ["a", "b", "c", "d"].map((nick) => attempts.begin("10.0.0.1", nick));
    expect(tries).toEqual([true, true, true, false]);
    expect(attempts.begin("10.0.0.2", "a")).toBe(true);
  });

  it("are bounded for one nick, whatever the addresses, but not for its owner at home", () => {
    const attempts = new PasswordAttempts(limits);
    expect(attempts.begin("10.0.0.9", "Boss")).toBe(true);
    attempts.succeed("10.0.0.9", "Boss");
    const tries = [1, 2, 3, 4, 5].map((i) => attempts.begin(`10.0.0.${i}`, "boss"));
    expect(tries).toEqual([true, true, true, true, false]);
    expect(attempts.begin("10.0.0.9", "BOSS")).toBe(true);
    expect(attempts.begin("10.0.0.1", "other")).toBe(true);
  });

  it("that are right do not count", () => {
    const attempts = new PasswordAttempts(limits);
    for (let i = 0; i < 20; i++) {
      expect(attempts.begin("10.0.0.1", "boss")).toBe(true);
      attempts.succeed("10.0.0.1", "boss");
    }
  });
});
