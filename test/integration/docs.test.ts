/**
 * The examples in the documentation compile, run and print what they are said to: a block marked `file=NAME` is that
 * file, and the block marked `output` after a program is all that it prints. A block marked `source=PATH` shows a file
 * of the package.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { loadNative } from "../../lib/native.js";
import { cmakeBuild, installPackage } from "../helpers/cpp.js";
import { run, userProject } from "../helpers/user-project.js";

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

/** Compiles the examples. @returns their folder */
function compile(examples: readonly Example[]): string {
  const folder = userProject(Object.fromEntries(examples.map(({ file, text }) => [file, text])));
  if (examples.some(({ file }) => file === "CMakeLists.txt")) {
    const prefix = path.join(folder, "installed");
    installPackage(prefix);
    const strict = "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror";
    cmakeBuild(folder, path.join(folder, "build"), `-DCMAKE_PREFIX_PATH=${prefix}`, strict);
  }
  return folder;
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

test("docs/hub-authors.md shows examples/own-hub.ts as it is", () => {
  const page = readFileSync("docs/hub-authors.md", "utf8");
  const [, path = "", text] = /^```ts source=(\S+)\n(.*?)^```$/ms.exec(page) ?? [];
  expect(path).toBe("examples/own-hub.ts");
  expect(text).toBe(readFileSync(path, "utf8"));
});

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
