/**
 * The examples in the documentation compile, run and print what they are said to: a block marked `file=NAME` is that
 * file, and the block marked `output` after a program is all that it prints.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadNative } from "../../lib/native.js";
import { cmakeBuild, installPackage } from "../helpers/cpp.js";

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
  expect(run(folder, process.execPath, tsc)).toEqual({ stdout: "", stderr: "", status: 0 });
  if (examples.some(({ file }) => file === "CMakeLists.txt")) {
    const prefix = path.join(folder, "installed");
    installPackage(prefix);
    const strict = "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror";
    cmakeBuild(folder, path.join(folder, "build"), `-DCMAKE_PREFIX_PATH=${prefix}`, strict);
  }
  return folder;
}

function run(folder: string, ...command: [string, ...string[]]) {
  const [program, ...args] = command;
  const { stdout, stderr, status } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  return { stdout, stderr, status };
}

/** How an example is run, in its folder. */
const command = (file: string): [string, ...string[]] =>
  file.endsWith(".ts")
    ? [process.execPath, file.replace(/ts$/, "js")]
    : [`./build/${path.basename(file, ".cpp")}`];

const PAGES = ["README.md", "docs/hub-authors.md", "docs/cpp-plugins.md"];

test.each(PAGES)(
  "%s: its programs print what it says",
  (page) => {
    const examples = examplesOf(page);
    const programs = examples.filter((example) => example.file.endsWith(".ts") || example.output);
    expect(programs.length).toBeGreaterThan(0);
    const folder = compile(examples);
    for (const { file, output } of programs) {
      const result = run(folder, ...command(file));
      expect(result, file).toEqual({ stdout: output, stderr: "", status: 0 });
    }
  },
  300_000, // one builds the library for C++ first
);

test("docs/cpp-plugins.md: its table of callbacks is that of wrapper.h, and of the vh functions", () => {
  const header = readFileSync("binding/include/wrapper.h", "utf8");
  const page = readFileSync("docs/cpp-plugins.md", "utf8");
  const rows = page.matchAll(/^\| `(\w+)` +\| (\S+) +\| (.*?) *\| (`.*?) *\|$/gm);
  const told = Array.from(rows, ([, ...cells]) => cells.map((cell) => cell.replaceAll("`", "")));

  const kinds: Record<string, string> = {
    bool: "l",
    int: "l",
    str: "s",
    "str | None": "s",
    "list[str]": "D or L",
    "MyINFO | None": "ssssss",
    "dict | None": "D or sdsdslslp",
  };
  const results = new Map(
    loadNative().tables.functions.map(({ name, result }) => [name, kinds[result]]),
  );
  results.set("GetServFreq", "d or l").set("SQL", "lD, D or lllp");
  const declared = header.matchAll(/^ {2}W_(\w+),? +\/\* ([a-z]+|-)(?: +(.*?))? *\*\/$/gm);
  const right = Array.from(declared, ([, name = "", format = "", names = ""]) => [
    name,
    format === "-" ? "none" : format,
    names,
    results.get(name),
  ]);
  expect(told).toEqual(right.filter(([, format]) => format !== "never"));
  expect(told).toHaveLength(54);
});
