/** Every close reason that the hub itself gives, as OnCloseConnEx tells it. */
import { afterAll, expect, it } from "vitest";
import { CloseReason } from "../../lib/hub/constants.js";
import type { HubOptions } from "../../lib/hub/index.js";
import { TestHub } from "../helpers/hub.js";
import type { NmdcClient } from "../helpers/nmdc-client.js";

const IP = "127.0.0.1";

/** So slow that nothing comes back while a test runs. */
const SLOW = 1e-9;

interface Ending {
  /** What clients see last, if anything. */
  told?: string | RegExp;
  limits?: HubOptions["limits"];
  /** Makes the client "al" go, or another whose nick is returned. */
  end: (hub: TestHub) => Promise<NmdcClient>;
}

/** A client that got as far as its accepted nick, or was refused it. */
async function halfWay(hub: TestHub, ...options: Parameters<TestHub["connect"]>) {
  const client = await hub.connect(...options);
  await client.handshake();
  return client;
}

/** A client that sends its $MyINFO though it will not be taken. */
async function introduce(hub: TestHub, ...options: Parameters<TestHub["connect"]>) {
  const client = await halfWay(hub, ...options);
  client.send(`${client.info()}|`);
  return client;
}

const set = (hub: TestHub, name: string, value: unknown) =>
  hub.vh("SetConfig", "config", name, value);

const ENDINGS: Partial<Record<keyof typeof CloseReason, Ending>> = {
  Default: {
    end: async (hub) => {
      const al = await hub.login("al");
      hub.vh("CloseConnection", "al");
      return al;
    },
  },
  InvalidUser: {
    told: /Your \$MyINFO is not yours/,
    end: async (hub) => {
      const al = await halfWay(hub, "al");
      al.send("$MyINFO $ALL bob x$ $LAN\u0001$$0$|");
      return al;
    },
  },
  Kicked: {
    told: "<Hub-Security> op kicked you: because",
    end: async (hub) => {
      const al = await hub.login("al");
      hub.vh("KickUser", "op", "al", "because");
      return al;
    },
  },
  ForceMove: {
    told: "$ForceMove elsewhere",
    end: async (hub) => {
      const al = await hub.login("al");
      (await hub.operator("op")).send("$OpForceMove $Who:al$Where:elsewhere$Msg:go|");
      return al;
    },
  },
  Quit: {
    end: async (hub) => {
      const al = await hub.login("al");
      al.close();
      return al;
    },
  },
  HubLoad: {
    limits: { pendingLogins: 1 },
    told: /busy with other logins/,
    end: async (hub) => {
      await hub.connect("one");
      return hub.connect("two");
    },
  },
  Timeout: {
    limits: { loginMs: 50 },
    told: /login took too long/,
    end: (hub) => hub.connect("al"),
  },
  ToAnyAction: {
    limits: { keepAliveMs: 50, backlogBytes: 50_000_000, lineBytes: Infinity },
    end: async (hub) => {
      const al = await hub.login("al");
      al.socket.pause();
      hub.vh("SendDataToUser", `$Bulk ${"x".repeat(20_000_000)}`, "al");
      await expect.poll(() => hub.hub.users.get("al")).toBeUndefined();
      al.close();
      return al;
    },
  },
  UserLimit: {
    limits: { connectionsPerIp: 1 },
    told: /too many connections from your address/,
    end: async (hub) => {
      await hub.connect("one");
      return hub.connect("two");
    },
  },
  ShareLimit: {
    told: "<Hub-Security> You must share 2 MiB or more.",
    end: async (hub) => {
      set(hub, "min_share", 2);
      await hub.login("bob", { share: String(2 * 1024 * 1024) });
      return introduce(hub, "al", { share: String(2 * 1024 * 1024 - 1) });
    },
  },
  TagNone: {
    told: "<Hub-Security> Your client must show its tag.",
    end: async (hub) => {
      await hub.login("bob", { tag: "" });
      set(hub, "tag_allow_none", 0);
      return introduce(hub, "al", { tag: "" });
    },
  },
  TagInvalid: {
    told: "<Hub-Security> You must have 3 slots or more.",
    end: async (hub) => {
      set(hub, "tag_min_slots", 3);
      await hub.login("bob", { tag: "<++ V:1,M:A,H:1/0/0,S:3>" });
      return introduce(hub, "al", { tag: "<++ V:1,M:A,H:1/0/0,S:2>" });
    },
  },
  Password: {
    told: "$BadPass",
    end: (hub) => {
      hub.vh("AddRegUser", "al", 1, "right");
      return halfWay(hub, "al", { password: "wrong" });
    },
  },
  LoginError: {
    limits: { passwordsPerIp: { perSecond: SLOW, burst: 1 } },
    told: /Too many wrong passwords/,
    end: async (hub) => {
      hub.vh("AddRegUser", "al", 1, "right");
      await halfWay(hub, "al", { password: "wrong" });
      return halfWay(hub, "al", { password: "right" });
    },
  },
  Syntax: {
    told: "<Hub-Security> Your $MyINFO is malformed.",
    end: async (hub) => {
      const al = await halfWay(hub, "al");
      al.send("$MyINFO $ALL al nonsense|");
      return al;
    },
  },
  InvalidKey: {
    told: /key does not fit/,
    end: async (hub) => {
      const al = await hub.connect("al");
      al.send("$Key x|");
      return al;
    },
  },
  Reconnect: {
    limits: { connectionRate: { perSecond: SLOW, burst: 1 } },
    told: /reconnect too fast/,
    end: async (hub) => {
      (await hub.login("al")).close();
      return hub.connect("al");
    },
  },
  Clone: {
    told: "<Hub-Security> You are on the hub already, as bob, cy.",
    end: async (hub) => {
      set(hub, "clone_detect_count", 2);
      for (const nick of ["empty", "empty2", "empty3"]) await hub.login(nick);
      for (const nick of ["bob", "cy"]) await hub.login(nick, { share: "77" });
      await hub.login("other", { share: "78" });
      return introduce(hub, "al", { share: "77" });
    },
  },
  Self: {
    end: async (hub) => {
      const ghost = await hub.operator("al");
      await hub.login("al", { password: "secret" });
      return ghost;
    },
  },
  BadNick: {
    told: "<Hub-Security> The nick is taken.",
    end: async (hub) => {
      await hub.login("al");
      return halfWay(hub, "al");
    },
  },
  Plugin: {
    end: async (hub) => {
      hub.answer("OnUserLogin", 0);
      return introduce(hub, "al");
    },
  },
};

