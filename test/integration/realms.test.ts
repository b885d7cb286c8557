/** The package in another realm than the one of its native part, which is where Jest runs tests. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { folderWith } from "../helpers/folder.js";

test("calls that fail throw there, too", () => {
  const folder = folderWith({
    "script.py": `
def fine(): return [1, {"a": "b"}]
def fails(): raise ValueError("why")
def odd(): return object
`,
  });
  const fixture = fileURLToPath(new URL("../fixtures/other-realm.mjs", import.meta.url));
  const args = [
    "--no-warnings",
    "--experimental-vm-modules",
    fixture,
    path.join(folder, "script.py"),
  ];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  expect(JSON.parse(printed)).toEqual([
    [1, { a: "b" }],
    [true, expect.stringContaining("no function nosuch")],
    [true, "ValueError: why"],
    [true, expect.stringContaining("no counterpart")],
  ]);
});
