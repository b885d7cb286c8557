import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { FileWatcher } from "../../lib/hub/file-watcher.js";
import { folderWith } from "../helpers/folder.js";

const watchers: FileWatcher[] = [];

afterEach(() => {
  for (const watcher of watchers.splice(0)) watcher.close();
});

/** Watches a.py of a new folder; `changes` grows by its name each time that it is told. */
function watchA() {
  const folder = folderWith({ "a.py": "1", "b.py": "1" });
  const changes: string[] = [];
  const watcher = new FileWatcher((file) => changes.push(path.basename(file)));
  watchers.push(watcher);
  const at = (name: string) => path.join(folder, name);
  watcher.add(at("a.py"));
  return { watcher, changes, at };
}

/** Longer than a file must have been left alone. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 300));

describe("FileWatcher", () => {
  it("tells once of what is written in several pieces", async () => {
    const { changes, at } = watchA();
    for (const text of ["", "2", "22", "222"]) {
      writeFileSync(at("a.py"), text);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await expect.poll(() => changes).toEqual(["a.py"]);
    await quiet();
    expect(changes).toEqual(["a.py"]);
  });

  it("tells of a file that is replaced, and of one that comes back, each time", async () => {
    const { changes, at } = watchA();
    for (let count = 1; count <= 2; count++) {
      writeFileSync(at("a.py.tmp"), "1");
      renameSync(at("a.py.tmp"), at("a.py"));
      await expect.poll(() => changes).toHaveLength(2 * count - 1);
      rmSync(at("a.py"));
      await quiet();
      writeFileSync(at("a.py"), "1");
      await expect.poll(() => changes).toHaveLength(2 * count);
    }
  });

  it("tells of a file that was not there when it was added", async () => {
    const { watcher, changes, at } = watchA();
    watcher.add(at("new.py"));
    writeFileSync(at("new.py"), "");
    await expect.poll(() => changes).toEqual(["new.py"]);
  });

  it("tells nothing of other files, of what only looks like a change, and once it is closed", async () => {
    const { watcher, changes, at } = watchA();
    const time = new Date(1e12);
    utimesSync(at("a.py"), time, time);
    await expect.poll(() => changes).toEqual(["a.py"]);
    utimesSync(at("a.py"), time, time);
    writeFileSync(at("b.py"), "2");
    await quiet();
    writeFileSync(at("a.py"), "2");
    watcher.close();
    await quiet();
    expect(changes).toEqual(["a.py"]);
  });

  it("tells nothing of what cannot be read to its end, and goes on", async () => {
    const { changes, at } = watchA();
    const file = at("a.py");
    for (const replace of [
      () => {
        symlinkSync("a.py", file);
      },
      () => {
        symlinkSync("/dev/zero", file);
      },
      () => execFileSync("mkfifo", [file]),
      () => {
        mkdirSync(file);
      },
    ]) {
      rmSync(file, { recursive: true });
      replace();
      await quiet();
    }
    expect(changes).toEqual([]);
    rmSync(file, { recursive: true });
    writeFileSync(file, "2");
    await expect.poll(() => changes).toEqual(["a.py"]);
  });

  it("bears that a folder becomes a file", async () => {
    const { changes, at } = watchA();
    const folder = path.dirname(at("a.py"));
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    await quiet();
    expect(changes).toEqual([]);
  });
});
