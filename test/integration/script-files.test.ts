/** A script is a file, loaded by its path: its name, its source, unloading and reloading. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { ScriptLoadError, ScriptUnloadedError, type LoadOptions } from "../../lib/index.js";
import { Lab, Probe } from "../helpers/lab.js";

const HOMES: readonly [string, LoadOptions][] = [
  ["own", {}],
  ["main", { interpreter: "main" }],
  ["shared", { interpreter: "main", globals: "shared" }],
];

/** What a function throws. */
function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("its name", () => {
  test.each([
    ["plain.py", "plain"],
    ["my-script.py", "my-script"],
    ["2fast.py", "2fast"],
    ["with space.py", "with space"],
    ["naïve_😀.py", "naïve_😀"],
    ["a.b.py", "a.b"],
    ["import.py", "import"],
    ["__init__.py", "__init__"],
    ["folder/inner.py", "inner"],
  ])("%s", (name, stem) => {
    const lab = new Lab();
    const probe = lab.probe("import vh", { name });
    const path = join(lab.dir, name);
    expect(probe.repr("[__name__, vh.name, __file__, vh.path]")).toBe(
      `['${stem}', '${stem}', '${path}', '${path}']`,
    );
    expect([probe.script.name, probe.script.path]).toEqual([stem, path]);
  });

  test("a relative path is made absolute", () => {
    const lab = new Lab();
    const file = lab.file("relative.py", "name = __file__\ndef path(): return name");
    const script = lab.host.load(relative(process.cwd(), file));
    expect(script.path).toBe(file);
    expect(script.call("path")).toBe(file);
  });

  test("a link is loaded by its own name", () => {
    const lab = new Lab();
    symlinkSync(
      lab.file("real.py", "def where(): return [__name__, __file__]"),
      join(lab.dir, "link.py"),
    );
    const script = lab.host.load(join(lab.dir, "link.py"));
    expect(script.call("where")).toEqual(["link", join(lab.dir, "link.py")]);
  });
});

test("a source in its own encoding, with a BOM, without a last newline", () => {
  const lab = new Lab();
  const load = (name: string, bytes: Buffer): Probe => {
    const path = join(lab.dir, name);
    writeFileSync(path, bytes);
    return new Probe(lab.host.load(path));
  };
  const text = "def _repr(source): return repr(eval(source))\nword = 'é'";
  expect(load("bom.py", Buffer.from(`\ufeff${text}`)).repr("word")).toBe("'é'");
  const latin = Buffer.from(`# -*- coding: latin-1 -*-\n${text}`, "latin1");
  expect(load("latin.py", latin).repr("word")).toBe("'é'");
  expect(load("crlf.py", Buffer.from(text.replaceAll("\n", "\r\n"))).repr("word")).toBe("'é'");
});

describe.each(HOMES)("one that does not load: %s", (_, options) => {
  test.each([
    ["1 / 0", "ZeroDivisionError", "division by zero"],
    ["def broken(:", "SyntaxError", "invalid syntax"],
    ["import nonsense_module", "ModuleNotFoundError", "No module named 'nonsense_module'"],
    ["raise SystemExit(5)", "SystemExit", "5"],
    ["raise KeyboardInterrupt", "KeyboardInterrupt", ""],
    ["x = '\\ud800'\nraise ValueError('é😀')", "ValueError", "é😀"],
    ["from vh import nonsense", "ImportError", "nonsense"],
  ])("%j", (source, type, message) => {
    const lab = new Lab();
    const path = lab.file("bad.py", `def OnTimer(): return 0\n${source}\n`);
    const error = thrownBy(() => lab.host.load(path, options)) as ScriptLoadError;
    expect(error).toBeInstanceOf(ScriptLoadError);
    expect(error).toMatchObject({
      name: "ScriptLoadError",
      code: "ERR_VH_SCRIPT_LOAD",
      pythonType: type,
      scriptPath: path,
    });
    expect(error.message).toContain(message);
    expect(error.traceback).toContain(`File "${path}", line ${source.split("\n").length + 1}`);
    expect(lab.host.scripts).toEqual([]);
    expect(lab.host.has("OnTimer")).toBe(false);
  });

  test("a file that is not there, or is no text", () => {
    const lab = new Lab();
    const load = (path: string) => thrownBy(() => lab.host.load(path, options));
    expect(load(join(lab.dir, "gone.py"))).toMatchObject({ pythonType: "FileNotFoundError" });
    expect(load(lab.dir)).toMatchObject({ pythonType: "IsADirectoryError" });
    expect(load(lab.file("nul.py", "x = '\0'"))).toMatchObject({ pythonType: "SyntaxError" });
    expect(load(lab.file("x\\0.py", "\0"))).toBeInstanceOf(ScriptLoadError);
  });
});

