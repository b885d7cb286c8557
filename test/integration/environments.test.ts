/** Scripts that use the packages of a virtual environment. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ScriptLoadError, type LoadOptions } from "../../lib/index.js";
import { Lab } from "../helpers/lab.js";

const HOMES: readonly [string, LoadOptions][] = [
  ["own", {}],
  ["main", { interpreter: "main" }],
  ["shared", { interpreter: "main", globals: "shared" }],
];

let folder: string;
let venv: string;
let packages: string;

/** A virtual environment of the Python that runs, with a package, one by a .pth file, and one that the standard library has. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vh-venv-"));
  venv = join(folder, "venv");
  const python = new Lab().probe("import sys").repr("sys.executable").slice(1, -1);
  execFileSync(python, ["-m", "venv", "--without-pip", venv]);
  const lib = join(venv, "lib");
  packages = join(lib, readdirSync(lib)[0] ?? "", "site-packages");
  mkdirSync(join(packages, "vh_test_package"));
  writeFileSync(join(packages, "vh_test_package", "__init__.py"), "from .inner import answer");
  writeFileSync(join(packages, "vh_test_package", "inner.py"), "answer = 42");
  mkdirSync(join(folder, "linked"));
  writeFileSync(join(folder, "linked", "vh_test_linked.py"), "answer = 43");
  writeFileSync(join(packages, "linked.pth"), `${join(folder, "linked")}\n`);
  writeFileSync(join(packages, "colorsys.py"), "raise SystemExit");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const SOURCE = "import colorsys, vh_test_package, vh_test_linked";

test("without the environment its packages are not there", () => {
  expect(() => new Lab().load(SOURCE)).toThrow(/No module named 'vh_test_package'/);
});

describe.each(HOMES)("%s", (_, options) => {
  test("the venv option brings its packages, after the script's folder and before site-packages", () => {
    const lab = new Lab();
    const probe = lab.probe(`import sys, site\n${SOURCE}`, {
      ...options,
      venv,
      name: "sub/main.py",
    });
    expect(probe.repr("vh_test_package.answer, vh_test_linked.answer")).toBe("(42, 43)");
    probe.exec(`
beside, inside = sys.path.index(${JSON.stringify(join(lab.dir, "sub"))}), sys.path.index(${JSON.stringify(packages)})
after = [sys.path.index(p) for p in site.getsitepackages() if p in sys.path]
`);
    expect(probe.repr("beside < inside and all(inside < i for i in after)")).toBe("True");
    probe.script.reload();
    expect(probe.repr("vh_test_package.answer")).toBe("42");
  });

  test.each([
    ["a folder that is none", "."],
    ["a folder that is not there", "gone"],
  ])("%s: the script does not load, and the error names it", (__, name) => {
    const lab = new Lab();
    const path = join(lab.dir, name);
    expect(() => lab.load("", { ...options, venv: path })).toThrow(ScriptLoadError);
    expect(() => lab.load("", { ...options, venv: path })).toThrow(path);
    expect(lab.host.scripts).toEqual([]);
  });
});

test("an environment is one script's alone", () => {
  const lab = new Lab();
  lab.load(SOURCE, { venv });
  expect(() => lab.load(SOURCE)).toThrow(/vh_test_package/);
});

test("sys.path.insert of its site-packages works as everywhere", () => {
  const source = `import sys\nsys.path.insert(0, ${JSON.stringify(packages)})\nfrom vh_test_package import answer`;
  expect(new Lab().probe(source).repr("answer")).toBe("42");
});
