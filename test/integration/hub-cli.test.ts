import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Command, home, script } from "../helpers/command.js";
import { NmdcClient } from "../helpers/nmdc-client.js";

const GOODBYE = `
import vh
def OnUnLoad(code): print("OnUnLoad", code)
def UnLoad():
    vh.mc("going down")
    print("UnLoad of", vh.name)
`;

describe("vh-python run", () => {
  it("loads the example scripts, answers a client, and ends by Ctrl-C with every UnLoad", async () => {
    const run = new Command("run", "--port", "0");
    const port = await run.port();
    expect(run.stdout).toMatch(/^vh-python \d\S*, Python 3\.\d+\.\d+$/m);
    expect(run.stdout).toMatch(/^Loaded: .*welcome\.py/m);
    expect(run.stderr).toBe("");
    const al = await NmdcClient.login(port, { nick: "al" });
    al.say("+stats");
    await al.next(/The hub is up for/);
    al.say("The end of the END, of __proto__ constructor, привет!");
    await al.next(/привет!$/);
    al.say("+words");
    await al.next(/Most said: end \(2\), the \(2\), constructor \(1\), proto \(1\), привет \(1\)$/);
    run.child.kill("SIGINT");
    expect(await run.exit()).toBe(0);
    await al.closed;
  });

  it("with --script loads these only; UnLoad runs while clients are there, on SIGTERM too", async () => {
    const [a, b] = [script("a.py", GOODBYE), script("b.py", GOODBYE)];
    const run = new Command(
      "run",
      "--port",
      "0",
      "--script",
      b,
      "--script",
      a,
      "--hub-name",
      "My hub",
    );
    const port = await run.port();
    expect(run.stdout).toMatch(/^Loaded: b\.py, a\.py\./m);
    const al = await NmdcClient.login(port, { nick: "al" });
    expect(al.lines).toContain("$HubName My hub");
    run.child.kill("SIGTERM");
    expect(await run.exit()).toBe(0);
    await al.closed;
    expect(al.lines.filter((line) => line.endsWith("going down"))).toHaveLength(2);
    const ends = run.stdout.split("\n").filter((line) => line.includes("nLoad"));
    expect(ends).toEqual(["OnUnLoad 0", "OnUnLoad 0", "UnLoad of b", "UnLoad of a"]);
  });

  it("with --base-dir loads its scripts in order, reports one that fails and goes on", async () => {
    script("scripts/c.py", "import vh\nprint(vh.name, vh.basedir)\n");
    script("scripts/a.py", "import vh\nprint(vh.name)\n");
    script("scripts/b.py", "def broken(:\n");
    script("scripts/d.py", "import vh\nraise vh.HookTimeout('too long')\n");
    script("scripts/readme.txt", "no script");
    const run = new Command("run", "--port", "0", "--base-dir", home());
    await run.port();
    expect(run.stdout).toMatch(/^Loaded: a\.py, c\.py\./m);
    expect(run.stdout).toContain(`c ${home()}\n`);
    expect(run.stderr).toMatch(/^Skipped .*b\.py:\n[^]*SyntaxError/);
    expect(run.stderr).toMatch(/^Skipped .*d\.py:\n[^]*vh\.HookTimeout: too long/m);
  });

  it("with an empty --base-dir runs without scripts", async () => {
    const run = new Command("run", "--port", "0", "--base-dir", home());
    await run.port();
    expect(run.stdout).toMatch(/^Loaded: no scripts\./m);
  });

  it("with --watch reloads a script when its file changes, and reports one that fails", async () => {
    const file = script("scripts/a.py", "print('one')");
    const run = new Command("run", "--port", "0", "--base-dir", home(), "--watch");
    await run.port();
    script("scripts/a.py", "1 / 0");
    await expect.poll(() => run.stderr).toMatch(/a\.py", line 1[^]*\nZeroDivisionError: /);
    script("scripts/a.py", "print('two')");
    await expect.poll(() => run.stdout).toContain(`two\nLoaded: ${file}\n`);
  });

  it("ends with the exit code that a script gives", async () => {
    const stop = script("stop.py", "import vh\ndef OnUserLogin(nick): vh.StopHub(7)\n");
    const run = new Command(
      "run",
      "--port",
      "0",
      "--script",
      stop,
      "--script",
      script("a.py", GOODBYE),
    );
    const port = await run.port();
    const al = await NmdcClient.connect(port, { nick: "al" });
    await al.handshake();
    al.send(`${al.info()}|`);
    expect(await run.exit()).toBe(7);
    expect(run.stdout).toContain("OnUnLoad 7\nUnLoad of a\n");
  });

  it("ends at a second Ctrl-C, though a script does not", async () => {
    const stuck = script(
      "stuck.py",
      "import time\ndef UnLoad():\n    print('UnLoad hangs')\n    time.sleep(60)\n",
    );
    const run = new Command("run", "--port", "0", "--script", stuck);
    await run.port();
    run.child.kill("SIGINT");
    await expect.poll(() => run.stdout).toContain("UnLoad hangs");
    run.child.kill("SIGINT");
    expect(await run.exit()).toBe("SIGINT");
  });

  it("takes a Ctrl-C that comes twice at once, as through npm, for one", async () => {
    const run = new Command("run", "--port", "0", "--script", script("a.py", GOODBYE));
    await run.port();
    run.child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 20));
    run.child.kill("SIGINT");
    expect(await run.exit()).toBe(0);
    expect(run.stdout).toContain("UnLoad of a");
  });

  it("says in one line that the port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const run = new Command("run", "--port", String(port));
    expect(await run.exit()).toBe(1);
    expect(run.stderr).toBe(
      `vh-python: cannot listen at dchub://127.0.0.1:${port}: the port is in use (try --port N)\n`,
    );
    server.close();
  });

  it("says in one line that another hub has the folder's database", async () => {
    const first = new Command("run", "--port", "0", "--script", script("a.py", ""));
    await first.port();
    const second = new Command("run", "--port", "0");
    expect(await second.exit()).toBe(1);
    expect(second.stderr).toMatch(/^vh-python: .*hub\.sqlite is in use by a running hub: .*\n$/);
  });

  it("with --limit changes what clients may cost", async () => {
    const limits = ["messages.chat.bytes=10", "messages.chat.burst=Infinity", "loginMs=300"];
    const options = limits.flatMap((limit) => ["--limit", limit]);
    const run = new Command("run", "--port", "0", "--script", script("a.py", ""), ...options);
    const port = await run.port();
    const al = await NmdcClient.login(port, { nick: "al" });
    al.say("123456");
    await al.next(/Your message was not passed on: 11 bytes, 10 are allowed/);
    const idle = await NmdcClient.connect(port, { nick: "idle" });
    await idle.closed;
    al.close();
  });

  it("listens in another encoding", async () => {
    const run = new Command(
      "run",
      "--port",
      "0",
      "--encoding",
      "CP1251",
      "--script",
      script("a.py", ""),
    );
    const port = await run.port();
    const al = await NmdcClient.login(port, { nick: "Аня", encoding: "cp1251" });
    al.say("привет");
    await al.next("<Аня> привет");
  });
});