describe.each(HOMES)("unloading and reloading: %s", (_, options) => {
  const SOURCE = "import vh\ndef OnTimer(): print(vh.name)\ndef UnLoad(): print('unload', vh.name)";
  const scene = (): Lab => {
    const lab = new Lab();
    for (const name of ["a", "b", "c"]) lab.load(SOURCE, { ...options, name: `${name}.py` });
    return lab;
  };
  const names = (lab: Lab): string[] => {
    lab.host.dispatch("OnTimer", 0);
    return lab.takePrinted();
  };

  test("a reload keeps the object and its place, and gives a new id", () => {
    const lab = scene();
    const { scripts } = lab.host;
    const script = scripts[1];
    const { id = -1 } = script ?? {};
    script?.reload();
    expect(lab.takePrinted()).toEqual(["unload b"]);
    expect(script?.id).toBeGreaterThan(
      Math.max(...scripts.filter((s) => s !== script).map((s) => s.id)),
    );
    expect(script?.id).not.toBe(id);
    expect(lab.host.scripts).toEqual(scripts);
    expect(names(lab)).toEqual(["a", "b", "c"]);
    scripts[0]?.reload();
    expect(lab.takePrinted()).toEqual(["unload a"]);
    expect(names(lab)).toEqual(["a", "b", "c"]);
  });

  test("a reload reads the file anew, and begins anew", () => {
    const lab = new Lab();
    const script = lab.load("count = 0\ndef add():\n  global count\n  count += 1\n  return count", {
      ...options,
      name: "counter.py",
    });
    script.call("add");
    expect(script.call("add")).toBe(2);
    script.reload();
    expect(script.call("add")).toBe(1);
    lab.file("counter.py", "def add(): return 'changed'");
    script.reload();
    expect(script.call("add")).toBe("changed");
  });

  test("one whose reload fails stays unloaded, and can be reloaded again, at its place", () => {
    const lab = scene();
    const script = lab.host.scripts[1];
    lab.file("b.py", "1 / 0");
    expect(() => script?.reload()).toThrow(ScriptLoadError);
    expect(lab.takePrinted()).toEqual(["unload b"]);
    expect(script?.loaded).toBe(false);
    expect(names(lab)).toEqual(["a", "c"]);
    expect(() => script?.reload()).toThrow(ScriptLoadError);
    expect(lab.takePrinted()).toEqual([]);
    lab.file("b.py", SOURCE);
    script?.reload();
    expect(script?.loaded).toBe(true);
    expect(names(lab)).toEqual(["a", "b", "c"]);
  });

  test("an unloaded script is gone, and can be reloaded", () => {
    const lab = scene();
    const script = lab.host.scripts[0];
    script?.unload();
    script?.unload();
    expect(lab.takePrinted()).toEqual(["unload a"]);
    expect([script?.loaded, script?.has("OnTimer")]).toEqual([false, false]);
    expect(lab.host.scripts.map(({ name }) => name)).toEqual(["b", "c"]);
    const error = thrownBy(() => script?.call("OnTimer"));
    expect(error).toBeInstanceOf(ScriptUnloadedError);
    expect(error).toMatchObject({ code: "ERR_VH_SCRIPT_UNLOADED", name: "ScriptUnloadedError" });
    expect((error as Error).message).toContain(script?.path);
    script?.reload();
    expect(names(lab)).toEqual(["a", "b", "c"]);
  });

  test("closing runs OnUnLoad in all, then each UnLoad", () => {
    const lab = new Lab();
    for (const name of ["a", "b"])
      lab.load(`${SOURCE}\ndef OnUnLoad(code): print('code', code, vh.name)`, {
        ...options,
        name: `${name}.py`,
      });
    const { scripts } = lab.host;
    lab.host.close(3);
    lab.host.close(4);
    expect(lab.takePrinted()).toEqual(["code 3 a", "code 3 b", "unload a", "unload b"]);
    expect([lab.host.closed, lab.host.scripts]).toEqual([true, []]);
    expect(scripts.map(({ loaded }) => loaded)).toEqual([false, false]);
    expect(() => scripts[0]?.call("OnTimer")).toThrow(ScriptUnloadedError);
    expect(() => lab.load("")).toThrow(/closed/);
  });

  test("what UnLoad raises is reported, and the script goes", () => {
    const lab = new Lab();
    const script = lab.load("def UnLoad(): raise SystemExit(1)", options);
    script.unload();
    expect(script.loaded).toBe(false);
    expect(lab.errors.map((source) => [source.error.message, source.script, source.hook])).toEqual([
      ["SystemExit: 1", script, undefined],
    ]);
    lab.takeErrors();
  });
});

test("ids are never used twice", () => {
  const lab = new Lab();
  const ids = [lab.load("").id];
  expect(() => lab.load("1 / 0")).toThrow();
  const script = lab.load("");
  ids.push(script.id);
  script.reload();
  ids.push(script.id, new Lab().load("").id);
  expect(new Set(ids).size).toBe(4);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
});