const tested = new Set<string>();

it.each(Object.entries(ENDINGS))("%s", async (name, { end, told, limits }) => {
  tested.add(name);
  const hub = await TestHub.start(limits ? { limits } : {});
  const client = await end(hub);
  await client.closed;
  if (typeof told === "string") expect(client.lines.at(-1)).toBe(told);
  else if (told) expect(client.lines.at(-1)).toMatch(told);
  const calls = await hub.until(1, "OnCloseConnEx");
  const reason = CloseReason[name as keyof typeof CloseReason];
  expect(calls.map((call) => [call[1], call[2]])).toContainEqual([IP, reason]);
});

it("a full house closes with USERLIMIT too, an oversized line with SYNTAX, a flood with KICKED", async () => {
  const hub = await TestHub.start({
    limits: { lineBytes: 1000, messages: { chat: { perSecond: SLOW, burst: 1 } } },
  });
  set(hub, "max_users_total", 2);
  const [al, bob] = [await hub.login("al"), await hub.login("bob")];
  const cy = await halfWay(hub, "cy");
  await cy.closed;
  expect(cy.lines.at(-1)).toBe("$HubIsFull");
  al.send("x".repeat(1001));
  await al.closed;
  for (let i = 0; i < 3; i++) bob.say("again");
  await bob.closed;
  expect(hub.recorded("OnCloseConnEx")).toEqual([
    ["OnCloseConnEx", IP, CloseReason.UserLimit, ""],
    ["OnCloseConnEx", IP, CloseReason.Syntax, "al"],
    ["OnCloseConnEx", IP, CloseReason.Kicked, "bob"],
  ]);
});

it("a script gives any other", async () => {
  const hub = await TestHub.start();
  const al = await hub.login("al");
  // vh.eCR_NOREDIR: only scripts have a use for it.
  hub.vh("CloseConnection", "al", 20);
  await al.closed;
  expect(hub.recorded("OnCloseConnEx")).toEqual([["OnCloseConnEx", IP, 20, "al"]]);
});

afterAll(() => {
  expect([...tested].sort()).toEqual(Object.keys(CloseReason).sort());
});
