/** The events of a host: with listeners here, without any in processes of their own. */
import { describe, expect, test } from "vitest";
import { PythonError, ScriptHost, type ErrorSource } from "../../lib/index.js";
import { program, type End } from "../helpers/child.js";
import { Lab } from "../helpers/lab.js";

describe("with listeners", () => {
  test("print: each line with its script and stream, as it is written", () => {
    const lab = new Lab();
    const source = `
import sys
print("loading")
def OnTimer():
    print("one\\ntwo", "three", sep=" | ")
    print("é😀", file=sys.stderr)
    sys.stdout.write("begun, ")
    sys.stdout.write("ended\\n")
    sys.stdout.writelines(["a\\n", "b\\n"])
    sys.stderr.buffer.write(b"raw bytes\\n")
    print("")
    print("flushed early ", end="", flush=True)
    print("and whole")
`;
    const script = lab.load(source);
    expect(lab.printed.splice(0)).toMatchObject([{ stream: "stdout", text: "loading" }]);
    lab.host.dispatch("OnTimer", 0);
    const lines = [
      ["stdout", "one"],
      ["stdout", "two | three"],
      ["stderr", "é😀"],
      ["stdout", "begun, ended"],
      ["stdout", "a"],
      ["stdout", "b"],
      ["stderr", "raw bytes"],
      ["stdout", ""],
      ["stdout", "flushed early and whole"],
    ];
    expect(lab.printed.splice(0)).toEqual(
      lines.map(([stream, text]) => ({ script, stream, text })),
    );
  });

  test("print: while the hook still runs, not when a buffer fills", () => {
    const seen: string[] = [];
    const lab = new Lab({ hub: { mc: (message) => seen.push(message) > 0 } });
    lab.host.on("print", ({ text }) => seen.push(text));
    lab.load("import vh\nprint('1')\nvh.mc('2')\nprint('3')\nvh.mc('4')");
    expect(seen).toEqual(["1", "2", "3", "4"]);
  });

  test("print: a line without its end goes when the script goes", () => {
    const lab = new Lab();
    const script = lab.load("print('rest', end='')");
    expect(lab.takePrinted()).toEqual([]);
    script.unload();
    expect(lab.takePrinted()).toEqual(["rest"]);
  });

  test("print: what cannot be UTF-8 is escaped, a long line is whole", () => {
    const lab = new Lab();
    lab.load("print('a\\ud800b\\0c')\nprint('x' * 1_000_000)");
    expect(lab.takePrinted()).toEqual(["a\\ud800b\0c", "x".repeat(1_000_000)]);
  });

  test("print: warnings, logging and tracebacks of Python are output too", () => {
    const lab = new Lab();
    lab.load(
      "import logging, warnings, traceback\nlogging.warning('logged')\nwarnings.warn('warned')\ntry: 1 / 0\nexcept ZeroDivisionError: traceback.print_exc()",
    );
    const text = lab.takePrinted().join("\n");
    expect(text).toContain("WARNING:root:logged");
    expect(text).toContain("UserWarning: warned");
    expect(text).toMatch(/Traceback[^]*ZeroDivisionError: division by zero$/);
  });

  test("load and unload: once each time, in order", () => {
    const lab = new Lab();
    const seen: unknown[] = [];
    lab.host.on("load", (script) => seen.push(["load", script.id, script.loaded]));
    lab.host.on("unload", (script) => seen.push(["unload", script.id, script.loaded]));
    const script = lab.load("", { name: "a.py" });
    const { id } = script;
    script.reload();
    const again = script.id;
    script.unload();
    expect(() => lab.load("1 / 0")).toThrow();
    const last = lab.load("");
    lab.host.close();
    expect(seen).toEqual([
      ["load", id, true],
      ["unload", id, false],
      ["load", again, true],
      ["unload", again, false],
      ["load", last.id, true],
      ["unload", last.id, false],
    ]);
  });

  test("error: UnLoad and name_and_version have no hook to name", () => {
    const lab = new Lab();
    const script = lab.load(
      "def name_and_version(): raise ValueError('n')\ndef UnLoad(): raise ValueError('u')\ndef OnUnLoad(c): raise ValueError('o')",
    );
    lab.host.close();
    const seen = lab.errors
      .splice(0)
      .map(({ error, ...source }): [string, ErrorSource] => [error.message, source]);
    expect(seen).toEqual([
      ["ValueError: n", { script }],
      ["ValueError: o", { script, hook: "OnUnLoad" }],
      ["ValueError: u", { script }],
    ]);
  });

  test("a script reloaded from within, which then fails: an error event", () => {
    const lab = new Lab();
    const script = lab.load("import vh\ndef OnTimer(): vh.CallDynamicFunction('reload')", {
      name: "own.py",
    });
    script.register("reload", () => {
      script.reload();
    });
    lab.file("own.py", "1 / 0");
    lab.host.dispatch("OnTimer", 0);
    expect(script.loaded).toBe(false);
    expect(lab.errors.map(({ error }) => error.name)).toEqual(["ScriptLoadError"]);
    expect(lab.takeErrors()[0]).toContain("ZeroDivisionError");
  });

  test("two hosts hear of their own scripts only", () => {
    const [one, two] = [new Lab(), new Lab()];
    one.load("print('one')\ndef OnTimer(): return 'x'");
    two.load("print('two')\ndef OnTimer(): return 'x'");
    one.host.dispatch("OnTimer", 0);
    expect([one.takePrinted(), two.takePrinted()]).toEqual([["one"], ["two"]]);
    expect([one.takeWarnings().length, two.takeWarnings().length]).toEqual([1, 0]);
  });

  test("an error that JavaScript made of Python is an Error like any other", () => {
    const error: unknown = (() => {
      try {
        return new Lab().load("def f(): raise KeyError('k')").call("f");
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(PythonError);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("PythonError: KeyError: 'k'");
    expect(new ScriptHost().pythonVersion).toMatch(/^3\.\d+\.\d+/);
  });
});

describe("without listeners", () => {
  /** Runs a script of this source on a host without listeners, then a statement; how the process ended. */
  const run = (source: string, statement = "", env: NodeJS.ProcessEnv = {}): Promise<End> =>
    program(
      `
import { writeFileSync } from "node:fs";
const { ScriptHost } = await import("file://" + process.env.VH_TEST_ROOT + "/dist/index.js");
writeFileSync("own.py", ${JSON.stringify(source)});
const host = new ScriptHost();
const script = host.load("own.py");
${statement}
`,
      { env },
    );

  test("print: the process's own stdout and stderr", async () => {
    const end = await run("import sys\nprint('é😀 out')\nprint('err', file=sys.stderr)");
    expect(end).toMatchObject({ code: 0, stdout: "é😀 out\n", stderr: "err\n" });
  });

  test("error: the traceback on stderr", async () => {
    const end = await run(
      "def OnTimer():\n    1 / 0",
      `host.dispatch("OnTimer", 0); console.log("on");`,
    );
    expect(end).toMatchObject({ code: 0, stdout: "on\n" });
    expect(end.stderr).toMatch(
      /^Traceback \(most recent call last\):\n {2}File ".*own\.py", line 2, in OnTimer\n[^]*ZeroDivisionError: division by zero\n$/,
    );
  });

  test("warning: on stderr, with the script", async () => {
    const end = await run(
      "def OnTimmer(): pass\ndef OnTimer(): return 'x'",
      `host.dispatch("OnTimer", 0);`,
    );
    expect(end).toMatchObject({ code: 0, stdout: "" });
    const [misspelt, returned, ...rest] = end.stderr.trimEnd().split("\n");
    expect(misspelt).toMatch(/own\.py: .*OnTimmer.*OnTimer/);
    expect(returned).toMatch(/own\.py: .*OnTimer.*'x'/);
    expect(rest).toEqual([]);
  });

  test("what is not caught at load ends the process with the traceback", async () => {
    const end = await run("1 / 0");
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(/ScriptLoadError.*ZeroDivisionError: division by zero/);
  });

  test("the end of the process unloads scripts, and prints what they say", async () => {
    const source = "def UnLoad(): print('unload')\ndef OnUnLoad(code): print('code', code)";
    expect(await run(source)).toMatchObject({ code: 0, stdout: "code 0\nunload\n", stderr: "" });
    const exit = await run(source, "process.exit(3);");
    expect(exit).toMatchObject({ code: 3, stdout: "code 3\nunload\n", stderr: "" });
  });

  test.each([
    ["print", "print('x')"],
    ["warning", "return 'x'"],
    ["error", "1 / 0"],
  ])(
    "a %s listener that throws disturbs no script; the exception is the process's",
    async (event, statement) => {
      const end = await run(
        `def OnTimer():\n    ${statement}\ndef OnParsedMsgChat(n, m): return 0`,
        `
process.on("uncaughtException", (error) => console.log("uncaught", error.message));
host.on("${event}", () => { throw new Error("listener"); });
console.log(host.dispatch("OnTimer", 0).allowed, host.dispatch("OnParsedMsgChat", "a", "b").allowed);
`,
      );
      expect(end).toMatchObject({ code: 0, stdout: "true false\nuncaught listener\n", stderr: "" });
    },
  );

  test.each(["load", "unload"])(
    "a %s listener that throws keeps no script from it",
    async (event) => {
      const end = await run(
        "def UnLoad(): print('unload')",
        `
process.on("uncaughtException", (error) => console.log("uncaught", error.message));
host.on("${event}", () => { throw new Error("listener"); });
script.reload();
console.log(script.loaded, host.scripts.length);
`,
      );
      expect(end.stdout).toMatch(/^unload\ntrue 1\nuncaught listener\n/);
      expect(end).toMatchObject({ code: 0, stderr: "" });
    },
  );
});

test("a VH_PYTHON that is none: PythonNotFoundError, each time, which says so", async () => {
  const end = await program(
    `
const { ScriptHost, PythonNotFoundError } = await import("file://" + process.env.VH_TEST_ROOT + "/dist/index.js");
for (let i = 0; i < 2; i++) {
  try {
    new ScriptHost();
  } catch (error) {
    console.log(error instanceof PythonNotFoundError, error.name, error.code);
    console.log(error.message);
  }
}
`,
    { env: { VH_PYTHON: "/nonexistent" } },
  );
  expect(end).toMatchObject({ code: 0, signal: null });
  const [head = ""] = end.stdout.split("\n");
  expect(head).toBe("true PythonNotFoundError ERR_VH_PYTHON_NOT_FOUND");
  expect(end.stdout.split(head)).toHaveLength(3);
  expect(end.stdout.match(/VH_PYTHON[^]*?\/nonexistent/g)).toHaveLength(2);
});
