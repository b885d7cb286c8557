/** A hub that reloads scripts when their files change. */
import { execFileSync } from "node:child_process";
import fs, { rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { folderWith } from "../helpers/folder.js";
import { TestHub } from "../helpers/hub.js";

const says = (text: string) => `import vh\ndef ask(): return ${JSON.stringify(text)}\n`;

/** A hub that watches scripts/a.py. */
async function watchA(text = says("one")) {
  const dir = folderWith({ "scripts/a.py": text });
  const file = path.join(dir, "scripts/a.py");
  const hub = await TestHub.start({ baseDir: dir, watch: true });
  const errors: string[] = [];
  hub.hub.scripts.on("error", ({ message }) => errors.push(message));
  const answers = () =>
    hub.hub.scripts.scripts.filter((script) => script.path === file).map((s) => s.call("ask"));
  return { hub, file, errors, answers };
}

describe("watch", () => {
  it("reloads what changes; what fails is reported and tried again", async () => {
    const { hub, file, errors, answers } = await watchA();
    const script = hub.hub.load(file);
    writeFileSync(file, says("two"));
    await expect.poll(answers).toEqual(["two"]);
    expect(script.loaded).toBe(true);
    writeFileSync(file, "1 / 0");
    await expect.poll(() => errors).toEqual(["ZeroDivisionError: division by zero"]);
    expect(answers()).toEqual([]);
    writeFileSync(file, says("three"));
    await expect.poll(answers).toEqual(["three"]);
    expect(errors).toHaveLength(1);
  });

  it("tries what did not load at first again, too", async () => {
    const { hub, file, errors, answers } = await watchA("1 / 0");
    expect(() => hub.hub.load(file)).toThrow("ZeroDivisionError");
    writeFileSync(file, "import nothing_of_that_name");
    await expect.poll(() => errors).toHaveLength(1);
    writeFileSync(file, says("two"));
    await expect.poll(answers).toEqual(["two"]);
  });

  it("leaves a script alone that somebody unloaded", async () => {
    const { hub, file, answers } = await watchA();
    const other = path.join(path.dirname(file), "b.py");
    writeFileSync(other, says("one"));
    const b = hub.hub.load(other);
    hub.hub.load(file).unload();
    writeFileSync(file, says("two"));
    writeFileSync(other, says("two"));
    await expect.poll(() => b.loaded && b.call("ask")).toBe("two");
    expect(answers()).toEqual([]);
  });

  it("does not wait for a pipe in a script's place", async () => {
    const { hub, file } = await watchA();
    const script = hub.hub.load(file);
    const op = await hub.operator("op", 5);
    rmSync(file);
    execFileSync("mkfifo", [file]);
    op.say("!pyreload a");
    expect(await op.next(/parsed/)).toContain(file);
    expect(op.lines.at(-1)).toContain("not a regular file");
    expect(script.loaded).toBe(false);
    expect(hub.hub.scriptFiles.list()).toEqual([]);
    rmSync(file);
    writeFileSync(file, says("two"));
    await expect.poll(() => script.loaded && script.call("ask")).toBe("two");
  });

  it("tells what keeps it from a reload, and lives on", async () => {
    const { hub, file } = await watchA("1 / 0");
    const warnings: string[] = [];
    hub.hub.on("warning", (message) => warnings.push(message));
    expect(() => hub.hub.load(file)).toThrow("ZeroDivisionError");
    hub.hub.scripts.load = () => {
      throw new Error("no memory");
    };
    writeFileSync(file, says("two"));
    await expect.poll(() => warnings).toEqual([`${file} is not reloaded: Error: no memory`]);
  });

  it("tells once that a folder cannot be watched, and loads its scripts", async () => {
    const { hub, file, answers } = await watchA();
    const warnings: string[] = [];
    hub.hub.on("warning", (message) => warnings.push(message));
    const why = "ENOSPC: System limit for number of file watchers reached";
    const watch = vi.spyOn(fs, "watch").mockImplementation(() => {
      throw Object.assign(new Error(why), { code: "ENOSPC" });
    });
    syncBuiltinESMExports();
    hub.hub.load(file);
    const other = path.join(path.dirname(file), "b.py");
    writeFileSync(other, says("other"));
    hub.hub.load(other);
    watch.mockRestore();
    syncBuiltinESMExports();
    expect(answers()).toEqual(["one"]);
    expect(warnings).toEqual([
      `Scripts of ${path.dirname(file)} are not reloaded when they change: ${why}`,
    ]);
  });

  it("is off by default", async () => {
    const dir = folderWith({ "a.py": says("one") });
    const hub = await TestHub.start({ baseDir: dir });
    const script = hub.hub.load(path.join(dir, "a.py"));
    writeFileSync(script.path, says("two"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(script.call("ask")).toBe("one");
  });
});
