/** The clients that people use, on a hub with the example scripts: what one does, the other one shows. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeCertificate } from "../helpers/certificate.js";
import { Command } from "../helpers/command.js";
import {
  DEADLINE,
  newHome,
  requirePrograms,
  type Client,
  type Login,
  type ClientKind,
} from "./client.js";
import { Eiskalt } from "./eiskalt.js";
import { Ncdc } from "./ncdc.js";

requirePrograms("ncdc", "eiskaltdcpp-daemon", "tmux", "openssl");

const certificate = makeCertificate();
const PASSWORD = "secret";
const FILE = "some holiday film.avi";

const KINDS: [name: string, kind: ClientKind, other: ClientKind][] = [
  ["ncdc", Ncdc, Eiskalt],
  ["EiskaltDC++", Eiskalt, Ncdc],
];

/** A hub with an operator, "boss". @returns its URL */
async function startHub(scheme: "dchub" | "nmdcs" = "dchub"): Promise<string> {
  const register = new Command("register", "boss", "5");
  register.child.stdin.end(`${PASSWORD}\n`);
  expect(await register.exit()).toBe(0);
  const { certFile, keyFile } = certificate;
  const tls = ["--tls-cert", certFile, "--tls-key", keyFile, "--tls-port", "0"];
  const hub = new Command("run", "--port", "0", ...tls);
  return `${scheme}://127.0.0.1:${await hub.port(scheme)}`;
}

/** A folder with a film. */
function newShare(): string {
  const folder = newHome("share");
  writeFileSync(path.join(folder, FILE), Buffer.alloc(50_000, "film"));
  return folder;
}

async function logIn(kind: ClientKind, login: Login): Promise<Client> {
  const client = await kind.start(login);
  await shows(client, `Welcome, ${login.nick}!`);
  return client;
}

/** A client that says in main chat, or that its hub says there. */
async function shows(client: Client, text: string | RegExp): Promise<void> {
  await expect.poll(() => client.chat(), DEADLINE).toMatch(text);
}

async function isGone(client: Client): Promise<void> {
  await expect.poll(() => client.isConnected(), DEADLINE).toBe(false);
}

describe.each(KINDS)("%s", (_name, kind, other) => {
  const logInBoss = (hubUrl: string) => logIn(other, { hubUrl, nick: "boss", password: PASSWORD });

  it("is registered by an operator, and logs in by its password from then on", async () => {
    const hubUrl = await startHub();
    const boss = await logInBoss(hubUrl);
    const stranger = await logIn(kind, { hubUrl, nick: "al" });
    await boss.say("!regnew al 2 apple");
    await shows(boss, "al is registered with class 2.");
    await stranger.stop();

    const guesser = await kind.start({ hubUrl, nick: "al", password: "pear" });
    await shows(guesser, "The password is wrong.");
    await isGone(guesser);
    await guesser.stop();

    await logIn(kind, { hubUrl, nick: "al", password: "apple" });
    await boss.say("!who al");
    await shows(boss, /\tal\t2\t127\.0\.0\.1\t/);
  });

  it("hears much at once, compressed if it can be", async () => {
    const hubUrl = await startHub();
    const al = await logIn(kind, { hubUrl, nick: "al" });
    const bo = await logIn(other, { hubUrl, nick: "bo" });
    const words = "and so on, ".repeat(300);
    await bo.say(`${words}!`);
    await shows(al, `<bo> ${words}!`);
    await bo.say("and on");
    await shows(al, "<bo> and on");
  });

  it("is kicked, with the reason", async () => {
    const hubUrl = await startHub();
    const boss = await logInBoss(hubUrl);
    const al = await logIn(kind, { hubUrl, nick: "al" });
    await boss.say("!kick al too loud");
    await shows(al, "boss kicked you: too loud");
    await isGone(al);
    await boss.say("!who al");
    await shows(boss, "Nobody is online as al.");
  });

  it("is banned, and refused until the ban is lifted", async () => {
    const hubUrl = await startHub();
    const boss = await logInBoss(hubUrl);
    const al = await logIn(kind, { hubUrl, nick: "al" });
    await boss.say("!ban al 1h spam");
    await shows(al, "You are banned for 1h by boss: spam");
    await isGone(al);
    await al.stop();

    const again = await kind.start({ hubUrl, nick: "al" });
    await shows(again, /You are banned for (1h|59m \d+s) by boss: spam/);
    await isGone(again);
    await again.stop();
    expect(again.chat()).not.toContain("Welcome");

    await boss.say("!unban al");
    await shows(boss, "Lifted: #1.");
    await logIn(kind, { hubUrl, nick: "al" });
  });

  it.each([
    ["active", "a passive one"],
    ["passive", "an active one"],
  ])("%s, finds a file of %s", async (mode) => {
    const hubUrl = await startHub();
    const share = newShare();
    const active = mode === "active";
    await logIn(other, { hubUrl, nick: "owner", share, active: !active });
    const al = await logIn(kind, { hubUrl, nick: "al", active });
    await al.search("holiday");
    await expect.poll(() => al.hasFound("owner", FILE), DEADLINE).toBe(true);
  });
});

it("an active and a passive one connect to each other, whichever wants a list of files", async () => {
  const hubUrl = await startHub();
  const share = newShare();
  const al = await Ncdc.start({ hubUrl, nick: "al", share });
  const bo = await Eiskalt.start({ hubUrl, nick: "bo", share, active: true });
  await shows(al, "Welcome, al!");
  await shows(bo, "Welcome, bo!");
  await al.browse("bo");
  await bo.browse("al");
});

it("ncdc's own /kick, without a reason", async () => {
  const hubUrl = await startHub();
  const boss = await Ncdc.start({ hubUrl, nick: "boss", password: PASSWORD });
  await shows(boss, "Welcome, boss!");
  const al = await logIn(Eiskalt, { hubUrl, nick: "al" });
  boss.type("/kick al");
  await shows(al, /boss kicked you$/m);
  await isGone(al);
});

it.each(["dchub", "nmdcs"] as const)(
  "both talk in main chat and in private: %s",
  async (scheme) => {
    const hubUrl = await startHub(scheme);
    const al = await logIn(Ncdc, { hubUrl, nick: "al" });
    const bo = await logIn(Eiskalt, { hubUrl, nick: "bo" });
    for (const [from, name, to] of [
      [al, "al", bo],
      [bo, "bo", al],
    ] as const) {
      const text = `any | $5 & <ö> from ${name}`;
      await from.say(text);
      await shows(to, `<${name}> ${text}`);
      await from.pm(to === al ? "al" : "bo", `quietly, ${text}`);
      await expect.poll(() => to.privately(name), DEADLINE).toContain(`<${name}> quietly, ${text}`);
      expect(to.chat()).not.toContain("quietly");
    }
  },
);
