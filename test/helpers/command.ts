/** The command line in a child process, with a folder of its own that goes after each test. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect } from "vitest";

export const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let folder = "";
const children: ChildProcessWithoutNullStreams[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "vh-cli-"));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** The test's own folder: the command's home and current one. */
export function home(): string {
  return folder;
}

/** The command `vh-python` in a process of its own. */
export class Command {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = "";
  stderr = "";

  constructor(...args: string[]) {
    const env = { ...process.env, HOME: folder };
    this.child = spawn(process.execPath, [MAIN, ...args], { env, cwd: folder });
    children.push(this.child);
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
  }

  /** Waits until the hub says where it is, and returns its port, or that for TLS. */
  async port(scheme: "dchub" | "nmdcs" = "dchub"): Promise<number> {
    const said = () => new RegExp(`${scheme}://127\\.0\\.0\\.1:(\\d+)`).exec(this.stdout)?.[1];
    await expect.poll(said, { timeout: 20_000 }).toBeDefined();
    await expect.poll(() => this.stdout).toContain("Ctrl-C");
    return Number(said());
  }

  async exit(): Promise<number | string> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode ?? "";
    const [code, signal] = (await once(this.child, "close")) as [number | null, string];
    return code ?? signal;
  }
}

/** Writes a script into the folder. */
export function script(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
