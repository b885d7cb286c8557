/** The vh reference in the documentation is what the native tables say. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

test("docs/script-authors.md is as `npm run docs` writes it", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "vh-python-docs-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const committed = readFileSync("docs/script-authors.md", "utf8");
  const copy = path.join(folder, "copy.md");
  writeFileSync(copy, committed.replace(/(vh-reference:begin -->).*(<!--)/s, "$1\n$2"));

  const { status, stderr } = spawnSync(process.execPath, ["tools/vh-reference.mjs", copy], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(readFileSync(copy, "utf8")).toBe(committed);
  expect(committed).toContain("`GetUserClass(nick: str) -> int`");
});
