/** The hub's own commands: who may use them, what they do, what they answer. */
import { describe, expect, it } from "vitest";
import { BanType } from "../../lib/hub/constants.js";
import { hashPassword } from "../../lib/hub/storage/index.js";
import { TestHub } from "../helpers/hub.js";
import type { NmdcClient } from "../helpers/nmdc-client.js";

const BOT = "Hub-Security";

/** A hub with an operator of each class and a user. */
async function hubWithOperators() {
  const hub = await TestHub.start();
  const clients = {
    op: await hub.operator("op", 3),
    cheef: await hub.operator("cheef", 4),
    admin: await hub.operator("admin", 5),
    master: await hub.operator("master", 10),
    al: await hub.login("al"),
  };
  await hub.settle();
  hub.recorded();
  return { hub, ...clients };
}

/** All commands, by the least class of who may use them. */
const COMMANDS = {
  0: ["help", "hubinfo", "passwd"],
  3: ["who", "kick", "ban", "unban", "banlist", "topic"],
  4: ["regnew", "regdel", "regclass"],
  5: ["set", "get", "pyload", "pyunload", "pyreload", "pylist", "pyfiles", "pylog"],
  10: ["shutdown"],
};

/** Says a command, and returns the bot's next answer. */
async function ask(client: NmdcClient, text: string): Promise<string> {
  client.say(text);
  return (await client.next(/^<Hub-Security> /)).slice(BOT.length + 3);
}

describe("commands", () => {
  it("are offered to the scripts first; what they take, the hub does not run", async () => {
    const { hub, op, al } = await hubWithOperators();
    for (const hook of ["OnOperatorCommand", "OnHubCommand"]) {
      hub.answer(hook, 0);
      op.say("!kick al");
      expect(await op.sync()).toEqual([]);
      hub.answer(hook, null);
    }
    expect(hub.recorded("OnOperatorCommand", "OnHubCommand", "OnOperatorKicks")).toEqual([
      ["OnOperatorCommand", "op", "!kick al"],
      ["OnOperatorCommand", "op", "!kick al"],
      ["OnHubCommand", "op", "kick al", 3, 0, "!"],
    ]);
    expect(await ask(op, "!KICK al  for   fun ")).toBe("al was kicked.");
    await al.next(`<${BOT}> op kicked you: for   fun`);
    expect(hub.recorded("OnOperatorKicks")).toEqual([["OnOperatorKicks", "op", "al", "for   fun"]]);
  });

  it("are for their class, and those for operators want an operators' character", async () => {
    const { al, op, cheef } = await hubWithOperators();
    const refused = (name: string, userClass: number) =>
      `You may not use ${name}: it is for class ${userClass} and above.`;
    expect(await ask(al, "!kick op")).toBe(refused("!kick", 3));
    expect(await ask(op, "!regdel al")).toBe(refused("!regdel", 4));
    expect(await ask(cheef, "!set hub_name x")).toBe(refused("!set", 5));
    expect(await ask(cheef, "!shutdown")).toBe(refused("!shutdown", 10));
    expect(await ask(op, "+kick al")).toBe("Unknown command: +kick");
    expect(await ask(op, "!hubinfo")).toMatch(/^About the hub:\n\tName\tvh-python hub\n/);
    expect(await ask(al, "+help")).toBe(
      "The hub's commands:\n+help [command]: the hub's commands\n+hubinfo: the hub in numbers\n" +
        "+passwd [nick] <password>: change your password; operators: or that of a registered nick below them",
    );
    expect(await ask(op, "!help kick")).toBe(
      "The hub's commands:\n!kick <nick> [reason]: disconnect a user",
    );
    expect(await ask(op, "!help pyload")).toBe("There is no command pyload for you.");
  });

  it("are told by help to those who may use them, and refused to all others", async () => {
    const { al, op, cheef, admin, master } = await hubWithOperators();
    for (const [client, userClass] of [
      [al, 0],
      [op, 3],
      [cheef, 4],
      [admin, 5],
      [master, 10],
    ] as const) {
      const help = await ask(client, "!help");
      const told = [...help.matchAll(/^[!+](\w+)/gm)].map(([, name]) => name);
      const isFor = ([least]: [string, string[]]) => Number(least) <= userClass;
      const usable = Object.entries(COMMANDS).filter(isFor);
      expect(told.sort()).toEqual(usable.flatMap(([, names]) => names).sort());
      for (const [least, names] of Object.entries(COMMANDS).filter((each) => !isFor(each))) {
        // The last of each class, for all of it: so many at once would be a flood.
        const name = names.at(-1) ?? "";
        expect(await ask(client, `!${name}`)).toBe(
          `You may not use !${name}: it is for class ${least} and above.`,
        );
      }
    }
  });

  it("that nobody knows are not said aloud, nor repeated: they may be mistyped, with a password", async () => {
    const { hub, op, al } = await hubWithOperators();
    expect(await ask(op, "!regnw bob 1 secret")).toBe("Unknown command: !regnw");
    expect(await ask(al, "+pasword secret")).toBe("Unknown command: +pasword");
    expect(await al.sync()).toEqual([]);
    expect(hub.recorded("OnParsedMsgChat")).toEqual([]);
    al.say("+1");
    await op.next("<al> +1");
    hub.vh("SetConfig", "config", "unknown_cmd_chat", true);
    al.say("+hello");
    await op.next("<al> +hello");
  });

  it("say how they are used when something is missing or too much", async () => {
    const { master } = await hubWithOperators();
    for (const [text, usage] of [
      ["!kick", "!kick <nick> [reason]"],
      ["!ban al", "!ban <nick, address or range> <time such as 30m or 7d, 0 for ever> [reason]"],
      [
        "!ban al soon",
        "!ban <nick, address or range> <time such as 30m or 7d, 0 for ever> [reason]",
      ],
      ["!unban", "!unban <#number in !banlist, nick, address or range>"],
      ["!regnew al", "!regnew <nick> <class> [password]"],
      ["!regnew al 1 two words", "!regnew <nick> <class> [password]"],
      ["!regdel", "!regdel <nick>"],
      ["!regclass al", "!regclass <nick> <class>"],
      ["!passwd", "!passwd [nick] <password>"],
      ["!passwd a b c", "!passwd [nick] <password>"],
      ["!set hub_name", '!set <[section.]variable> <value, "" for none>'],
      ["!shutdown now", "!shutdown [exit code]"],
      ["!pyload", "!pyload <number in !pyfiles, name or path>"],
      ["!pyunload", "!pyunload <id, name or path>"],
      ["!pyreload", "!pyreload <id, name or path>"],
      ["!pylog", "!pylog <0..6>"],
    ] as const) {
      expect(await ask(master, text)).toBe(`Usage: ${usage}`);
    }
  });

  it("run as a user by vh.ParseCommand, too", async () => {
    const { hub, op } = await hubWithOperators();
    expect(hub.vh("ParseCommand", "op", "!who al", 1)).toBe(true);
    expect(await op.next(/^\$To: /)).toMatch(
      new RegExp(`^\\$To: op From: ${BOT} \\$<${BOT}> Online:\n`),
    );
    expect(hub.vh("ParseCommand", "op", "!nothing", 1)).toBe(false);
  });

  it("tell their user what goes wrong with the database, and go on", async () => {
    const { hub, master } = await hubWithOperators();
    hub.hub.bans.list = () => {
      throw new Error("disk I/O error");
    };
    expect(await ask(master, "!banlist")).toBe("!banlist failed: Error: disk I/O error");
    hub.hub.registrations.setPassword = () => {
      throw new Error("database is full");
    };
    expect(await ask(master, "!passwd secret")).toBe("!passwd failed: Error: database is full");
  });
});

