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
const MOST_ACKNOWLEDGED = 40;

const LIBRARY = path.join(import.meta.dirname, "../../dist/hub/storage/index.js");

/** Writes without end, and prints what was done when it was done. */
const PROGRAM = `
  import { writeSync } from "node:fs";
  import { Storage } from ${JSON.stringify(LIBRARY)};
  const [folder, round] = process.argv.slice(1);
  const { registrations, bans, configuration, restrictions, sql } = new Storage(folder);
  for (let i = 0; ; i++) {
    const nick = "n" + round + "." + i;
    const done = (...what) => writeSync(1, JSON.stringify(what) + "\\n");
    registrations.add({ nick, userClass: i % 6, passwordHash: "", op: "op", opNote: "" });
    done("registered", nick, i % 6);
    if (i % 3 === 0) { registrations.delete(nick); done("deleted", nick); }
    else { registrations.setClass(nick, 10); done("registered", nick, 10); }
    registrations.loggedIn(nick, "10.0.0.1");
    bans.add({ type: ${BanType.Nick}, nick, op: "op", reason: "spam", seconds: i % 2 ? 0 : 3600 });
    done("banned", nick);
    configuration.set({ file: "load", var: "last", val: nick });
    done("configured", nick);
    restrictions.set(nick, { chat: 3600 });
    done("restricted", nick);
    if (round % 10 === 0 && "rows" in sql.query("insert into reglist (nick) values ('q" + nick + "')", 1))
      done("registered", "q" + nick, 1);
  }`;

type Done = [what: string, nick: string, userClass?: number];

/** One process's life. @returns what it said it had done */
async function live(folder: string, round: number): Promise<Done[]> {
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
  return lines.map((line) => JSON.parse(line) as Done);
}

it("loses nothing acknowledged in 50 kills", { timeout: 120_000 }, async () => {
  const folder = newFolder();
  const classes = new Map<string, number | undefined>();
  const banned: string[] = [];
  const restricted: string[] = [];
  for (let round = 0; round < KILLS; round++) {
    let configured: string | undefined;
    // What a process may have done without saying so: its last step.
    const done = await live(folder, round);
    expect(done.length).toBeGreaterThan(0);
    for (const [what, nick, userClass] of done) {
      if (what === "registered" || what === "deleted") classes.set(nick, userClass);
      else if (what === "banned") banned.push(nick);
      else if (what === "restricted") restricted.push(nick);
      else configured = nick;
    }
    const unsaid = done.at(-1)?.[1].replace(/^q/, "");

    const storage = new Storage(folder); // itself checks that the file is whole
    const { registrations, bans, restrictions, configuration } = storage;
    const known = [...classes].filter(([nick]) => nick !== unsaid);
    expect(known.map(([nick]) => [nick, registrations.get(nick)?.userClass])).toEqual(known);
    expect(banned.filter((nick) => bans.find({ nick })?.reason !== "spam")).toEqual([]);
    expect(restricted.filter((nick) => !restrictions.forbids(nick, "chat"))).toEqual([]);
    if (configured !== undefined && configured !== unsaid) {
      const last = configuration.all().find((variable) => variable.file === "load");
      expect([configured, unsaid]).toContain(last?.val);
    }
    storage.close();
  }
});
