import { describe, expect, it } from "vitest";
import * as protocol from "../../lib/hub/protocol.js";

describe("lockToKey", () => {
  it("answers a lock as every client does", () => {
    // Worked out by hand from the protocol's description: xor with the neighbour, then swap the nibbles.
    expect(protocol.lockToKey("ABC")).toEqual(Buffer.from([0x54, 0x30, 0x10]));
  });

  it("escapes the six bytes that a key may not contain", () => {
    // "FF" gives 0 in second place, which travels as /%DCN000%/.
    expect(protocol.lockToKey("FF").toString("latin1")).toBe("4/%DCN000%/");
    // The neighbours' xor is what the swapped byte must become: 0x50, 0x42, 0x06, 0xc7, 0xe7 -> 5, 36, 96, 124, 126.
    const lock = Buffer.from([0x41, 0x11, 0x53, 0x55, 0x92, 0x75]).toString("latin1");
    expect(protocol.lockToKey(lock).toString("latin1")).toContain(
      "/%DCN005%//%DCN036%//%DCN096%//%DCN124%//%DCN126%/",
    );
  });

  it("does not fail on a lock of one character or none", () => {
    expect(protocol.lockToKey("A")).toHaveLength(1);
    expect(protocol.lockToKey("")).toHaveLength(0);
  });
});

describe("isNick", () => {
  it.each(["alice", "Ünïcode", "[VIP]bob", "a.b-c_d", "名前", "\udc80x"])("takes %j", (nick) => {
    expect(protocol.isNick(nick)).toBe(true);
  });
  it.each(["", "a b", "a$b", "a|b", "<a>", "a\u0005", "a\n", "x".repeat(65)])(
    "refuses %j",
    (nick) => {
      expect(protocol.isNick(nick)).toBe(false);
    },
  );
});

describe("lines", () => {
  it("are split into command and parameters", () => {
    const split = (line: string) => {
      const command = protocol.commandOf(line);
      return [command, protocol.restOf(line, command)];
    };
    expect(split("$Kick bob")).toEqual(["Kick", "bob"]);
    expect(split("$GetNickList")).toEqual(["GetNickList", ""]);
    expect(split("$")).toEqual(["", ""]);
    expect(split("$ bob")).toEqual(["", "bob"]);
    expect(split("<a> $Kick bob")).toEqual([undefined, "<a> $Kick bob"]);
  });

  it("chat: with a blank, a line break or nothing after the nick", () => {
    expect(protocol.parseChat("<a> hello > there")).toEqual({
      nick: "a",
      text: "hello > there",
      canonical: true,
    });
    expect(protocol.parseChat("<a>\nline\nline")).toEqual({
      nick: "a",
      text: "line\nline",
      canonical: false,
    });
    expect(protocol.parseChat("<a>x")).toEqual({ nick: "a", text: "x", canonical: false });
    expect(protocol.parseChat("<a>")).toEqual({ nick: "a", text: "", canonical: false });
    expect(protocol.parseChat("no nick")).toBeUndefined();
  });

  it("private messages: both senders must be the same", () => {
    expect(protocol.parseTo("bob From: al $<al> hi $5 > $4")).toEqual({
      target: "bob",
      nick: "al",
      text: "hi $5 > $4",
      canonical: true,
    });
    expect(protocol.parseTo("bob From: al $<al>hi")?.canonical).toBe(false);
    expect(protocol.parseTo("bob From: al $<eve> hi")).toBeUndefined();
    expect(protocol.parseTo("bob hi")).toBeUndefined();
  });

  it("what is said cannot end a line early", () => {
    expect(protocol.formatChat("a", "x|$Kick b")).toBe("<a> x&#124;$Kick b|");
    expect(protocol.formatTo("b", "back", "a", "1|2")).toBe("$To: b From: back $<a> 1&#124;2|");
  });

  it("requests to connect: in the three forms that clients send", () => {
    const plain = { target: "bob", ip: "10.0.0.1", port: "412" };
    expect(protocol.parseConnectToMe("bob 10.0.0.1:412")).toEqual(plain);
    expect(protocol.parseConnectToMe("al bob 10.0.0.1:412")).toEqual({ ...plain, sender: "al" });
    expect(protocol.parseConnectToMe("bob 10.0.0.1:412NS al")).toEqual({
      ...plain,
      port: "412NS",
      sender: "al",
    });
    for (const bad of ["", "bob", "10.0.0.1:412", "bob 10.0.0.1", "a b c 10.0.0.1:412"]) {
      expect(protocol.parseConnectToMe(bad)).toBeUndefined();
    }
  });

  it("lists of nicks", () => {
    expect(protocol.formatNicks("OpList", ["a", "b"])).toBe("$OpList a$$b$$|");
    expect(protocol.formatNicks("OpList", [])).toBe("$OpList |");
  });
});
