/** `GET /metrics`: what a hub with scripts tells Prometheus. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Hub, SetupError, type HubOptions } from "../../lib/hub/index.js";
import { Command, script } from "../helpers/command.js";
import { folderWith } from "../helpers/folder.js";
import { NmdcClient } from "../helpers/nmdc-client.js";

const BUSY = `
import vh, time
def name_and_version(): return 'Busy "one"', "1"
def OnParsedMsgChat(nick, msg):
    if msg == "raise": raise ValueError(msg)
    if msg == "hang":
        while True: time.sleep(0.01)
    vh.usermc("heard", nick)
def OnUserLogin(nick): pass
`;

const METRICS = { port: 0 };

async function start(options: HubOptions = {}): Promise<Hub> {
  const hub = new Hub({ port: 0, storage: "memory", metrics: METRICS, ...options });
  await hub.listen();
  return hub;
}

const port = (hub: Hub) => Number(new URL(hub.metricsUrl ?? "").port);

/** The metrics as Prometheus reads them: each value by its name and labels. */
async function scrape(hub: Hub): Promise<Map<string, number>> {
  const response = await fetch(hub.metricsUrl ?? "");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split("\n").filter((line) => /^\w/.test(line));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ""), Number(line.split(" ").at(-1))]));
}

describe("metrics", () => {
  let hub: Hub;
  let labels = "";

  beforeAll(async () => {
    hub = await start();
    hub.scripts.on("error", () => undefined);
    const file = `${folderWith({ "busy.py": BUSY })}/busy.py`;
    hub.load(file, { hookTimeoutMs: 200 });
    labels = `script="Busy \\"one\\"",path="${file}"`;
  });

  afterAll(() => hub.close());

  it("count users, messages by kind, and what each script does", async () => {
    const before = await scrape(hub);
    expect(before.get("vh_users")).toBe(0);
    expect(before.get(`vh_script_timeouts_total{${labels}}`)).toBe(0);
    const al = await NmdcClient.login(hub.port, { nick: "al" });
    for (const text of ["hello", "raise", "hang", "+help"]) al.say(text);
    al.send("$Nonsense 1|$__proto__|$MCTo: al $al x|$MCTo al $al y|");
    await al.sync();
    const after = await scrape(hub);
    const expected = {
      vh_users: 1,
      vh_scripts: 1,
      vh_zombies: 0,
      'vh_messages_received_total{kind="chat"}': 4,
      'vh_messages_received_total{kind="MyINFO"}': 1,
      'vh_messages_received_total{kind="MCTo"}': 2,
      'vh_messages_received_total{kind="unknown"}': 2,
      [`vh_script_calls_total{${labels},hook="OnParsedMsgChat"}`]: 3,
      [`vh_script_calls_total{${labels},hook="OnUserLogin"}`]: 1,
      [`vh_script_errors_total{${labels},hook="OnParsedMsgChat"}`]: 2,
      [`vh_script_timeouts_total{${labels}}`]: 1,
      [`vh_script_vh_calls_total{${labels}}`]: 1,
    };
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, after.get(key)]))).toEqual(
      expected,
    );
    expect(after.get("vh_interpreters")).toBeGreaterThanOrEqual(2);
    expect(after.get("vh_threads")).toBe(0);
    expect(after.get("vh_memory_bytes")).toBeGreaterThan(1e6);
    expect(after.get(`vh_script_seconds_total{${labels},hook="OnParsedMsgChat"}`)).toBeTypeOf(
      "number",
    );
    for (const name of ["process_cpu_seconds_total", "nodejs_eventloop_lag_seconds"]) {
      expect(after.get(name)).toBeTypeOf("number");
    }
    al.close();
    await expect.poll(async () => (await scrape(hub)).get("vh_users")).toBe(0);
  });

  it("are all in docs/running-a-hub.md", async () => {
    const text = await (await fetch(hub.metricsUrl ?? "")).text();
    const served = Array.from(text.matchAll(/^# TYPE (vh_\w+)/gm), ([, name]) => name);
    const page = readFileSync("docs/running-a-hub.md", "utf8");
    const told = Array.from(page.matchAll(/^\| `(vh_\w+)`/gm), ([, name]) => name);
    expect(told.sort()).toEqual(served.sort());
  });

  it("are each hub's own", async () => {
    const other = await start({ port: 0 });
    await NmdcClient.login(other.port, { nick: "al" });
    const both = await Promise.all([scrape(hub), scrape(other)]);
    expect(both.map((each) => each.get("vh_users"))).toEqual([0, 1]);
    expect(both[1].get("vh_scripts")).toBe(0);
    const { metricsUrl = "" } = other;
    await other.close();
    await expect(fetch(metricsUrl)).rejects.toThrow();
    expect((await scrape(hub)).get("vh_users")).toBe(0);
  });

  it("are at /metrics alone, to be read alone, from this machine alone", async () => {
    const status = async (path: string, method = "GET") =>
      (await fetch(new URL(path, hub.metricsUrl), { method })).status;
    expect(await status("/metrics?x=1")).toBe(200);
    expect(await status("/metrics", "HEAD")).toBe(200);
    expect(await status("/")).toBe(404);
    expect(await status("/metrics/x")).toBe(404);
    expect(await status("/metrics", "POST")).toBe(405);
    expect(new URL(hub.metricsUrl ?? "").hostname).toBe("127.0.0.1");
  });

  it("cost a client with a broken request its own connection", async () => {
    for (const text of ["\0\0\0|", "GET /metrics HTTP/1.1\r\nX", `GET /${"x".repeat(99_999)}`]) {
      const socket = connect(port(hub), "127.0.0.1");
      socket.on("error", () => undefined);
      await once(socket, "connect");
      socket.end(text);
      socket.resume();
      await once(socket, "close");
    }
    // Gone before its answer.
    const gone = request(hub.metricsUrl ?? "").on("error", () => undefined);
    gone.end();
    await once(gone, "finish");
    gone.destroy();
    expect((await scrape(hub)).get("vh_scripts")).toBe(1);
  });

  it("end with the hub, whoever is connected", async () => {
    const other = await start();
    const idle = connect(port(other), "127.0.0.1");
    await once(idle, "connect");
    const closed = once(idle, "close");
    await other.close();
    await closed;
  });

  it("are served at an address of one's choice", async () => {
    const other = await start({ metrics: { port: 0, host: "::1" } });
    expect(other.metricsUrl).toMatch(/^http:\/\/\[::1\]:\d+\/metrics$/);
    expect((await scrape(other)).get("vh_users")).toBe(0);
    await other.close();
  });

  it("whose port is in use keep the hub from listening; it can be closed", async () => {
    const other = new Hub({ port: 0, storage: "memory", metrics: { port: port(hub) } });
    const listening = other.listen();
    await expect(listening).rejects.toThrow(SetupError);
    await expect(listening).rejects.toThrow(
      `cannot serve metrics at ${hub.metricsUrl ?? ""}: the port is in use`,
    );
    expect(other.port).toBe(0);
    await other.close();
  });

  it("are nowhere by default", async () => {
    const other = new Hub({ port: 0, storage: "memory" });
    expect([other.metrics, other.metricsUrl]).toEqual([undefined, undefined]);
    await other.close();
  });
});

