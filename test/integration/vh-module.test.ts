/** What else the vh module holds: attributes, exceptions, its names; one instance per script. */
import { describe, expect, test } from "vitest";
import { ScriptHost } from "../../lib/index.js";
import { Lab, type Probe, py } from "../helpers/lab.js";

const HOMES = [
  ["an interpreter of its own", {}],
  ["the main interpreter", { interpreter: "main" }],
  ["shared globals", { interpreter: "main", globals: "shared" }],
] as const;

const STARTED = new Date("2026-01-02T03:04:05.678Z");
const NAMED = { botName: "Böt😀", opChatName: "Ops", configName: "cfg", startTime: STARTED };

/** Every attribute as Python writes it. */
const attributes = (probe: Probe): Record<string, string> =>
  Object.fromEntries(
    ["myid", "botname", "opchatname", "name", "path", "config_name", "basedir", "starttime"].map(
      (name) => [name, probe.repr(`vh.${name}`)],
    ),
  );

describe.each(HOMES)("in %s", (_, options) => {
  test("attributes are the script's", () => {
    const lab = new Lab(NAMED);
    const [one, two] = ["one", "two"].map((name) =>
      lab.probe("import vh", { ...options, name: `sub/${name}.py` }),
    );
    for (const [probe, name] of [
      [one, "one"],
      [two, "two"],
    ] as const)
      expect(probe && attributes(probe)).toEqual({
        myid: String(probe?.script.id),
        botname: "'Böt😀'",
        opchatname: "'Ops'",
        name: `'${name}'`,
        path: `'${lab.dir}/sub/${name}.py'`,
        config_name: "'cfg'",
        basedir: `'${lab.dir}'`,
        starttime: "1767323045.678",
      });
    expect(one?.script.id).not.toBe(two?.script.id);
  });

  test("attributes are there while the script loads", () => {
    const lab = new Lab(NAMED);
    const source = "import vh\nseen = [vh.myid, vh.botname, vh.name, vh.path, vh.basedir]";
    const probe = lab.probe(source, options);
    expect(probe.repr("seen == [vh.myid, vh.botname, vh.name, vh.path, vh.basedir]")).toBe("True");
  });

  test("names given for one script are its own", () => {
    const lab = new Lab(NAMED);
    const names = { botName: "B", opChatName: "O", configName: "C" };
    const one = lab.probe("import vh", { ...options, ...names });
    const two = lab.probe("import vh", options);
    expect(one.repr("vh.botname, vh.opchatname, vh.config_name")).toBe("('B', 'O', 'C')");
    expect(two.repr("vh.botname, vh.opchatname, vh.config_name")).toBe("('Böt😀', 'Ops', 'cfg')");
  });

  test("overwriting vh.myid and the like changes nothing about who the script is", () => {
    const callers: string[] = [];
    const lab = new Lab();
    const other = lab.probe(
      "import vh\nseen = []\ndef OnScriptCommand(*args): seen.append(args[3])",
    );
    const probe = lab.probe("import vh", options);
    probe.script.register("who", () => callers.push("its own"));
    probe.exec(`vh.myid = ${other.script.id}\nvh.path = "/x"\nvh.name = "x"`);
    probe.exec("vh.CallDynamicFunction('who')\nvh.ScriptCommand('c', 'd')");
    expect(callers).toEqual(["its own"]);
    expect(other.repr("seen")).toBe(py([probe.script.path]).replaceAll('"', "'"));
    expect(other.repr("vh.myid")).toBe(String(other.script.id));
    expect(probe.script.id).not.toBe(other.script.id);
  });

  test("the exceptions are classes that scripts can raise and catch", () => {
    const probe = new Lab().probe("import vh", options);
    expect(probe.repr("issubclass(vh.HubError, Exception)")).toBe("True");
    expect(probe.repr("issubclass(vh.HookTimeout, BaseException)")).toBe("True");
    expect(probe.repr("vh.HubError('why').args")).toBe("('why',)");
    expect(probe.repr("vh.HubError, vh.HookTimeout")).toBe(
      "(<class 'vh.HubError'>, <class 'vh.HookTimeout'>)",
    );
  });

  test("from vh import * brings functions, constants and attributes, and nothing of Python's", () => {
    const probe = new Lab().probe("from vh import *", { ...options, name: "starred.py" });
    expect(probe.repr("mc.__name__, eCR_KICKED, name, __name__, HubError.__name__")).toBe(
      "('mc', 2, 'starred', 'starred', 'HubError')",
    );
    expect(probe.repr("myid")).toBe(String(probe.script.id));
    expect(probe.repr("__doc__")).toBe("None");
  });

  test("vh is a module like any other", () => {
    const probe = new Lab().probe("import vh, sys, types", options);
    expect(probe.repr("isinstance(vh, types.ModuleType), vh.__name__")).toBe("(True, 'vh')");
    expect(probe.repr("sys.modules['vh'] is vh")).toBe("True");
    expect(probe.repr("{'mc', 'myid', 'eCR_KICKED', 'HubError'} <= set(dir(vh))")).toBe("True");
    expect(probe.failure("vh.nonsense")).toMatch(/^AttributeError: .*nonsense/);
  });

  test("what a script hangs on vh stays", () => {
    const probe = new Lab().probe("import vh", options);
    probe.exec("vh.mine = 5");
    expect(probe.repr("vh.mine")).toBe("5");
    probe.exec("del vh.mine");
    expect(probe.failure("vh.mine")).toMatch(/^AttributeError/);
  });
});

test("an interpreter of its own has a vh of its own", () => {
  const lab = new Lab();
  const [one, two] = [lab.probe(), lab.probe()];
  one.exec("vh.mc = None; vh.eCR_KICKED = 99");
  expect(two.repr("vh.mc is None, vh.eCR_KICKED")).toBe("(False, 2)");
});

test("a text that is none is refused, as an option of the host and of a script", () => {
  for (const text of [5, "\ud800", {}] as unknown as string[]) {
    for (const option of ["botName", "opChatName", "baseDir", "configName"])
      expect(() => new ScriptHost({ [option]: text })).toThrow(TypeError);
    const host = new ScriptHost();
    for (const option of ["botName", "opChatName", "configName", "venv"])
      expect(() => host.load("x.py", { [option]: text })).toThrow(TypeError);
    host.close();
  }
});