describe("commands about users", () => {
  it("kick: nobody of one's own or a higher class", async () => {
    const { hub, op, master } = await hubWithOperators();
    const op2 = await hub.operator("op2", 3);
    expect(await ask(op, "!kick op2")).toBe("You may not do that to op2, who is of class 3.");
    expect(await ask(op, "!kick master")).toBe(
      "You may not do that to master, who is of class 10.",
    );
    expect(await ask(op, "!kick nobody")).toBe("nobody is not online.");
    expect(await ask(op, `!kick ${BOT}`)).toBe(`${BOT} is not online.`);
    hub.answer("OnOperatorKicks", 0);
    expect(await ask(master, "!kick op2")).toBe("A script cancelled the kick.");
    expect(op2.socket.closed).toBe(false);
  });

  it("who: all, or by nick or address", async () => {
    const { hub, op } = await hubWithOperators();
    hub.vh("SetUserIP", "al", "10.1.2.3");
    const head = "Online:\n\tNick\tClass\tAddress\tCountry\tHost\tTag";
    const al = "\n\tal\t0\t10.1.2.3\t-\t-\t<Test V:1,M:A,H:1/0/0,S:3>";
    expect(await ask(op, "!who AL")).toBe(head + al);
    expect(await ask(op, "!who 10.1.2.3")).toBe(head + al);
    expect((await ask(op, "!who")).split("\n")).toHaveLength(7);
    expect(await ask(op, "!who 10.1.2.4")).toBe("Nobody is online as 10.1.2.4.");
  });
});

