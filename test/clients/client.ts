/** What the tests do with any client that people use, and where its files and processes are. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { afterEach } from "vitest";
import { home } from "../helpers/command.js";

/** A client on a hub. */
export interface Client {
  /** What it has shown of main chat: what it says of its connection, too. */
  chat(): string;
  /** What it has shown of private messages from somebody. */
  privately(nick: string): string;
  isConnected(): Promise<boolean>;
  say(text: string): Promise<void>;
  pm(nick: string, text: string): Promise<void>;
  search(text: string): Promise<void>;
  /** Whether the last search has found a file of somebody's. */
  hasFound(nick: string, file: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** How a client goes to the hub. */
export interface Login {
  /** `dchub://…`, or `nmdcs://…` with TLS. */
  hubUrl: string;
  nick: string;
  password?: string;
  /** A folder to share, which is hashed before the client connects. */
  share?: string;
  /** Whether others can connect to it. Default: false. */
  active?: boolean;
}

/** A program that people use as a client. */
export interface ClientKind {
  /** Starts one, which connects; how that ends, its chat tells. */
  start(login: Login): Promise<Client>;
}

/** How long anything may take on a machine that does other things besides. */
export const DEADLINE = { timeout: 30_000, interval: 100 };

/** Before a command: it ends with the process that started it, however that ends. */
export const BOUND = ["setpriv", "--pdeathsig", "KILL"] as const;

const running = new Set<Program>();

afterEach(async () => {
  await Promise.all([...running].map((program) => program.stop()));
});

/** @throws Error saying what to install */
export function requirePrograms(...names: string[]): void {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const missing = names.filter(
    (name) => !folders.some((folder) => existsSync(path.join(folder, name))),
  );
  if (missing.length > 0) throw new Error(`Not installed: apt-get install ${missing.join(" ")}`);
}

/** A new folder within the test's, which goes with it. */
export function newHome(name: string): string {
  return mkdtempSync(path.join(home(), `${name}-`));
}

/** A program that ends with the test, or with the process that runs the tests. */
export class Program {
  stdout = "";
  readonly env: NodeJS.ProcessEnv;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;

  constructor(folder: string, name: string, ...args: string[]) {
    this.env = { ...process.env, HOME: folder, LC_ALL: "C.UTF-8" };
    const [bound, ...how] = BOUND;
    this.#child = spawn(bound, [...how, name, ...args], { cwd: folder, env: this.env });
    this.#ended = once(this.#child, "close");
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.#child.stderr.resume();
    running.add(this);
  }

  async stop(): Promise<void> {
    running.delete(this);
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

/** A TCP port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
