/** The three ways to live: an interpreter of its own, the main one, the main one with shared globals. */
import { describe, expect, test } from "vitest";
import type { LoadOptions } from "../../lib/index.js";
import { Lab } from "../helpers/lab.js";

const OWN: LoadOptions = {};
const MAIN: LoadOptions = { interpreter: "main" };
const SHARED: LoadOptions = { interpreter: "main", globals: "shared" };

test("shared globals need the main interpreter", () => {
  expect(() => new Lab().load("", { globals: "shared" })).toThrow(TypeError);
  expect(() => new Lab().load("", { globals: "shared", interpreter: "own" })).toThrow(/"main"/);
});

describe("an interpreter of its own", () => {
  test("keeps what it was made with out of its script's collections of garbage", () => {
    const script = new Lab().probe("import gc");
    expect(Number(script.repr("gc.get_freeze_count()"))).toBeGreaterThan(1000);
    expect(script.repr("any(o is globals() for o in gc.get_objects())")).toBe("True");
  });

  test("is the default, and no script sees what another does to its own", () => {
    const lab = new Lab();
    lab.file("common.py", "value = 0");
    const one = lab.probe("import sys, builtins, os, common");
    const two = lab.probe("import sys, builtins, os, common", {
      interpreter: "own",
      globals: "own",
    });
    one.exec(`
common.value = mine = 1
sys.path.append("/one")
sys.modules["fake"] = sys
builtins.extra = len
os.getcwd = None
sys.stdout = None
import json; json.dumps = None
builtins.len = None
`);
    expect(two.repr("common.value, 'mine' in globals(), '/one' in sys.path")).toBe(
      "(0, False, False)",
    );
    expect(two.repr("'fake' in sys.modules, hasattr(builtins, 'extra'), len('x')")).toBe(
      "(False, False, 1)",
    );
    expect(two.repr("__import__('json').dumps(callable(os.getcwd))")).toBe("'true'");
    two.exec("print('heard')");
    expect(lab.takePrinted()).toEqual(["heard"]);
  });

  test("lets its modules be found by name", () => {
    const probe = new Lab().probe(
      "import sys, dataclasses, pickle\n@dataclasses.dataclass\nclass D:\n  a: int",
      {
        name: "found.py",
      },
    );
    expect(probe.repr("sys.modules[__name__].__dict__ is globals()")).toBe("True");
    expect(probe.repr("pickle.loads(pickle.dumps(D(5)))")).toBe("D(a=5)");
  });
});

describe("the main interpreter", () => {
  test("modules are shared, globals are not", () => {
    const lab = new Lab();
    lab.file("common_main.py", "value = 0");
    const [one, two] = [1, 2].map(() => lab.probe("import sys, common_main", MAIN));
    one?.exec("common_main.value = mine = 1; sys.modules['from_one'] = sys");
    expect(two?.repr("common_main.value, 'from_one' in sys.modules, 'mine' in globals()")).toBe(
      "(1, True, False)",
    );
    one?.exec("del sys.modules['from_one']");
    const own = lab.probe("import sys, common_main", OWN);
    expect(own.repr("common_main.value")).toBe("0");
  });

  test("vh speaks for the script that is running", () => {
    const lab = new Lab();
    const source = "import vh\ndef OnTimer(): print(vh.name, vh.myid)";
    const scripts = ["a", "b"].map((name) => lab.load(source, { ...MAIN, name: `${name}.py` }));
    lab.host.dispatch("OnTimer", 0);
    expect(lab.takePrinted()).toEqual(scripts.map(({ name, id }) => `${name} ${id}`));
  });

  test("output is the running script's", () => {
    const lab = new Lab();
    const scripts = [1, 2].map(() => lab.load("def OnTimer(): print('tick')", MAIN));
    lab.host.dispatch("OnTimer", 0);
    expect(lab.printed.splice(0).map(({ script }) => script)).toEqual(scripts);
  });

  test("a thread that a script started is the script's", () => {
    const lab = new Lab();
    const source = `
import threading
def OnTimer():
    thread = threading.Thread(target=lambda: print("from a thread"))
    thread.start(); thread.join()
`;
    const scripts = [1, 2].map(() => lab.load(source, MAIN));
    lab.host.dispatch("OnTimer", 0);
    return expect.poll(() => lab.printed.map(({ script }) => script)).toEqual(scripts);
  });
});

