/** A hub's storage killed under load, 50 times: nothing that it acknowledged is lost, and the file stays whole. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, it } from "vitest";
import { BanType } from "../../lib/hub/constants.js";
import { Storage } from "../../lib/hub/storage/index.js";
import { newFolder } from "../helpers/folder.js";

const KILLS = 50;

/** How many acknowledgements a process lives for at most; where in its work it is killed after these is up to chance. */
const MOST_ACKNOWLEDGED = 20;

const LIBRARY = path.join(import.meta.dirname, "../../dist/hub/storage/index.js");

/** Writes without end, and prints what it is about to change and what was done when it was done. */
const PROGRAM = `
  import { writeSync } from "node:fs";
  import { Storage } from ${JSON.stringify(LIBRARY)};
  const [folder, round] = process.argv.slice(1);
  const { registrations, bans, configuration, restrictions, sql } = new Storage(folder);
  const print = (...line) => writeSync(1, JSON.stringify(line) + "\\n");
  for (let i = 0; ; i++) {
    const nick = "n" + round + "." + i;
    registrations.add({ nick, userClass: i % 6, passwordHash: "", op: "op", opNote: "" });
    print("class", nick, i % 6);
    print("class", nick, "changes");
    if (i % 3 === 0) registrations.delete(nick);
    else registrations.setClass(nick, 10);
    print("class", nick, i % 3 === 0 ? null : 10);
    registrations.loggedIn(nick, "10.0.0.1");
    bans.add({ type: ${BanType.Nick}, nick, op: "op", reason: "spam", seconds: i % 2 ? 0 : 3600 });
    print("banned", nick, true);
    restrictions.set(nick, { chat: 3600 });
    print("restricted", nick, true);
    print("configured", "last", "changes");
    configuration.set({ file: "load", var: "last", val: nick });
    print("configured", "last", nick);
    if (round % 10 === 0 && "rows" in sql.query("insert into reglist (nick) values ('q" + nick + "')", 1))
      print("class", "q" + nick, 1);
  }`;

/** What one thing in the storage is; null: it is not there, "changes": that is uncertain. */
type Said = [what: "class" | "banned" | "restricted" | "configured", key: string, value: unknown];

/** One process's life. @returns what it said */
async function live(folder: string, round: number): Promise<Said[]> {
  const args = ["--input-type=module", "-e", PROGRAM, folder, String(round)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  const enough = 1 + Math.floor(Math.random() * MOST_ACKNOWLEDGED);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (output.split("\n").length > enough) child.kill("SIGKILL");
  });
  await once(child, "close");
  expect(child.signalCode).toBe("SIGKILL");
  const lines = output.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Said);
}

/** The same of a storage. */
function look({ registrations, bans, restrictions, configuration }: Storage, [what, key]: Said) {
  if (what === "class") return registrations.get(key)?.userClass ?? null;
  if (what === "banned") return bans.find({ nick: key }) !== undefined;
  if (what === "restricted") return restrictions.forbids(key, "chat");
  return configuration.all().find((variable) => variable.file === "load")?.val;
}

it(`loses nothing acknowledged in ${KILLS} kills`, { timeout: 120_000 }, async () => {
  const folder = newFolder();
  const said = new Map<string, Said>();
  for (let round = 0; round < KILLS; round++) {
    const lines = await live(folder, round);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) said.set(`${line[0]} ${line[1]}`, line);
    const storage = new Storage(folder); // itself checks that the file is whole
    const certain = [...said.values()].filter(([, , value]) => value !== "changes");
    expect(certain.map((line) => [line[0], line[1], look(storage, line)])).toEqual(certain);
    storage.close();
  }
});
