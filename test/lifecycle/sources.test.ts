/** Files that are no scripts, or odd ones: a clear error, or they run; and nothing of them stays behind. */
import { survives } from "../helpers/child.js";

/** The bytes of a file, one character each, and the class of the error. */
const UNLOADABLE: [name: string, bytes: string, type: string, message: RegExp][] = [
  ["a syntax error", "def OnTimer(:\n", "SyntaxError", /invalid syntax/],
  ["an unterminated string", "x = '''", "SyntaxError", /unterminated/],
  ["wrong indentation", "if 1:\nx = 1", "IndentationError", /expected an indented block/],
  ["tabs and spaces", "if 1:\n\tx = 1\n        y = 2\n", "TabError", /tabs and spaces/],
  ["invalid UTF-8", "x = '\xff\xfe'\n", "SyntaxError", /utf-8|UTF-8/],
  ["an unknown coding cookie", "# -*- coding: klingon -*-\n", "SyntaxError", /klingon/],
  ["a BOM against its cookie", "\xef\xbb\xbf# coding: cp1251\n", "SyntaxError", /cp1251/],
  ["UTF-16", "\xff\xfex\0=\x001\0\n\0", "SyntaxError", /./],
  ["a NUL", "x = 1\0\n", "SyntaxError", /null bytes/],
  ["an ELF binary", "\x7fELF\x02\x01\x01\0\0\0", "SyntaxError", /./],
  ["brackets nested too deep", "(".repeat(100_000), "SyntaxError", /too many nested/],
  ["an expression nested too deep", `x = ${"-".repeat(200_000)}1`, "", /./],
  ["return outside a function", "return 1", "SyntaxError", /outside function/],
  ["an import of what is not there", "import nothing_of_the_kind", "ModuleNotFoundError", /kind/],
  [
    "an import of itself that fails",
    "import script1\nraise ValueError('again')",
    "",
    /again|script1/,
  ],
];

for (const [name, bytes, type, message] of UNLOADABLE) {
  survives(
    `${name}, and it leaves nothing behind`,
    ({ assert, fails, host, load, interpreters }, bytes, type, message, more) => {
      const before = host.scripts.length;
      const error = fails(Buffer.from(bytes, "latin1"));
      if (type !== "") assert.equal(error.pythonType, type);
      assert.match(error.message, new RegExp(message));
      assert.ok(
        error.traceback.startsWith("Traceback") || error.traceback.includes(error.pythonType),
      );
      assert.equal(host.scripts.length, before);
      for (let i = 0; i < more; i++) {
        fails(Buffer.from(bytes, "latin1"), "script1.py");
        load("def f(): return 1").unload();
      }
      assert.equal(interpreters(), 2);
    },
    bytes,
    type,
    message.source,
    name === "a syntax error" ? 100 : 5,
  );
}

/** The bytes of a file that runs, and what its x is then. */
const LOADABLE: [name: string, bytes: string, x: unknown][] = [
  ["nothing at all", "", undefined],
  ["a comment without a newline", "# nothing", undefined],
  ["a BOM", "\xef\xbb\xbfx = 'é'".replace("é", "\xc3\xa9"), "é"],
  ["the cookie cp1251", "# -*- coding: cp1251 -*-\nx = '\xcf\xf0\xe8'\n", "При"],
  ["the cookie latin-1", "# coding: latin-1\nx = '\xe9'\n", "é"],
  ["CRLF", "if True:\r\n    x = '''a\r\nb'''\r\n", "a\nb"],
  ["a lone CR", "x = 1\rx = 2\r", 2],
  ["a form feed", "\fx = 3\n", 3],
  ["one long line", `x = ${"1+".repeat(500)}1 + len("${"x".repeat(500_000)}")`, 500_501],
  ["many lines", "x = 4\n".repeat(100_000), 4],
  ["__name__ and __file__ overwritten", "__name__ = __file__ = None\nx = 5", 5],
];

for (const [name, bytes, x] of LOADABLE) {
  survives(
    name,
    ({ assert, write, host }, bytes, x) => {
      const script = host.load(write(Buffer.from(`${bytes}\n\ndef get():\n return x`, "latin1")));
      if (x !== null) assert.equal(script.call("get"), x);
      script.reload();
      assert.equal(script.loaded, true);
    },
    bytes,
    (x ?? null) as string | number | null,
  );
}

survives("paths that are no file", {
  "each is a clear error": ({ assert, facade, fs, host, folder, write, interpreters }) => {
    fs.mkdirSync(`${folder}/directory.py`);
    fs.symlinkSync("loop.py", `${folder}/loop.py`);
    fs.chmodSync(write("x = 1", "unreadable.py"), 0);
    const wrong: [path: string, type: RegExp][] = [
      ["missing.py", /FileNotFoundError/],
      ["directory.py", /IsADirectoryError/],
      [".", /IsADirectoryError/],
      ["", /IsADirectoryError|FileNotFoundError/],
      ["loop.py", /OSError/],
      ["a\0b.py", /ValueError|FileNotFoundError/],
      [`${"x".repeat(300)}.py`, /OSError/],
      [`${"x/".repeat(5000)}y.py`, /OSError/],
      ["\ud800.py", /Error/],
      ["witness0.py/x.py", /NotADirectoryError/],
    ];
    if (process.getuid?.() !== 0) wrong.push(["unreadable.py", /PermissionError/]);
    for (const [path, type] of wrong) {
      assert.throws(
        () => host.load(path),
        (error) => error instanceof facade.ScriptLoadError && type.test(error.pythonType),
        path.slice(0, 20),
      );
    }
    assert.equal(interpreters(), 2);
  },

  "a path that is no string": ({ assert, host }) => {
    for (const path of [undefined, null, 5, {}, []])
      assert.throws(() => host.load(path as string), TypeError);
  },

  "names with spaces, dots, quotes, no .py, and beyond ASCII": ({ assert, load }) => {
    const names = ["a b.py", "a.b.c.py", 'it\'s "so".py', "скрипт 🐍.py", "plain", ".py", "1.py"];
    for (const name of names) {
      const script = load("import vh\ndef get(): return [__name__, vh.name, __file__]", { name });
      const stem = name === ".py" ? ".py" : name.replace(/\.py$/, "");
      assert.deepEqual(script.call("get"), [stem, stem, script.path]);
    }
  },

  "names of standard modules": ({ assert, load }) => {
    for (const name of ["json.py", "os.py", "sys.py", "vh.py", "builtins.py", "__main__.py"]) {
      const script = load(
        `
        import json, os, sys, vh
        from vh import botname
        def get(): return [__name__, json.dumps([1]), os.path.basename(vh.path), botname]
      `,
        { name },
      );
      const stem = name.slice(0, -3);
      assert.deepEqual(script.call("get"), [stem, "[1]", name, "Security"]);
      script.reload();
    }
  },

  "the same file twice, gone before its reload, and back": ({ assert, fs, host, write, load }) => {
    const first = load("x = 1\ndef get(): return x", { name: "twice.py" });
    const second = host.load(first.path);
    assert.notEqual(first.id, second.id);
    fs.rmSync(first.path);
    assert.throws(() => {
      first.reload();
    }, /FileNotFoundError/);
    assert.deepEqual([first.loaded, second.call("get")], [false, 1]);
    write("x = 2\ndef get(): return x", "twice.py");
    first.reload();
    assert.deepEqual([first.call("get"), second.call("get")], [2, 1]);
  },
});