describe("shared globals", () => {
  test("names are visible between scripts, both ways", () => {
    const lab = new Lab();
    const one = lab.probe("shared_value = [1]\ndef one(): return later", {
      ...SHARED,
      name: "one.py",
    });
    lab.load("shared_value.append(2)\nlater = 'from two'", { ...SHARED, name: "two.py" });
    expect(one.repr("shared_value, one()")).toBe("([1, 2], 'from two')");
    const own = lab.probe("", MAIN);
    expect(own.failure("shared_value")).toMatch(/^NameError/);
  });

  test("each hook belongs to the script whose file defines it", () => {
    const lab = new Lab();
    const source = (mark: string): string =>
      `import vh\ndef OnTimer(): print("${mark}", vh.name, vh.myid)\ndef UnLoad(): print("gone", "${mark}", vh.name)`;
    const scripts = ["a", "b", "c"].map((name) =>
      lab.load(source(name), { ...SHARED, name: `${name}.py` }),
    );
    lab.host.dispatch("OnTimer", 0);
    expect(lab.takePrinted()).toEqual(scripts.map(({ name, id }) => `${name} ${name} ${id}`));
    scripts[1]?.unload();
    expect(lab.takePrinted()).toEqual(["gone b b"]);
    lab.host.dispatch("OnTimer", 0);
    expect(lab.takePrinted()).toEqual([
      `a a ${scripts[0]?.id ?? ""}`,
      `c c ${scripts[2]?.id ?? ""}`,
    ]);
    scripts[2]?.unload();
    scripts[0]?.unload();
    expect(lab.takePrinted()).toEqual(["gone c c", "gone a a"]);
    expect(lab.host.has("OnTimer")).toBe(false);
  });

  test("a script has only the hooks of its own file", () => {
    const lab = new Lab();
    const one = lab.load("def OnTimer(): pass", SHARED);
    const two = lab.load("def OnParsedMsgChat(n, m): pass", SHARED);
    expect([one.has("OnTimer"), one.has("OnParsedMsgChat")]).toEqual([true, false]);
    expect([two.has("OnTimer"), two.has("OnParsedMsgChat")]).toEqual([false, true]);
  });

  test("a hook that one script's function defines for itself later is that script's", () => {
    const lab = new Lab();
    lab.load("def start():\n  global OnTimer\n  def OnTimer(): print('one')", {
      ...SHARED,
      name: "one.py",
    });
    const two = lab.load("def OnParsedMsgChat(n, m): start()", { ...SHARED, name: "two.py" });
    lab.host.dispatch("OnParsedMsgChat", "n", "m");
    expect(lab.host.scripts.map((script) => script.has("OnTimer"))).toEqual([true, false]);
    two.unload();
    lab.host.dispatch("OnTimer", 0);
    expect(lab.takePrinted()).toEqual(["one"]);
  });

  test("a decorated hook belongs to the file of what is decorated", () => {
    const lab = new Lab();
    const tools =
      "import functools\ndef logged(f):\n  @functools.wraps(f)\n  def inner(*args): return f(*args)\n  return inner";
    lab.load(tools, { ...SHARED, name: "tools.py" });
    const user = lab.load("@logged\ndef OnTimer(): print('tick')", { ...SHARED, name: "user.py" });
    expect(lab.host.scripts.map((script) => script.has("OnTimer"))).toEqual([false, true]);
    user.unload();
    expect(lab.host.has("OnTimer")).toBe(false);
  });

  test("unloading removes the names that the script defined, but not what another's code binds too", () => {
    const lab = new Lab();
    const one = lab.load(
      "import json, os\ndef helper(): return 'one'\nboth = 1\nmine = 2\ndef later():\n  global made\n  made = 3\nlater()",
      { ...SHARED, name: "one.py" },
    );
    const two = lab.probe("import json\nboth = 'two'\ntheirs = 4", { ...SHARED, name: "two.py" });
    one.unload();
    expect(two.repr("both, theirs, json.__name__")).toBe("('two', 4, 'json')");
    for (const name of ["helper", "mine", "made", "later", "os"])
      expect(two.failure(name), name).toMatch(/^NameError/);
    const three = lab.probe("both = 'three'", { ...SHARED, name: "three.py" });
    three.script.unload();
    expect(two.failure("theirs")).toBe("nothing");
  });

  test("a name that only one script binds goes with it, whoever loaded last", () => {
    const lab = new Lab();
    const one = lab.probe("a = 1", { ...SHARED, name: "one.py" });
    lab.load("b = 2", { ...SHARED, name: "two.py" }).unload();
    expect(one.repr("a")).toBe("1");
    expect(one.failure("b")).toMatch(/^NameError/);
  });

  test("vh speaks for the script that is running, also in another's function", () => {
    const lab = new Lab();
    lab.load("import vh\ndef who(): return vh.name, vh.path", { ...SHARED, name: "one.py" });
    const two = lab.probe("def OnTimer(): print(*who())", { ...SHARED, name: "two.py" });
    lab.host.dispatch("OnTimer", 0);
    expect(lab.takePrinted()).toEqual([`two ${two.script.path}`]);
  });

  test("reloading one keeps the other's names and hooks", () => {
    const lab = new Lab();
    const one = lab.load("a = 1\ndef OnTimer(): print('one')", { ...SHARED, name: "one.py" });
    const two = lab.probe("b = 2\ndef OnTimer(): print('two')", { ...SHARED, name: "two.py" });
    one.reload();
    expect(two.repr("a, b")).toBe("(1, 2)");
    lab.host.dispatch("OnTimer", 0);
    expect(lab.takePrinted()).toEqual(["one", "two"]);
  });

  test("one that fails to load takes its names along", () => {
    const lab = new Lab();
    const good = lab.probe("a = 1", { ...SHARED, name: "good.py" });
    expect(() =>
      lab.load("lost = 1\ndef OnTimer(): pass\n1 / 0", { ...SHARED, name: "bad.py" }),
    ).toThrow("ZeroDivisionError");
    expect(good.failure("lost")).toMatch(/^NameError/);
    expect(lab.host.has("OnTimer")).toBe(false);
    expect(good.repr("a")).toBe("1");
  });
});

