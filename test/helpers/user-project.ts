/** A project of somebody who uses the package: a folder where `vh-python` is this package, as it is published. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { afterAll, expect } from "vitest";

/** Writes the files and compiles those in TypeScript, as strictly as this project. @returns their folder */
export function userProject(files: Readonly<Record<string, string>>): string {
  mkdirSync("build", { recursive: true });
  const folder = mkdtempSync(path.resolve("build", "docs-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions: { noEmit: false },
    include: ["*.ts"],
  };
  const all = { ...files, "tsconfig.json": JSON.stringify(config) };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  expect(run(folder, process.execPath, tsc)).toEqual({ stdout: "", stderr: "", status: 0 });
  return folder;
}

/** Runs a program in a folder, to its end. */
export function run(folder: string, ...command: [string, ...string[]]) {
  const [program, ...args] = command;
  const { stdout, stderr, status } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  return { stdout, stderr, status };
}