describe("npm start", () => {
  it("ends by the terminal's Ctrl-C as the command itself does: UnLoad runs, exit code 0", async () => {
    const file = script("a.py", GOODBYE);
    const args = ["start", "--", "--port", "0", "--script", file];
    // A terminal tells every process of its group; npm passes the signal on besides.
    const npm = spawn("npm", args, {
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
      env: { ...process.env, HOME: home() },
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    npm.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    await expect.poll(() => stdout, { timeout: 20_000 }).toContain("Ctrl-C ends the hub");
    process.kill(-(npm.pid ?? 0), "SIGINT");
    expect((await once(npm, "close"))[0]).toBe(0);
    expect(stdout).toContain("UnLoad of a");
  });
});

describe("the command line", () => {
  it.each([
    [[], "A command is missing: run or register"],
    [["walk"], "Unknown command: walk"],
    [["run", "fast"], "Unexpected argument: fast"],
    [["run", "--port", "http"], "Not a TCP port: http"],
    [["run", "--port", "65536"], "Not a TCP port: 65536"],
    [["run", "--port"], "--port"],
    [["run", "--sql", "on"], "Not read-write, read-only or off: on"],
    [["run", "--speed", "9"], "--speed"],
    [["register", "al", "3", "--base-dir", "/no/such/folder"], "No such folder: /no/such/folder"],
    [["run", "--encoding", "klingon"], "Unknown encoding: klingon"],
    [["run", "--base-dir", "/no/such/folder"], "No such folder: /no/such/folder"],
  ])("%j is refused with exit code 2", async (args, message) => {
    const run = new Command(...args);
    expect(await run.exit()).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain("Try: vh-python --help\n");
    expect(run.stdout).toBe("");
  });

  it("tells its usage and version", async () => {
    const help = new Command("--help");
    expect(await help.exit()).toBe(0);
    for (const option of [
      "--port",
      "--host",
      "--base-dir",
      "--script",
      "--encoding",
      "--hub-name",
      "--watch",
    ]) {
      expect(help.stdout).toContain(option);
    }
    const runHelp = new Command("run", "--help");
    expect(await runHelp.exit()).toBe(0);
    expect(runHelp.stdout).toBe(help.stdout);
    const version = new Command("--version");
    expect(await version.exit()).toBe(0);
    expect(version.stdout).toMatch(/^vh-python \d+\.\d+\.\d+\n$/);
  });
});
