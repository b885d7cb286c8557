/** EiskaltDC++, as its daemon, driven by JSON-RPC. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { DEADLINE, freePort, newHome, Program, type Client, type Login } from "./client.js";

const IncomingConnections = { direct: 0, passive: 3 };

interface Found {
  readonly Nick: string;
  readonly Filename: string;
}

export class Eiskalt implements Client {
  readonly #program: Program;
  readonly #rpcUrl: string;
  readonly #hubUrl: string;

  private constructor(program: Program, rpcPort: number, hubUrl: string) {
    this.#program = program;
    this.#rpcUrl = `http://127.0.0.1:${rpcPort}/`;
    this.#hubUrl = hubUrl;
  }

  static async start(login: Login): Promise<Eiskalt> {
    const folder = newHome("eiskalt");
    const { hubUrl } = login;
    writeFileSync(path.join(folder, "DCPlusPlus.xml"), await settings(login));
    writeFileSync(
      path.join(folder, "Favorites.xml"),
      `<Favorites><Hubs><Hub Server="${hubUrl}" Nick="${login.nick}" Password="${login.password ?? ""}"
         Encoding="UTF-8"/></Hubs></Favorites>`,
    );
    const port = await freePort();
    const args = ["-v", "-c", folder, "-l", folder, "-P", String(port)];
    const client = new Eiskalt(new Program(folder, "eiskaltdcpp-daemon", ...args), port, hubUrl);
    await expect.poll(() => client.#call("show.version").catch(() => ""), DEADLINE).not.toBe("");
    if (login.share !== undefined) {
      await expect.poll(() => client.#call("share.list"), DEADLINE).toMatch(/ [KMG]iB/);
    }
    await client.#call("hub.add");
    return client;
  }

  chat(): string {
    return this.#lines((line) => !line.includes(" Private from "));
  }

  privately(nick: string): string {
    return this.#lines((line) => line.includes(` Private from ${nick}: `));
  }

  async isConnected(): Promise<boolean> {
    const hubs = (await this.#call("hub.listfulldesc")) as Record<string, { connected: string }>;
    return hubs[this.#hubUrl]?.connected === "1";
  }

  async say(message: string): Promise<void> {
    expect(await this.#call("hub.say", { message })).toBe(0);
  }

  async pm(nick: string, message: string): Promise<void> {
    await expect.poll(() => this.#call("hub.pm", { nick, message }), DEADLINE).toBe(0);
  }

  async search(searchstring: string): Promise<void> {
    const anything = { searchtype: 0, sizemode: 0, sizetype: 0, size: 0 };
    const query = { searchstring, ...anything, huburls: this.#hubUrl };
    expect(await this.#call("search.send", query)).toBe(0);
  }

  async hasFound(nick: string, file: string): Promise<boolean> {
    const found = ((await this.#call("search.getresults")) ?? []) as Found[];
    return found.some(({ Nick, Filename }) => Nick === nick && Filename === file);
  }

  /** Gets somebody's list of files. */
  async browse(nick: string): Promise<void> {
    expect(await this.#call("list.download", { nick })).toBe(0);
    await expect.poll(() => this.#call("list.local"), DEADLINE).toMatch(new RegExp(`^${nick}\\.`));
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }

  #lines(filter: (line: string) => boolean): string {
    return this.#program.stdout.split("\n").filter(filter).join("\n");
  }

  async #call(method: string, params: Record<string, unknown> = {}): Promise<unknown> {
    const response = await fetch(this.#rpcUrl, {
      method: "POST",
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method,
        params: { huburl: this.#hubUrl, separator: ";", ...params },
      }),
    });
    return ((await response.json()) as { result: unknown }).result;
  }
}

async function settings({ nick, share, active }: Login): Promise<string> {
  const port = await freePort();
  const values = {
    Nick: nick,
    BindAddress: "127.0.0.1",
    ExternalIp: "127.0.0.1",
    IncomingConnections: active ? IncomingConnections.direct : IncomingConnections.passive,
    AutoDetectIncomingConnection: 0,
    InPort: port,
    UDPPort: port,
    TLSPort: await freePort(),
    UseDHT: 0,
    HashingStartDelay: 0,
  };
  const lines = Object.entries(values).map(([name, value]) => {
    const type = typeof value === "number" ? "int" : "string";
    return `<${name} type="${type}">${value}</${name}>`;
  });
  const shared = share === undefined ? "" : `<Directory Virtual="shared">${share}/</Directory>`;
  return `<DCPlusPlus><Settings>${lines.join("")}</Settings><Share>${shared}</Share></DCPlusPlus>`;
}