describe("vh-python run --metrics-port", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("says where the metrics are", async () => {
    const run = new Command(
      "run",
      "--port",
      "0",
      "--metrics-port",
      "0",
      "--script",
      script("a.py", ""),
    );
    await run.port();
    const url =
      /^Metrics are at (http:\/\/127\.0\.0\.1:\d+\/metrics)$/m.exec(run.stdout)?.[1] ?? "";
    expect(await (await fetch(url)).text()).toContain("\nvh_scripts 1\n");
    run.child.kill("SIGTERM");
    expect(await run.exit()).toBe(0);
  });

  it("says in one line that the port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const taken = String((server.address() as AddressInfo).port);
    const run = new Command("run", "--port", "0", "--metrics-port", taken);
    expect(await run.exit()).toBe(1);
    expect(run.stderr).toBe(
      `vh-python: cannot serve metrics at http://127.0.0.1:${taken}/metrics: the port is in use\n`,
    );
    server.close();
  });

  it("says in one line that prom-client is missing; without it the hub needs none", async () => {
    const without = fileURLToPath(
      new URL("../fixtures/hub/without-prom-client.cjs", import.meta.url),
    );
    vi.stubEnv("NODE_OPTIONS", `--require=${without}`);
    const run = new Command("run", "--port", "0", "--metrics-port", "0");
    expect(await run.exit()).toBe(1);
    expect(run.stderr).toBe(
      "vh-python: The metrics port needs the package prom-client, which is not installed. " +
        "Install it by: npm install prom-client\n",
    );
    await new Command("run", "--port", "0", "--script", script("a.py", "")).port();
  });
});
