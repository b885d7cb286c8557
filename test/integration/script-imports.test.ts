/** What a script imports: standard modules first, then what lies beside it, then basedir/scripts, then site-packages. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { LoadOptions } from "../../lib/index.js";
import { Lab } from "../helpers/lab.js";

const HOMES: readonly [string, LoadOptions][] = [
  ["own", {}],
  ["main", { interpreter: "main" }],
  ["shared", { interpreter: "main", globals: "shared" }],
];

describe.each(HOMES)("%s", (_, options) => {
  test.each(["json", "random", "vh", "sys", "os", "asyncio", "sqlite3", "__main__", "site"])(
    "a script called %s.py shadows nothing",
    (name) => {
      const lab = new Lab();
      const probe = lab.probe("import json, random, vh, asyncio, sqlite3", {
        ...options,
        name: `${name}.py`,
      });
      const other = lab.probe("import json, random, vh, asyncio, sqlite3", options);
      for (const script of [probe, other])
        expect(script.repr("json.dumps([1]), callable(random.random), vh.eCR_KICKED")).toBe(
          "('[1]', True, 2)",
        );
    },
  );

  test("no neighbour poses as a standard module", () => {
    const lab = new Lab();
    for (const name of ["json", "colorsys", "vh", "wave"])
      lab.file(`${name}.py`, "raise SystemExit");
    const probe = lab.probe("import json, colorsys, vh, wave", options);
    expect(probe.repr("colorsys.__file__.startswith(json.__file__[:10])")).toBe("True");
  });

  test("a package beside the script, then one of basedir/scripts, then site-packages", () => {
    const lab = new Lab();
    const unique = `m${Math.random().toString(36).slice(2)}`;
    lab.file(`${unique}_a.py`, "where = 'beside in scripts'");
    lab.file(`scripts/${unique}_a.py`, "where = 'scripts'");
    lab.file(`scripts/${unique}_b.py`, "where = 'scripts'");
    lab.file(`sub/${unique}_a.py`, "where = 'beside'");
    lab.file(`sub/${unique}/__init__.py`, "");
    lab.file(`sub/${unique}/helpers.py`, "def help(): return 'helped'");
    const probe = lab.probe(
      `import ${unique}_a as a, ${unique}_b as b\nimport ${unique}.helpers\nfrom ${unique} import helpers`,
      { ...options, name: "sub/main.py" },
    );
    expect(probe.repr("a.where, b.where, helpers.help()")).toBe("('beside', 'scripts', 'helped')");
  });

  test("sys.path: standard library, the script's folder, basedir/scripts, site-packages", () => {
    const lab = new Lab();
    const probe = lab.probe("import sys, site, sysconfig", { ...options, name: "sub/main.py" });
    probe.exec(`
paths = sysconfig.get_paths()
order = [sys.path.index(p) for p in (paths["stdlib"], ${JSON.stringify(join(lab.dir, "sub"))}, ${JSON.stringify(join(lab.dir, "scripts"))})]
after = [sys.path.index(p) for p in sys.path if p in (paths["purelib"], *site.getsitepackages())]
dynload = [i for i, p in enumerate(sys.path) if p.endswith("lib-dynload")]
`);
    expect(
      probe.repr(
        "order == sorted(order), all(i > order[-1] for i in after), all(i < order[1] for i in dynload)",
      ),
    ).toBe("(True, True, True)");
    expect(probe.repr("'' in sys.path, len(set(sys.path)) == len(sys.path)")).toBe("(False, True)");
  });

  test("sys.path.insert works as everywhere", () => {
    const lab = new Lab();
    const unique = `venv${Math.random().toString(36).slice(2)}`;
    lab.file(`env/site-packages/${unique}.py`, "found = True");
    const probe = lab.probe(
      `import sys\nsys.path.insert(0, ${JSON.stringify(join(lab.dir, "env/site-packages"))})\nimport ${unique} as m`,
      options,
    );
    expect(probe.repr("m.found")).toBe("True");
  });
});

test("the whole standard library imports, with what C it stands on", () => {
  const probe = new Lab({ unloadTimeoutMs: 10_000 }).probe(`
import asyncio, bz2, concurrent.futures, csv, ctypes, curses, datetime, decimal, email, hashlib, http.client, lzma
import multiprocessing, queue, re, socket, sqlite3, ssl, statistics, subprocess, threading, unicodedata, uuid, zlib
import xml.etree.ElementTree, zoneinfo
db = sqlite3.connect(":memory:")
db.create_function("twice", 1, lambda x: 2 * x)
seen = (db.execute("select twice(21)").fetchone()[0], decimal.Decimal("0.1") * 3, ssl.OPENSSL_VERSION[:3],
        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda n: n + 1)(41))
`);
  expect(probe.repr("seen")).toBe("(42, Decimal('0.3'), 'Ope', 42)");
});

test("a subprocess runs the real Python", () => {
  const probe = new Lab().probe("import subprocess, sys");
  expect(
    probe.repr(
      "subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True, text=True).stdout",
    ),
  ).toBe("'42\\n'");
});
