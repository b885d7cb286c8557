/** A hub on a free port with the recording script, ended after each test, or after the file's last. */
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, expect } from "vitest";
import type { Script } from "../../lib/index.js";
import { HUB_SECTION } from "../../lib/hub/config.js";
import { Hub, type HubOptions } from "../../lib/hub/index.js";
import { NmdcClient, type ClientOptions } from "./nmdc-client.js";

const RECORDER = fileURLToPath(new URL("../fixtures/hub/recorder.py", import.meta.url));

/** One hook call as the recorder saw it: the name, then the arguments. */
export type Recorded = [hook: string, ...args: unknown[]];

const open: TestHub[] = [];
const shared: TestHub[] = [];

afterEach(() => endAll(open));
afterAll(() => endAll(shared));

async function endAll(hubs: TestHub[]): Promise<void> {
  for (const { hub, clients } of hubs.splice(0)) {
    for (const client of clients) client.close();
    await hub.close();
  }
}

export class TestHub {
  readonly hub: Hub;
  readonly recorder: Script;
  readonly clients: NmdcClient[] = [];

  private constructor(hub: Hub) {
    this.hub = hub;
    this.recorder = hub.load(RECORDER);
  }

  /** A hub for one test. */
  static async start(options?: HubOptions): Promise<TestHub> {
    const hub = await TestHub.#listening(options);
    open.push(hub);
    return hub;
  }

  /** A hub for all tests of a file. */
  static async share(options?: HubOptions): Promise<TestHub> {
    const hub = await TestHub.#listening(options);
    shared.push(hub);
    return hub;
  }

  static async #listening(options?: HubOptions): Promise<TestHub> {
    const hub = new Hub({ port: 0, storage: "memory", ...options });
    // No test asks a name service, unless it says so.
    hub.config.set(HUB_SECTION, "dns_lookup", "0");
    // Nor does one hear the clock: a slow one would find an OnTimer among what it has caused.
    hub.config.set(HUB_SECTION, "timer_serv_period", "3600000");
    await hub.listen();
    return new TestHub(hub);
  }

  /** A client that is only connected. */
  async connect(nick: string, options: Partial<ClientOptions> = {}): Promise<NmdcClient> {
    const client = await NmdcClient.connect(this.#port(options), { nick, ...options });
    this.clients.push(client);
    return client;
  }

  /** A client that is logged in. */
  async login(nick: string, options: Partial<ClientOptions> = {}): Promise<NmdcClient> {
    const client = await NmdcClient.login(this.#port(options), { nick, ...options });
    this.clients.push(client);
    return client;
  }

  /** An operator who is logged in. */
  async operator(nick: string, userClass = 3): Promise<NmdcClient> {
    this.vh("AddRegUser", nick, userClass, "secret");
    return this.login(nick, { password: "secret" });
  }

  /** Lets every client read what was sent so far: the logins of those after it. */
  async settle(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.sync()));
  }

  #port({ tls = false }: Partial<ClientOptions>): number {
    return tls ? this.hub.tlsPort : this.hub.port;
  }

  /** Calls vh.<name>(...args) in the script. */
  vh(name: string, ...args: unknown[]): unknown {
    return this.recorder.call("vh_call", name, args);
  }

  /** What hooks answer from now on: None, 0, or a list that becomes a tuple. */
  answer(hook: string, value: unknown): void {
    this.recorder.call("answer", hook, value);
  }

  /** Waits until `count` calls of these hooks were recorded, and returns them. */
  async until(count: number, ...hooks: string[]): Promise<Recorded[]> {
    const calls: Recorded[] = [];
    await expect.poll(() => calls.push(...this.recorded(...hooks))).toBeGreaterThanOrEqual(count);
    return calls;
  }

  /** What was recorded since the last time, of these hooks or of all. */
  recorded(...hooks: string[]): Recorded[] {
    const calls = this.recorder.call("take") as Recorded[];
    return hooks.length === 0 ? calls : calls.filter(([hook]) => hooks.includes(hook));
  }
}
