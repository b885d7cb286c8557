/** Where a script's imports come from. The `venv` option itself is tested in environments.test.ts. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ScriptHost, type LoadOptions, type Script } from "../../lib/index.js";

let folder: string;
let host: ScriptHost;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vh-environment-"));
  host = new ScriptHost({ baseDir: join(folder, "hub") });
});

afterEach(() => {
  host.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, source: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  return file;
}

const load = (source: string, options: LoadOptions = {}, name = "script.py"): Script =>
  host.load(write(name, source), options);

describe("what lies beside a script", () => {
  test("utils/helpers.py, a package and a plain module", () => {
    write("utils/helpers.py", "def twice(x): return 2 * x");
    write("package/__init__.py", "from .inner import value");
    write("package/inner.py", "value = 5");
    write("plain.py", "value = 6");
    const script = load(`
import utils.helpers, package, plain
from utils.helpers import twice
def f(): return [twice(2), utils.helpers.twice(3), package.value, plain.value]
`);
    expect(script.call("f")).toEqual([4, 6, 5, 6]);
  });

  test("a relative import says what it says in any script", () => {
    expect(() => load("from .utils import helpers")).toThrow(/ImportError/);
  });

  test("the hub's scripts folder, after the script's own", () => {
    write("hub/scripts/shared.py", "value = 'shared'");
    write("hub/scripts/both.py", "value = 'of the hub'");
    write("both.py", "value = 'of the script'");
    const script = load("import shared, both\ndef f(): return [shared.value, both.value]");
    expect(script.call("f")).toEqual(["shared", "of the script"]);
  });

  test("no neighbour poses as a standard module, nor hides one from another script", () => {
    for (const name of ["json.py", "string.py", "site.py", "traceback.py", "inspect.py"])
      write(name, "raise SystemExit('posing')");
    write("json/__init__.py", "raise SystemExit('posing')");
    const script = load(
      "import json, string, traceback\ndef f(): return json.dumps([string.digits])",
    );
    expect(script.call("f")).toBe('["0123456789"]');
    expect(() => load("1/0", {}, "failing.py")).toThrow(/ZeroDivisionError/);
  });

  test("each script has modules of its own: its neighbours' state is not shared", () => {
    write("state.py", "seen = []");
    const source = "import state\ndef f(x):\n  state.seen.append(x)\n  return state.seen";
    const [first, second] = [load(source, {}, "a.py"), load(source, {}, "b.py")];
    first.call("f", 1);
    expect(second.call("f", 2)).toEqual([2]);
    first.reload();
    expect(first.call("f", 3)).toEqual([3]);
    const main = ["c.py", "d.py"].map((name) => load(source, { interpreter: "main" }, name));
    main[0]?.call("f", 1);
    expect(main[1]?.call("f", 2)).toEqual([1, 2]);
  });

  test("a reload takes the neighbours as they are then", () => {
    write("helper.py", "value = 1");
    const script = load("import helper\ndef f(): return helper.value");
    expect(script.call("f")).toBe(1);
    write("helper.py", "value = 'changed, and of another length'");
    script.reload();
    expect(script.call("f")).toBe("changed, and of another length");
  });

  test("the order of sys.path: standard library, the script's folder, the hub's, site-packages", () => {
    const paths = load("import sys\ndef f(): return sys.path").call("f") as string[];
    const at = (part: string) => paths.findIndex((path) => path.endsWith(part));
    expect(paths[at("/lib-dynload") + 1]).toBe(folder);
    expect(paths[at("/lib-dynload") + 2]).toBe(join(folder, "hub", "scripts"));
    expect(paths).not.toContain("");
    expect(paths.filter((path) => path === folder)).toHaveLength(1);
    if (at("site-packages") >= 0) expect(at("site-packages")).toBeGreaterThan(at("/hub/scripts"));
  });
});

describe("a virtual environment", () => {
  let venv: string;
  let site: string;

  beforeAll(() => {
    const parent = mkdtempSync(join(tmpdir(), "vh-venv-"));
    venv = join(parent, "env");
    const finder = new ScriptHost();
    const file = join(parent, "where.py");
    writeFileSync(
      file,
      "import sys\ndef f(): return [sys.executable, 'python%d.%d' % sys.version_info[:2]]",
    );
    const [python, version] = finder.load(file).call("f") as [string, string];
    finder.close();
    // Without pip, which takes seconds to put in: a package is put in by hand.
    execFileSync(python, ["-m", "venv", "--without-pip", venv]);
    site = join(venv, "lib", version, "site-packages");
    mkdirSync(join(site, "parcel"));
    writeFileSync(join(site, "parcel", "__init__.py"), "from .content import value");
    writeFileSync(join(site, "parcel", "content.py"), "value = 'from the environment'");
  });

  afterAll(() => {
    rmSync(dirname(venv), { recursive: true });
  });

  const USES = "import parcel\ndef f(): return parcel.value";

  test("by site.addsitedir", () => {
    const add = `import site\nsite.addsitedir(${JSON.stringify(site)})\n`;
    expect(load(add + USES).call("f")).toBe("from the environment");
  });

  test("a .pth that is broken, or runs what raises, is told and skipped", () => {
    writeFileSync(join(site, "broken.pth"), "import nothing_of_the_kind\n");
    const lines: string[] = [];
    host.on("print", ({ text }) => lines.push(text));
    const script = load(USES, { venv });
    rmSync(join(site, "broken.pth"));
    expect(script.call("f")).toBe("from the environment");
    expect(lines.join("\n")).toContain("nothing_of_the_kind");
  });

  test("of a Python of another version: an error that says so, and nothing is loaded", () => {
    const lib = join(venv, "lib");
    const other = join(lib, "python3.8");
    renameSync(dirname(site), other);
    try {
      expect(() => load(USES, { venv })).toThrow(/is not for python3\.\d+/);
      expect(host.scripts).toHaveLength(0);
    } finally {
      renameSync(other, dirname(site));
    }
  });

  test("the environment's own Python can be run by the script", () => {
    const script = load(
      `
import os, subprocess
python = os.path.join(${JSON.stringify(venv)}, "bin", "python")
def f(): return subprocess.run([python, "-c", "import parcel; print(parcel.value)"], capture_output=True, text=True).stdout
`,
    );
    expect(existsSync(join(venv, "bin", "python"))).toBe(true);
    expect(script.call("f")).toBe("from the environment\n");
    expect(readFileSync(join(venv, "pyvenv.cfg"), "utf8")).toContain("version");
  });
});
