/** `vh-python register`: how the first operator of a hub comes to be. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Storage } from "../../lib/hub/storage/index.js";
import { Command, home, MAIN, script } from "../helpers/command.js";
import { NmdcClient } from "../helpers/nmdc-client.js";

const TERMINAL = fileURLToPath(new URL("../fixtures/hub/terminal.py", import.meta.url));

/** Runs the command with a standard input; its exit code, and what it wrote. */
async function register(input: string | Buffer, ...args: string[]) {
  const run = new Command("register", ...args);
  run.child.stdin.on("error", () => undefined).end(input);
  return { code: await run.exit(), stdout: run.stdout, stderr: run.stderr };
}

/** Runs the command in a terminal where somebody types; its exit code, and what the terminal showed. */
function registerTyping(lines: string[], ...args: string[]) {
  const command = [process.execPath, MAIN, "register", ...args];
  return new Promise<{ code: unknown; shown: string }>((resolve) => {
    execFile("python3", [TERMINAL, JSON.stringify(lines), ...command], (error, shown) => {
      resolve({ code: error?.code ?? 0, shown });
    });
  });
}

/** The nicks and classes that a hub on the test's folder would find. */
function registered(): [string, number][] {
  const storage = new Storage(home());
  const result = storage.sql.query("select nick, class from reglist order by nick", 100);
  storage.close();
  if ("error" in result) throw new Error(result.error);
  return result.rows.map(([nick, userClass]) => [String(nick), Number(userClass)]);
}

describe("vh-python register", () => {
  it("registers a user who logs in to the hub by the password, with the class", async () => {
    const { code, stdout, stderr } = await register(
      "s3cret phrase\n",
      "boss",
      "10",
      "--base-dir",
      home(),
    );
    expect([code, stdout, stderr]).toEqual([0, "boss is registered with class 10.\n", ""]);
    const run = new Command("run", "--port", "0", "--base-dir", home());
    const boss = await NmdcClient.login(await run.port(), {
      nick: "boss",
      password: "s3cret phrase",
    });
    boss.say("!who boss");
    await boss.next(/\tboss\t10\t127\.0\.0\.1/);
    const second = await register("x\n", "other", "3", "--base-dir", home());
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^vh-python: .*hub\.sqlite is in use by a running hub: .*\n$/);
  });

  it("takes the default folder where there is no other, as the hub does", async () => {
    expect((await register("x", "op", "3")).code).toBe(0);
    const run = new Command("run", "--port", "0", "--script", script("a.py", ""));
    await NmdcClient.login(await run.port(), { nick: "op", password: "x" });
  });

  it("asks on a terminal, twice and without showing what is typed", async () => {
    const args = ["op", "3", "--base-dir", home()];
    expect(await registerTyping(["s3cret\r", "s3cret\r"], ...args)).toEqual({
      code: 0,
      shown: "Password of op: \nOnce more: \nop is registered with class 3.\n",
    });
    expect(registered()).toEqual([["op", 3]]);
  });

  it.each([
    [["one\r", "two\r"], "The two passwords are not the same"],
    [["half\x03"], "No password was given"],
    [["\x04"], "No password was given"],
    [["\r", "\r"], "op needs a password for class 3"],
  ])("changes nothing when somebody types %j", async (lines, why) => {
    const { code, shown } = await registerTyping(lines, "op", "3", "--base-dir", home());
    expect(code).toBe(1);
    expect(shown).toContain(`\nvh-python: ${why}\n`);
    expect(registered()).toEqual([]);
  });

  it("refuses a password that cannot be", async () => {
    const { code, stderr } = await register("a\nb\n", "op", "3", "--base-dir", home());
    expect([code, stderr]).toEqual([
      1,
      "vh-python: Standard input has more than one line: give the password alone\n",
    ]);
    const endless = await register("x".repeat(100_000), "op", "3", "--base-dir", home());
    expect(endless.stderr).toBe("vh-python: Standard input is too long for a password\n");
    expect(registered()).toEqual([]);
  });

  it("registers users without a password, too, and nobody twice", async () => {
    expect((await register("", "al", "1", "--base-dir", home())).code).toBe(0);
    const { code, stderr } = await register("x", "AL", "3", "--base-dir", home());
    expect([code, stderr]).toEqual([1, "vh-python: AL is registered already\n"]);
    expect(registered()).toEqual([["al", 1]]);
  });

  it("says in one line that the database is none", async () => {
    writeFileSync(path.join(home(), "hub.sqlite"), "hello ".repeat(1000));
    const { code, stderr } = await register("x", "al", "1", "--base-dir", home());
    expect(code).toBe(1);
    expect(stderr).toMatch(/^vh-python: .*hub\.sqlite is damaged, or no database of a hub: .*\n$/);
  });
});
