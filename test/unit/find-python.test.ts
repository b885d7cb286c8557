/** binding/find-python.sh against Pythons that only pretend, in folders that only this test sees. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const source = readFileSync(path.resolve("binding/find-python.sh"), "utf8");
const toolFolders = "/usr/bin:/bin"; // sed, sort, awk; a real python3 there is hidden by a fake one

let top: string;
beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), "find python-"));
  program("bin/python3", fakePython({ version: "3.9.1" }));
  for (const minor of [12, 13, 14]) program(`bin/python3.${minor}`, failingShim);
});
afterEach(() => {
  rmSync(top, { recursive: true });
});

const failingShim = "echo 'pyenv: command not found' >&2; exit 127";

interface Fake {
  version: string;
  library?: string;
  include?: string;
  gil?: "yes" | "no";
}

/** The body of a program that answers as a Python with these facts would. */
function fakePython({
  version,
  library = "/lib/libpython.so",
  include = "/include",
  gil = "yes",
}: Fake) {
  const facts = { version, executable: `/real/${version}`, prefix: "/real", library, include, gil };
  return Object.entries(facts)
    .map(([name, value]) => `printf '%s\\t%s\\n' '${name}' '${value}'`)
    .join("\n");
}

/** Writes an executable shell program; returns its path. */
function program(name: string, body: string): string {
  const file = path.join(top, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

/** Runs the search; the usual prefixes are replaced by `opt` below the test's folder. */
function search(options: string[] = [], env: Record<string, string> = {}) {
  const script = source.replace(/^prefixes=.*$/m, "prefixes=$TOP_OPT");
  expect(script).not.toBe(source);
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "find-python.sh", ...options], {
    encoding: "utf8",
    env: {
      PATH: `${path.join(top, "bin")}:${toolFolders}`,
      PYENV_ROOT: path.join(top, "pyenv"),
      TOP_OPT: "/nonexistent",
      ...env,
    },
  });
  const found = stdout.split("\n").filter((line) => line !== "");
  return { status, stderr, found: found.map((line) => JSON.parse(line) as Record<string, string>) };
}

describe("the search", () => {
  it("describes what it found", () => {
    program("bin/python3.12", fakePython({ version: "3.12.4", library: '/a "b"\\c/libpython.so' }));
    expect(search()).toEqual({
      status: 0,
      stderr: "",
      found: [
        {
          version: "3.12.4",
          tag: "cp312",
          executable: "/real/3.12.4",
          library: '/a "b"\\c/libpython.so',
          include: "/include",
          prefix: "/real",
        },
      ],
    });
  });

  it("goes on from a shim that fails to pyenv's versions", () => {
    program("pyenv/versions/3.12.7/bin/python3", fakePython({ version: "3.12.7" }));
    expect(search().found).toMatchObject([{ version: "3.12.7" }]);
  });

  it("looks at the usual prefixes last", () => {
    program("opt/bin/python3.13", fakePython({ version: "3.13.2" }));
    const found = search([], { TOP_OPT: path.join(top, "opt").replace(" ", "?") }).found;
    expect(found).toMatchObject([{ version: "3.13.2" }]);
  });

  it("prefers the newest 3.12 to anything newer", () => {
    program("bin/python3.14", fakePython({ version: "3.14.0" }));
    program("bin/python3.12", fakePython({ version: "3.12.9" }));
    program("pyenv/versions/a/bin/python3", fakePython({ version: "3.12.10" }));
    expect(search().found).toMatchObject([{ version: "3.12.10" }]);
  });

  it("takes the newest where there is no 3.12", () => {
    program("bin/python3.13", fakePython({ version: "3.13.5" }));
    program("pyenv/versions/a/bin/python3", fakePython({ version: "3.14.1" }));
    expect(search().found).toMatchObject([{ version: "3.14.1" }]);
  });

  it("lists the newest patch of every minor version, newest first", () => {
    program("bin/python3.12", fakePython({ version: "3.12.2" }));
    program("pyenv/versions/a/bin/python3", fakePython({ version: "3.12.11" }));
    program("pyenv/versions/b/bin/python3", fakePython({ version: "3.13.0" }));
    expect(search(["--all"]).found).toMatchObject([{ version: "3.13.0" }, { version: "3.12.11" }]);
  });

  it("does not ask for headers at run time", () => {
    program("bin/python3.12", fakePython({ version: "3.12.2", include: "" }));
    expect(search().status).toBe(1);
    expect(search(["--runtime"]).found).toMatchObject([{ version: "3.12.2", include: "" }]);
  });

  it("refuses an option that it does not know", () => {
    expect(search(["--nope"])).toMatchObject({ status: 2, found: [] });
  });
});

describe("finding nothing", () => {
  it("says of each Python why it will not do, and what to install", () => {
    program("bin/python3.14", fakePython({ version: "3.14.0", gil: "no" }));
    program("bin/python3.13", fakePython({ version: "3.13.1", library: "" }));
    program("pyenv/versions/a/bin/python3", fakePython({ version: "3.12.0", include: "" }));
    program("pyenv/versions/b/bin/python3", fakePython({ version: "2.7.18" }));
    const { status, stderr, found } = search();
    expect({ status, found }).toEqual({ status: 1, found: [] });
    for (const said of [
      "bin/python3.14 is 3.14.0, a build without the GIL",
      "bin/python3.13 is 3.13.1, without a shared libpython",
      "bin/python3.12 does not run: pyenv: command not found",
      "bin/python3 is 3.9.1; 3.12 or newer is needed",
      "a/bin/python3 is 3.12.0, without its headers (Python.h)",
      "b/bin/python3 is 2.7.18; 3.12 or newer is needed",
      "apt install python3",
      "dnf install python3",
      "brew install python",
      "pyenv install 3.12",
    ]) {
      expect(stderr).toContain(said);
    }
  });
});

describe("VH_PYTHON", () => {
  it("takes an interpreter, by path or by name, whatever else there is", () => {
    program("bin/python3.12", fakePython({ version: "3.12.4" }));
    const mine = program("mine", fakePython({ version: "3.13.3" }));
    expect(search([], { VH_PYTHON: mine }).found).toMatchObject([{ version: "3.13.3" }]);
    expect(search(["--all"], { VH_PYTHON: mine }).found).toHaveLength(1);
    expect(search([], { VH_PYTHON: "python3.12" }).found).toMatchObject([{ version: "3.12.4" }]);
  });

  it("takes a prefix", () => {
    program("own/bin/python3", fakePython({ version: "3.13.3" }));
    const found = search([], { VH_PYTHON: path.join(top, "own") }).found;
    expect(found).toMatchObject([{ version: "3.13.3" }]);
  });

  it.each([
    ["nowhere", "nowhere does not exist or cannot be run"],
    ["empty", "empty has no bin/python3"],
    ["bin/python3", "bin/python3 is 3.9.1; 3.12 or newer is needed"],
    ["bin/python3.13", "bin/python3.13 does not run: pyenv: command not found"],
  ])("set to %s is an error, and nothing else is taken", (name, said) => {
    mkdirSync(path.join(top, "empty"));
    program("bin/python3.12", fakePython({ version: "3.12.4" }));
    const { status, stderr, found } = search([], { VH_PYTHON: path.join(top, name) });
    expect({ status, found }).toEqual({ status: 1, found: [] });
    expect(stderr).toContain("VH_PYTHON names no Python that vh-python can use");
    expect(stderr).toContain(said);
  });
});