describe("commands about registrations", () => {
  it("regnew, and the login by its password", async () => {
    const { hub, cheef, al } = await hubWithOperators();
    expect(await ask(cheef, "!regnew bob 3 p4ssw0rd")).toBe("bob is registered with class 3.");
    expect(hub.recorded("OnNewReg")).toEqual([["OnNewReg", "cheef", "bob", 3]]);
    expect(await ask(cheef, "!regnew BOB 1")).toBe("BOB is registered already.");
    const bob = await hub.login("bob", { password: "p4ssw0rd" });
    expect(hub.vh("GetUserClass", "bob")).toBe(3);
    expect(await ask(cheef, "!regnew carl 4 x")).toBe("You may give lower classes than your own.");
    expect(await ask(cheef, "!regnew carl 7 x")).toBe(
      "A class is one of 0, 1, 2, 3, 4, 5 and 10, not 7.",
    );
    expect(await ask(cheef, "!regnew carl 3")).toBe("carl needs a password for class 3.");
    hub.answer("OnNewReg", 0);
    expect(await ask(cheef, "!regnew carl 1")).toMatch(/^carl was not registered: /);
    for (const client of [al, bob]) {
      expect((await client.sync()).join("\n")).not.toContain("p4ssw0rd");
    }
  });

  it("regclass and regdel, at once for who is online", async () => {
    const { hub, cheef, master } = await hubWithOperators();
    expect(await ask(cheef, "!regclass admin 1")).toBe(
      "You may not do that to admin, who is of class 5.",
    );
    expect(await ask(cheef, "!regclass op 4")).toBe("You may give lower classes than your own.");
    expect(await ask(cheef, "!regclass cheef 3")).toMatch(/^You may not do that to cheef/);
    expect(await ask(master, "!regclass op 5")).toBe("op has class 5 now.");
    expect(hub.vh("GetUserClass", "op")).toBe(5);
    await ask(master, "!regnew al 1");
    expect(await ask(master, "!regclass al 3")).toBe("al needs a password for class 3.");
    expect(await ask(master, "!regclass nobody 3")).toBe("nobody is not registered.");
    expect(await ask(cheef, "!regdel op")).toMatch(/^You may not/);
    expect(await ask(master, "!regdel op")).toBe("op is no longer registered.");
    expect(hub.vh("GetUserClass", "op")).toBe(0);
    expect(await ask(master, "!regdel op")).toBe("op is not registered.");
  });

  it("passwd: one's own, or that of somebody below", async () => {
    const { hub, cheef, op, al } = await hubWithOperators();
    expect(await ask(al, "+passwd x")).toBe("al is not registered.");
    await ask(cheef, "!regnew al 1");
    al.pm(BOT, "+passwd n3w");
    await al.next(`$To: al From: ${BOT} $<${BOT}> Your password is changed.`);
    expect(await ask(al, "+passwd op x")).toMatch(/^You may not do that to op/);
    expect(await ask(op, "!passwd cheef x")).toMatch(/^You may not do that to cheef/);
    expect(await ask(cheef, "!passwd op 0ther")).toBe("The password of op is changed.");
    const [al2, op2] = [
      await hub.login("al", { password: "n3w" }),
      await hub.login("op", { password: "0ther" }),
    ];
    expect(await ask(op2, "!passwd m1ne")).toBe("Your password is changed.");
    await hub.login("op", { password: "m1ne" });
    for (const client of [cheef, al2]) {
      expect((await client.sync()).join("\n")).not.toMatch(/n3w|0ther|m1ne/);
    }
  });

  it("passwd: of others for operators alone; the rest learn nothing of who is registered", async () => {
    const { hub, cheef } = await hubWithOperators();
    await ask(cheef, "!regnew vip 2 secret");
    await ask(cheef, "!regnew bob 1 secret");
    const vip = await hub.login("vip", { password: "secret" });
    for (const nick of ["bob", "master", "nobody", "VIP"]) {
      expect(await ask(vip, `+passwd ${nick} x`)).toBe(`You may not do that to ${nick}.`);
    }
    await hub.login("bob", { password: "secret" });
  });

  it("regnew and passwd: not for who may no more when the password is computed", async () => {
    const { hub, op, cheef, master } = await hubWithOperators();
    const before = hub.hub.registrations.get("op")?.passwordHash;
    // The commands wait for these.
    const busy = Array.from({ length: 12 }, () => hashPassword("x"));
    cheef.say("!passwd op st0len");
    cheef.say("!regnew new 3 st0len");
    op.say("!passwd m1ne");
    await hub.until(3, "OnHubCommand");
    await ask(master, "!regclass op 5");
    await ask(master, "!regclass cheef 3");
    await ask(master, "!kick op");
    await Promise.all(busy);
    const answers = [await cheef.next(/> You may /), await cheef.next(/> You may /)];
    expect(answers.sort()).toEqual([
      expect.stringContaining("You may give lower classes"),
      expect.stringContaining("You may not do that to op"),
    ]);
    await hashPassword("x");
    expect(hub.hub.registrations.get("op")?.passwordHash).toBe(before);
    expect(hub.hub.registrations.get("new")).toBeUndefined();
  });

  it("passwd: not for who has a nick that was registered meanwhile", async () => {
    const { hub, cheef, al } = await hubWithOperators();
    await ask(cheef, "!regnew al 1 0wner");
    expect(await ask(al, "+passwd st0len")).toBe("Log in by your present password first.");
    await hub.login("al", { password: "0wner" });
  });
});

