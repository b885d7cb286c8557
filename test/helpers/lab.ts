/** A host on a folder of its own, for scripts that a test writes; closed after the test, or with the file. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, expect } from "vitest";
import {
  PythonError,
  ScriptHost,
  type ErrorSource,
  type LoadOptions,
  type PrintedLine,
  type Script,
  type ScriptHostOptions,
} from "../../lib/index.js";

const PROBE = readFileSync(new URL("../fixtures/vh/probe.py", import.meta.url), "utf8");

const open = new Set<Lab>();

/** What a test did not expect, and so did not take, fails it. */
afterEach(() => {
  for (const lab of open) {
    if (!lab.lasting) lab.close();
    expect(lab.errors.splice(0).map(describe)).toEqual([]);
    expect(lab.warnings.splice(0)).toEqual([]);
  }
});

afterAll(() => {
  for (const lab of open) lab.close();
});

const describe = ({ error }: { error: Error }): string =>
  error instanceof PythonError ? error.traceback : String(error.stack);

export class Lab {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), "vh-lab-")));
  readonly host: ScriptHost;
  readonly errors: ({ error: Error } & ErrorSource)[] = [];
  readonly warnings: string[] = [];
  readonly printed: PrintedLine[] = [];
  #files = 0;

  /** `lasting`: until the last test of the file has run. */
  constructor(
    options: ScriptHostOptions = {},
    readonly lasting = false,
  ) {
    this.host = new ScriptHost({ baseDir: this.dir, ...options });
    this.host.on("error", (error, source) => {
      this.errors.push({ error, ...source });
    });
    this.host.on("warning", ({ message }) => this.warnings.push(message));
    this.host.on("print", (line) => this.printed.push(line));
    open.add(this);
  }

  close(): void {
    open.delete(this);
    this.host.close();
    rmSync(this.dir, { recursive: true });
  }

  /** Writes a file, and returns its path. */
  file(name: string, source: string): string {
    const path = join(this.dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source);
    return path;
  }

  /** Loads a script of this source; `name`: its file, a new one by default. */
  load(source: string, options: LoadOptions & { name?: string } = {}): Script {
    const { name = `script${this.#files++}.py`, ...rest } = options;
    return this.host.load(this.file(name, source), rest);
  }

  /** Loads a script that can be looked into. */
  probe(source = "import vh", options: LoadOptions & { name?: string } = {}): Probe {
    return new Probe(this.load(`${source}\n\n${PROBE}`, options));
  }

  /** The errors so far, as "ValueError: message", which the test expects. */
  takeErrors(): string[] {
    return this.errors.splice(0).map(({ error }) => error.message);
  }

  /** The warnings so far, which the test expects. */
  takeWarnings(): string[] {
    return this.warnings.splice(0);
  }

  /** The lines printed since the last time. */
  takePrinted(): string[] {
    return this.printed.splice(0).map(({ text }) => text);
  }
}

/** A script that can be looked into. */
export class Probe {
  constructor(readonly script: Script) {}

  /** repr() of a Python expression in the script. */
  repr(expression: string): string {
    return this.script.call("_repr", expression) as string;
  }

  /** Runs Python statements in the script. */
  exec(source: string): void {
    this.script.call("_exec", source);
  }

  /** What Python statements raise in the script, as "TypeError: message". */
  failure(source: string): string {
    return this.script.call("_failure", source) as string;
  }
}

/** A string, number, boolean, null or array of them as Python writes it. */
export function py(value: unknown): string {
  if (value === null) return "None";
  if (Array.isArray(value)) return `[${value.map(py).join(", ")}]`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? JSON.stringify(value) : (value as number).toString();
}