describe.each([
  ["own", OWN],
  ["main", MAIN],
  ["shared", SHARED],
])("the same file twice: %s", (_, options) => {
  test("is two scripts, each with its hooks, unloaded one by one", () => {
    const lab = new Lab();
    const path = lab.file(
      "twice.py",
      "import vh\ndef OnTimer(): print('tick', vh.myid)\ndef UnLoad(): print('gone', vh.myid)",
    );
    const [one, two] = [lab.host.load(path, options), lab.host.load(path, options)];
    expect(one.id).not.toBe(two.id);
    lab.host.dispatch("OnTimer", 0);
    expect(lab.takePrinted()).toEqual([`tick ${one.id}`, `tick ${two.id}`]);
    one.unload();
    lab.host.dispatch("OnTimer", 0);
    expect(lab.takePrinted()).toEqual([`gone ${one.id}`, `tick ${two.id}`]);
    two.unload();
    expect(lab.takePrinted()).toEqual([`gone ${two.id}`]);
    expect(lab.host.has("OnTimer")).toBe(false);
  });
});

test("scripts of all three ways get events in load order", () => {
  const lab = new Lab();
  const ways = [SHARED, OWN, MAIN, OWN, SHARED];
  const scripts = ways.map((options) =>
    lab.load("import vh\ndef OnTimer(): print(vh.myid)", options),
  );
  lab.host.dispatch("OnTimer", 0);
  expect(lab.takePrinted()).toEqual(scripts.map(({ id }) => String(id)));
});
