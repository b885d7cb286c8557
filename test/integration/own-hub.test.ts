/** examples/own-hub.ts: compiled as a user would, and run. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createConnection, createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { NmdcClient } from "../helpers/nmdc-client.js";
import { userProject } from "../helpers/user-project.js";

const SCRIPT = `
import vh
def OnNewConn(ip): return ip != "127.0.0.2"
def OnUserLogin(nick):
    vh.usermc("hello %s of class %d | there are %s" % (nick, vh.GetUserClass(nick), vh.GetNickList()), nick)
    return nick != "bad"
def OnUserLogout(nick): vh.mc(nick + " has left", "script")
def OnParsedMsgChat(nick, msg):
    if msg == "raise": raise ValueError("as asked")
    if msg == "pm": vh.pm("x", nick)
    if msg == "go": return vh.CloseConnection(nick) and 0
    return 0 if msg == "spam" else (nick, msg.upper())
def OnUserLogIn(nick): pass
def OnUnLoad(code): print("OnUnLoad", code)
def UnLoad(): print("UnLoad")
`;

let hub: ChildProcessWithoutNullStreams;
let port = 0;
const said = { stdout: "", stderr: "" };

beforeAll(async () => {
  const source = readFileSync("examples/own-hub.ts", "utf8");
  const folder = userProject({ "own-hub.ts": source, "script.py": SCRIPT });
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  ({ port } = free.address() as AddressInfo);
  free.close();
  const program = path.join(folder, "own-hub.js");
  hub = spawn(process.execPath, [program, String(port), "script.py"], { cwd: folder });
  hub.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  hub.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const probe = await vi.waitFor(() => connect("probe"), { timeout: 20_000 });
  probe.close();
}, 60_000);

afterAll(() => {
  hub.kill("SIGKILL");
});

const connect = (nick: string) => NmdcClient.connect(port, { nick });

/** A client whom the hub has greeted. */
async function logIn(nick: string): Promise<NmdcClient> {
  const client = await connect(nick);
  await client.handshake();
  await client.next(`$Hello ${nick}`);
  return client;
}

test("users log in and chat, as scripts want it", async () => {
  const al = await logIn("al");
  await al.next("<Security> hello al of class 0 &#124; there are ['al']");
  const bo = await logIn("bo");
  await al.next("$Hello bo");
  await bo.next("<Security> hello bo of class 0 &#124; there are ['al', 'bo']");
  al.send("<al> spam|<al> raise|<al> pm|<al> hi bo|");
  await bo.next("<al> raise");
  await bo.next("<al> pm");
  await bo.next("<al> HI BO");
  expect(bo.lines).not.toContain("<al> SPAM");
  bo.send("<bo> go|<bo> gone|");
  await bo.closed;
  await al.next("$Quit bo");
  await al.next("<script> bo has left");
  expect(al.lines).not.toContain("<bo> GONE");
  al.close();
});

test("whom a script blocks is disconnected; a nick is one user's", async () => {
  const al = await logIn("al");
  const bad = await logIn("bad");
  await bad.closed;
  await al.next("$Quit bad");
  const other = await connect("other");
  other.send("<al> hi|$ValidateNick al|$ValidateNick Security|$ValidateNick other|<al> hi|");
  await other.next("$ValidateDenide al");
  await other.next("$ValidateDenide Security");
  await other.next("<other> HI");
  expect(other.lines).not.toContain("<al> HI");
  for (const client of [al, other]) client.close();
});

test("a line without end ends its connection, and nobody else's", async () => {
  const al = await logIn("al");
  const flood = await connect("flood");
  flood.send("x".repeat(200_000));
  await flood.closed;
  al.say("still here");
  await al.next("<al> STILL HERE");
  al.close();
});

test("who does not read is disconnected", async () => {
  const al = await logIn("al");
  const deaf = await logIn("deaf");
  deaf.socket.pause();
  const text = "x".repeat(90_000);
  for (let i = 0; i < 200 && !al.lines.includes("$Quit deaf"); i++) {
    al.say(text);
    await al.next(`<al> ${text.toUpperCase()}`);
  }
  await expect.poll(() => al.lines).toContain("<script> deaf has left");
  for (const client of [al, deaf]) client.close();
});

test("a script may refuse a connection", async () => {
  const refused = createConnection({ port, host: "127.0.0.1", localAddress: "127.0.0.2" });
  refused.resume();
  await once(refused, "close");
  expect(refused.bytesRead).toBe(0);
});

test("errors and warnings of scripts are told", () => {
  expect(said.stderr.split("\n")).toEqual([
    "script: OnUserLogIn is no hook; did you mean OnUserLogin?",
    "script: ValueError: as asked",
    "script: NotImplementedError: this hub does not implement vh.pm",
    "",
  ]);
});

test("SIGTERM, as Ctrl-C, unloads the scripts", async () => {
  hub.kill("SIGTERM");
  const [code] = (await once(hub, "close")) as [number];
  expect([code, said.stdout]).toEqual([0, "OnUnLoad 0\nUnLoad\n"]);
});
