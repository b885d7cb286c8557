/**
 * The examples in the documentation compile, run and print what they are said to: a block marked `file=NAME` is that
 * file, and the block marked `output` after a program is all that it prints.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

interface Example {
  readonly file: string;
  readonly text: string;
  output?: string;
}

/** The examples of a page, in order. */
function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  const blocks = readFileSync(page, "utf8").matchAll(
    /^```(\w+) (file=(\S+)|output)\n(.*?)^```$/gms,
  );
  for (const [, , , file, text = ""] of blocks) {
    const last = examples.at(-1);
    if (file !== undefined) examples.push({ file, text });
    else if (last) last.output = text;
  }
  return examples;
}

/** Puts the examples into a folder where `vh-python` is this package, and compiles them. */
function compile(examples: readonly Example[]): string {
  mkdirSync("build", { recursive: true });
  const folder = mkdtempSync(path.resolve("build", "docs-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  for (const { file, text } of examples) writeFileSync(path.join(folder, file), text);
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions: { noEmit: false },
    include: ["*.ts"],
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  expect(run(folder, tsc)).toEqual({ stdout: "", stderr: "", status: 0 });
  return folder;
}

function run(folder: string, file: string) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    cwd: folder,
    encoding: "utf8",
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  return { stdout, stderr, status };
}

describe.each(["README.md", "docs/hub-authors.md"])("%s", (page) => {
  test("its programs print what it says", () => {
    const examples = examplesOf(page);
    const programs = examples.filter(({ file }) => file.endsWith(".ts"));
    expect(programs.length).toBeGreaterThan(0);
    const folder = compile(examples);
    for (const { file, output } of programs) {
      const result = run(folder, path.join(folder, file.replace(/ts$/, "js")));
      expect(result, file).toEqual({ stdout: output, stderr: "", status: 0 });
    }
  }, 60_000);
});