describe("commands about bans", () => {
  it("ban, banlist and unban: a nick that is online or not, an address, a range", async () => {
    const { hub, op, al } = await hubWithOperators();
    expect(await ask(op, "!ban al 10m rude words")).toBe("al is banned for 10m (#1).");
    await al.next(/> You are banned for .* by op: rude words$/);
    await al.closed;
    expect(hub.recorded("OnNewBan")).toEqual([["OnNewBan", "op", "127.0.0.1", "al", "rude words"]]);
    expect(await ask(op, "!ban bob 0")).toBe("bob is banned for ever (#2).");
    expect(await ask(op, "!ban 10.1.2.3 1d")).toBe("10.1.2.3 is banned for 1d (#3).");
    expect(await ask(op, "!ban 10.2.0.0/16 2w spam")).toBe("10.2.0.0/16 is banned for 14d (#4).");
    const list = (await ask(op, "!banlist")).replace(/for \d+\w+( \d+\w)?/g, "for a while");
    expect(list).toBe(
      "Bans:\n\tNumber\tBy\tWho\tHow long\tOperator\tReason" +
        "\n\t#4\tRange\t10.2.0.0-10.2.255.255\tfor a while\top\tspam" +
        "\n\t#3\tIp\t10.1.2.3\tfor a while\top\t" +
        "\n\t#2\tNick\tbob\tfor ever\top\t" +
        "\n\t#1\tNick\tal\tfor a while\top\trude words",
    );
    expect(await ask(op, "!banlist SPAM")).toMatch(/Reason\n\t#4\t.*spam$/);
    const refused = await hub.connect("al");
    await refused.handshake();
    await refused.next(/> You are banned for .* by op: rude words$/);
    expect(await ask(op, "!unban AL")).toBe("Lifted: #1.");
    expect(await ask(op, "!unban 10.2.0.0/16")).toBe("Lifted: #4.");
    expect(await ask(op, "!unban #2")).toBe("Lifted: #2.");
    expect(await ask(op, "!unban #2")).toBe("There is no ban of #2.");
    await hub.login("al");
  });

  it("ban by address too, unless somebody is there whom the operator may not ban", async () => {
    const { hub, op, al } = await hubWithOperators();
    // The others are at 127.0.0.1 with the operators.
    expect(await ask(op, "!ban 127.0.0.1 1h")).toMatch(/^You may not do that to op/);
    hub.vh("SetUserIP", "al", "10.1.2.3");
    await ask(op, "!ban al 1h");
    await al.closed;
    expect(await ask(op, "!banlist")).toContain("\tNickIp\tal 10.1.2.3\t");
  });

  it("ban an address however it is written", async () => {
    const { hub, op } = await hubWithOperators();
    expect(await ask(op, "!ban ::ffff:127.0.0.1 1h")).toMatch(/^You may not do that to op/);
    await ask(op, "!ban ::ffff:10.1.2.3 1h");
    await ask(op, "!ban ::ffff:10.2.0.0/112 1h");
    await ask(op, "!ban 2001:DB8:0::1 1h");
    const { bans } = hub.hub;
    for (const ip of ["10.1.2.3", "10.2.3.4", "2001:db8::1"]) {
      expect(bans.find({ ip })).toBeDefined();
    }
    expect(await ask(op, "!unban 2001:db8:0:0::1")).toBe("Lifted: #3.");
    expect(hub.vh("DelIPTempBan", "::FFFF:a01:203")).toBe(true);
    hub.vh("SetUserIP", "al", "::ffff:10.1.2.4");
    expect(hub.vh("GetUserIP", "al")).toBe("10.1.2.4");
  });

  it("ban an address or a range even if somebody is called so", async () => {
    const { hub, op, al } = await hubWithOperators();
    hub.vh("SetUserIP", "al", "10.1.2.3");
    const nicks = ["10.1.2.3", "10.9.0.0/16"];
    const namesakes = await Promise.all(nicks.map((nick) => hub.login(nick)));
    const banned = () => hub.hub.bans.list().map(({ type, nick, ip }) => [type, nick, ip]);
    expect(await ask(op, "!ban 10.9.0.0/16 1h")).toBe("10.9.0.0/16 is banned for 1h (#1).");
    expect(await ask(op, "!ban 10.1.2.3 1h")).toBe("10.1.2.3 is banned for 1h (#2).");
    await al.closed;
    expect(hub.vh("Ban", "op", "10.9.0.0/16", "", 60, BanType.Range)).toBe(true);
    expect(banned()).toEqual([
      [BanType.Range, "", ""],
      [BanType.Ip, "", "10.1.2.3"],
    ]);
    await Promise.all(namesakes.map((client) => client.sync()));
    hub.vh("AddRegUser", "10.1.2.4", 5, "secret");
    expect(hub.vh("Ban", "op", "10.1.2.4", "", 60, BanType.Ip)).toBe(true);
    expect(hub.vh("Ban", "op", "10.1.2.4", "", 60, BanType.Ip | BanType.Nick)).toBe(false);
    expect(hub.vh("Ban", "op", "10.1.2.3", "", 60, BanType.Nick)).toBe(true);
    await namesakes[0]?.closed;
  });

  it("ban: nobody of one's own or a higher class, online or not", async () => {
    const { hub, op, cheef, master } = await hubWithOperators();
    expect(await ask(op, "!ban cheef 1h")).toBe("You may not do that to cheef, who is of class 4.");
    cheef.close();
    await op.next("$Quit cheef");
    expect(await ask(op, "!ban CHEEF 1h")).toBe("You may not do that to cheef, who is of class 4.");
    hub.answer("OnNewBan", 0);
    expect(await ask(master, "!ban op 1h")).toMatch(/^op was not banned: /);
  });
});

describe("commands about the configuration", () => {
  it("topic: shown, set and cleared, for all to see", async () => {
    const { hub, op, al } = await hubWithOperators();
    expect(await ask(op, "!topic")).toBe("Topic: ");
    expect(await ask(op, "!topic Hello all")).toBe(
      "Updated configuration config.hub_topic:  -> Hello all",
    );
    await al.next("$HubTopic Hello all");
    expect(hub.recorded("OnSetConfig")).toEqual([
      ["OnSetConfig", "op", "config", "hub_topic", "Hello all", "", 12],
    ]);
    expect(await ask(op, "!topic")).toBe("Topic: Hello all");
    await ask(op, '!topic ""');
    await al.next("$HubTopic ");
  });

  it("set and get: checked, told to the scripts, of any section", async () => {
    const { hub, admin } = await hubWithOperators();
    expect(await ask(admin, "!set max_users_total 7")).toBe(
      "Updated configuration config.max_users_total: 5000 -> 7",
    );
    expect(await ask(admin, "!get max_users_total")).toBe("config.max_users_total: 7");
    expect(await ask(admin, "!get")).toMatch(
      /^Configuration config:\n\thub_name\tvh-python hub\n[^]*\tmax_users_total\t7\n/,
    );
    expect(await ask(admin, "!set my.greeting Hello all")).toMatch(
      /my\.greeting: {2}-> Hello all$/,
    );
    expect(hub.vh("GetConfig", "my", "greeting")).toBe("Hello all");
    expect(await ask(admin, "!get my.")).toBe("Configuration my:\n\tgreeting\tHello all");
    expect(await ask(admin, "!set max_users_total many")).toBe(
      "config.max_users_total cannot be set to many.",
    );
    expect(await ask(admin, "!set listen_port 1")).toMatch(/cannot be set/);
    expect(await ask(admin, "!get nothing")).toBe("There is no variable config.nothing.");
    hub.answer("OnSetConfig", 0);
    expect(await ask(admin, "!set hub_name x")).toBe("A script forbids the change.");
    expect(hub.vh("GetConfig", "config", "hub_name")).toBe("vh-python hub");
  });
});

describe("shutdown", () => {
  it("ends the hub with its exit code, after an answer", async () => {
    const { hub, master } = await hubWithOperators();
    const codes: number[] = [];
    hub.hub.on("close", (code) => codes.push(code));
    expect(await ask(master, "!shutdown 3")).toBe("The hub is shutting down.");
    await master.closed;
    await expect.poll(() => codes).toEqual([3]);
  });
});
