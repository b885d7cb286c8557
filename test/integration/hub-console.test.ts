/** The script console (CONTRACT section 6): its texts are what tools match on. */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { folderWith } from "../helpers/folder.js";
import { TestHub } from "../helpers/hub.js";
import type { NmdcClient } from "../helpers/nmdc-client.js";

const BOT = "Hub-Security";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A hub on a folder of scripts, with an administrator. */
async function hubWith(files: Record<string, string>) {
  const dir = folderWith(files);
  const scripts = path.join(dir, "scripts");
  const hub = await TestHub.start({ baseDir: dir });
  const admin = await hub.operator("admin", 5);
  await admin.sync();
  return { hub, admin, dir: scripts, at: (name: string) => path.join(scripts, name) };
}

/** Says a command and returns what the hub answers to it at once. */
async function ask(client: NmdcClient, text: string): Promise<string> {
  client.say(text);
  const lines = await client.sync();
  return lines.map((line) => line.replace(`<${BOT}> `, "")).join("\n");
}

/** Says a command and waits for an answer that has this text. */
async function askLater(client: NmdcClient, text: string, expected: string): Promise<void> {
  client.say(text);
  await client.next(`<${BOT}> ${expected}`);
}

describe("the script console", () => {
  it("loads by number, name and path, and refuses what is loaded", async () => {
    const { hub, admin, dir, at } = await hubWith({
      "scripts/b.py": "",
      "scripts/a.py": "def name_and_version(): return 'Alpha', '1'",
      "scripts/notes.txt": "",
      "other/c.py": "",
    });
    const files = await ask(admin, "!pyfiles");
    expect(files).toBe(
      `Python scripts found in: ${dir}\n\tNumber\tID\tFile\n\t0\t-\ta.py\n\t1\t-\tb.py`,
    );
    const first = hub.recorder.id + 1;
    expect(await ask(admin, "!pyload 1")).toBe(`Script #${first} is now loaded: ${at("b.py")}`);
    expect(await ask(admin, "!pyload a")).toBe(`Script #${first + 1} is now loaded: ${at("a.py")}`);
    const c = path.join(dir, "../other/c.py");
    expect(await ask(admin, `!pyload ${c}`)).toBe(`Script #${first + 2} is now loaded: ${c}`);
    for (const which of ["0", "a.py", "a", at("a.py")]) {
      expect(await ask(admin, `!pyload ${which}`)).toBe(
        `Script #${first + 1} is already loaded: ${at("a.py")}`,
      );
    }
    expect(await ask(admin, "!pyfiles")).toContain(`\n\t0\t#${first + 1}\ta.py\n`);
    expect(await ask(admin, "!pylist")).toMatch(
      new RegExp(
        `^Loaded Python scripts:\n\tID\tName\tCalls\tErrors\tPath\n\t\\d+\trecorder\t.*\n` +
          `\t${first}\tb\t0\t0\t${at("b.py")}\n\t${first + 1}\tAlpha\t0\t0\t${at("a.py")}\n`,
      ),
    );
  });

  it("says why a script does not load", async () => {
    const { hub, admin, at } = await hubWith({
      "scripts/syntax.py": "def broken(:\n",
      "scripts/raises.py": "def f(): raise KeyError('nick')\nf()\n",
    });
    const failure = "Script not found or couldn't be parsed: ";
    expect(await ask(admin, "!pyload raises")).toBe(
      `${failure}${at("raises.py")}\nKeyError: 'nick'`,
    );
    expect(await ask(admin, "!pyload 1")).toMatch(
      new RegExp(`^${failure}${at("syntax.py")}\nSyntaxError: `),
    );
    for (const which of ["nothing", "7", "99999999999999999999", "../scripts", "/no/such.py"]) {
      expect(await ask(admin, `!pyload ${which}`)).toBe(failure + path.resolve(at(""), which));
    }
    expect(hub.hub.scripts.scripts).toHaveLength(1);
  });

  it("unloads by id, name and path; what is not loaded is told", async () => {
    const { admin, at } = await hubWith({
      "scripts/a.py": "def name_and_version(): return 'Alpha', '1'",
    });
    for (const which of ["ID", "a", "a.py", "Alpha", at("a.py")]) {
      const id = /^Script #(\d+) is now/.exec(await ask(admin, "!pyload 0"))?.[1] ?? "";
      const asked = which === "ID" ? id : which;
      await askLater(admin, `!pyunload ${asked}`, `Script #${id} stopped: ${at("a.py")}`);
      const what = which === "ID" ? `#${id}` : which;
      expect(await ask(admin, `!pyunload ${asked}`)).toBe(
        `Script not stopped because it's not loaded: ${what}`,
      );
    }
    expect(await ask(admin, "!pyunload 4711")).toBe(
      "Script not stopped because it's not loaded: #4711",
    );
  });

  it("reloads with a new id at the same place; a script whose reload failed can be reloaded", async () => {
    const { hub, admin, at } = await hubWith({ "scripts/a.py": "", "scripts/b.py": "" });
    const first = hub.recorder.id + 1;
    await ask(admin, "!pyload a");
    await ask(admin, "!pyload b");
    const order = () => hub.hub.scripts.scripts.map((script) => path.basename(script.path));
    const stopped = (id: number) => `Script #${id} stopped: ${at("a.py")}`;
    await askLater(admin, "!pyreload a", stopped(first));
    await admin.next(`<${BOT}> Script #${first + 2} is now loaded: ${at("a.py")}`);
    expect(order()).toEqual(["recorder.py", "a.py", "b.py"]);
    writeFileSync(at("a.py"), "1 / 0");
    await askLater(admin, `!pyreload ${first + 2}`, stopped(first + 2));
    await admin.next(/couldn't be parsed: .*\nZeroDivisionError: division by zero$/);
    expect(order()).toEqual(["recorder.py", "b.py"]);
    writeFileSync(at("a.py"), "");
    admin.say("!pyreload a.py");
    expect(await admin.next(/Script #/)).toMatch(/ is now loaded: /);
    expect(order()).toEqual(["recorder.py", "a.py", "b.py"]);
    expect(await ask(admin, "!pyreload nothing")).toMatch(/it's not loaded: nothing$/);
    rmSync(at("b.py"));
    admin.say("!pyreload b");
    await admin.next(/couldn't be parsed: .*\nFileNotFoundError: /);
  });

  it("tells which threads of an unloaded script live on", async () => {
    const { hub, admin } = await hubWith({
      "scripts/a.py": `
import threading
go = threading.Event()
def stay():
    while not go.is_set():
        try:
            go.wait()
        except BaseException:
            pass
threading.Thread(target=stay, name="stays").start()
import vh, sys
sys.modules["vh"].go = go
`,
    });
    hub.hub.scripts.on("warning", () => undefined);
    await ask(admin, "!pyload 0");
    admin.say("!pyunload a");
    expect(await admin.next(/Script #\d+ stopped: /)).toMatch(
      /\n\tThread stays did not end: .*a\.py:/,
    );
    expect(await ask(admin, "!pylist")).toMatch(/\n\tThread stays did not end: /);
  });

  it("answers by private message what comes by private message", async () => {
    const { admin, dir } = await hubWith({ "scripts/a.py": "" });
    admin.pm(BOT, "!pyfiles");
    await admin.next(
      `$To: admin From: ${BOT} $<${BOT}> Python scripts found in: ${dir}\n\tNumber\tID\tFile\n\t0\t-\ta.py`,
    );
  });

  it("is for the class that the configuration says", async () => {
    const { hub, admin } = await hubWith({});
    const op = await hub.operator("op", 4);
    await hub.settle();
    expect(await ask(op, "!pyfiles")).toBe(
      "You may not use !pyfiles: it is for class 5 and above.",
    );
    expect(await ask(op, "!help")).not.toContain("pyload");
    hub.vh("SetConfig", "pi_python", "console_class", 3);
    expect(await ask(op, "!pyfiles")).toMatch(/^Python scripts found in: /);
    expect(await ask(op, "!help")).toContain("!pyload <number in !pyfiles, name or path>: ");
    expect(await ask(admin, "+pyfiles")).toBe("Unknown command: +pyfiles");
  });

  it("sets how much is logged of what scripts do, never passwords", async () => {
    const source = "def OnUserCommand(nick, cmd): pass";
    const { hub, admin, at } = await hubWith({ "scripts/a.py": source });
    const first = hub.recorder.id + 1;
    let log = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => (log += String(text)) !== "");
    const change = "Updated configuration pi_python.log_level: ";
    await ask(admin, "!pyload a");
    expect(log).toBe("");
    expect(await ask(admin, "!pylog 1")).toBe(`${change}0 -> 1`);
    await askLater(admin, "!pyunload a", `Script #${first} stopped: ${at("a.py")}`);
    await ask(admin, "!pyload a");
    expect(log).toBe(
      `Script #${first} stopped: ${at("a.py")}\nScript #${first + 1} is now loaded: ${at("a.py")}\n`,
    );
    expect(await ask(admin, "!pylog 2")).toBe(`${change}1 -> 2`);
    await ask(admin, "+hubinfo");
    await askLater(admin, "!passwd n3w", "Your password is changed.");
    admin.pm(BOT, "!passwd n3wer");
    await admin.next(/Your password is changed/);
    expect(log).toContain('\nOnUserCommand("admin", "+hubinfo") -> ("admin", "+hubinfo")\n');
    expect(log).toContain('\nOnOperatorCommand("admin", "!passwd …") -> ("admin", "!passwd …")\n');
    expect(log).not.toContain("n3w");
    expect(await ask(admin, "!pylog 7")).toBe("pi_python.log_level cannot be set to 7.");
    expect(await ask(admin, "!pylog 0")).toBe(`${change}2 -> 0`);
  });

  it("logs the hooks that no script has, if asked for", async () => {
    const { hub, admin } = await hubWith({});
    hub.recorder.unload();
    let log = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => (log += String(text)) !== "");
    await ask(admin, "!pylog 2");
    await ask(admin, "!pyfiles");
    expect(log).not.toContain("OnParsedMsgAny");
    await ask(admin, "!pylog 3");
    await ask(admin, "!pyfiles");
    expect(log).toContain('\nOnParsedMsgAny("admin", "<admin> …") -> ("admin", "<admin> …")\n');
  });

  it("is survived by a script that unloads itself", async () => {
    const { hub, admin, at } = await hubWith({
      "scripts/a.py": `
import vh
def OnParsedMsgChat(nick, msg):
    if msg == "end yourself":
        vh.ParseCommand(nick, "!pyunload a")
        vh.mc("ended")
        return 0
`,
    });
    await ask(admin, "!pyload a");
    admin.say("end yourself");
    await admin.next(`<${BOT}> ended`);
    await admin.next(new RegExp(`Script #\\d+ stopped: ${at("a.py")}`));
    expect(hub.hub.scripts.scripts).toHaveLength(1);
  });
});
