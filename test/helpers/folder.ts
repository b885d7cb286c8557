/** Folders of a test's own, gone when the test file ends. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "vh-test-")));
  folders.push(folder);
  return folder;
}

/** A new folder with these files. */
export function folderWith(files: Record<string, string | Buffer>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}
