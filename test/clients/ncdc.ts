/** ncdc, driven by its keyboard in a terminal of tmux. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { BOUND, DEADLINE, freePort, newHome, Program, type Client, type Login } from "./client.js";

export class Ncdc implements Client {
  readonly #folder: string;
  readonly #terminal: Program;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#terminal = new Program(folder, "tmux", "-D", "-f", "/dev/null", "-S", this.#socket);
  }

  static async start(login: Login): Promise<Ncdc> {
    const { hubUrl, nick, password, share, active = false } = login;
    const client = new Ncdc(newHome("ncdc"));
    await expect.poll(() => existsSync(client.#socket), DEADLINE).toBe(true);
    client.#open();
    await expect.poll(() => client.#screen(), DEADLINE).toContain("Welcome to ncdc");
    client.type("/set reconnect_timeout 0");
    client.type("/set local_address 127.0.0.1");
    client.type(`/nick ${nick}`);
    if (active) {
      client.type("/set active_ip 127.0.0.1");
      client.type(`/set active_port ${await freePort()}`);
      client.type("/set active true");
    }
    if (share !== undefined) await client.#share(share);
    client.type("/open -n hub");
    if (password !== undefined) client.type(`/hset password ${password}`);
    client.type(`/connect ${hubUrl}`);
    return client;
  }

  chat(): string {
    return this.#log("#hub");
  }

  privately(nick: string): string {
    return this.#log(`~${nick}`);
  }

  isConnected(): Promise<boolean> {
    this.#keys("M-2");
    return Promise.resolve(/ @ (nmdc|dchub|nmdcs):/.test(this.#screen()));
  }

  say(text: string): Promise<void> {
    this.type(`/say ${text}`);
    return Promise.resolve();
  }

  pm(nick: string, text: string): Promise<void> {
    this.type(`/pm ${nick} ${text}`);
    return Promise.resolve();
  }

  search(text: string): Promise<void> {
    this.type(`/search ${text}`);
    return Promise.resolve();
  }

  hasFound(nick: string, file: string): Promise<boolean> {
    const lines = this.#screen().split("\n");
    return Promise.resolve(lines.some((line) => line.includes(nick) && line.endsWith(file)));
  }

  /** Gets somebody's list of files, which opens the third tab. */
  async browse(nick: string): Promise<void> {
    this.type(`/browse ${nick}`);
    const look = () => {
      this.#keys("M-3");
      return this.#screen();
    };
    await expect.poll(look, DEADLINE).toMatch(/ [KM]iB +\/shared/);
  }

  async stop(): Promise<void> {
    this.type("/quit");
    await expect.poll(() => this.#tmux("list-sessions"), DEADLINE).toBe("");
    await this.#terminal.stop();
  }

  /** Types a line on the hub's tab, the second one. */
  type(line: string): void {
    this.#keys("M-2");
    this.#keys("-l", "--", line);
    this.#keys("Enter");
  }

  get #socket(): string {
    return path.join(this.#folder, "tmux");
  }

  #open(): void {
    const env = `NCDC_DIR=${path.join(this.#folder, "ncdc")}`;
    const size = ["-x", "150", "-y", "50"];
    this.#tmux("new-session", "-d", "-e", env, ...size, ...BOUND, "ncdc");
  }

  async #share(folder: string): Promise<void> {
    this.type(`/share shared ${folder}`);
    const lookIntoIt = () => {
      this.type("/browse");
      this.#keys("Right");
      const screen = this.#screen();
      this.#keys("M-c");
      return screen;
    };
    // The hash of the first file, once that has one.
    await expect.poll(lookIntoIt, DEADLINE).toMatch(/^[A-Z2-7]{39} /m);
  }

  #log(name: string): string {
    const file = path.join(this.#folder, "ncdc/logs", `${name}.log`);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  #screen(): string {
    return this.#tmux("capture-pane", "-p");
  }

  #keys(...keys: string[]): void {
    this.#tmux("send-keys", ...keys);
  }

  #tmux(...args: string[]): string {
    const { env } = this.#terminal;
    return execFileSync("tmux", ["-S", this.#socket, ...args], { encoding: "utf8", env });
  }
}
