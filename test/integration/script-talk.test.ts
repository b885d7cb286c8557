/** How scripts know of each other: name_and_version, ScriptCommand, ScriptQuery. */
import { describe, expect, test } from "vitest";
import { Lab, type Probe, py } from "../helpers/lab.js";

describe("name_and_version", () => {
  test.each([
    ["def name_and_version(): return 'Mine', '1.0'", "Mine"],
    ["def name_and_version(): return ['Mine', '1.0']", "Mine"],
    ["def name_and_version(): return ('Mine',)", "Mine"],
    ["def name_and_version(): return 'Mine'", "Mine"],
    ["def name_and_version(): return 'Mïne 😀', 'x'", "Mïne 😀"],
    ["name_and_version = lambda: ('Mine', '1.0')", "Mine"],
    ["def name_and_version(): return None", "own"],
    ["def name_and_version(): return 5, 6", "own"],
    ["def name_and_version(): return '', ''", "own"],
    ["def name_and_version(): return ()", "own"],
    ["from vh import name_and_version", "own"],
    ["name_and_version = 'Mine', '1.0'", "own"],
    ["import vh\nvh.name_and_version('Mine', '1.0')", "Mine"],
    ["import vh\nvh.name_and_version('Mine')", "Mine"],
    ["import vh\nvh.name_and_version(name='Mine', version='1.0')", "Mine"],
  ])("%j names it %j", (source, name) => {
    const lab = new Lab({ hub: { name_and_version: () => "Hub 1.0" } });
    const script = lab.load(source, { name: "own.py" });
    expect(script.name).toBe(name);
    expect(lab.host.query("_get_script_name")).toEqual([name]);
  });

  test("a name is told again after a reload", () => {
    const lab = new Lab();
    const script = lab.load("def name_and_version(): return 'Mine', '1'", { name: "own.py" });
    lab.file("own.py", "def name_and_version(): return 'Yours', '2'");
    script.reload();
    expect(script.name).toBe("Yours");
    lab.file("own.py", "");
    script.reload();
    expect(script.name).toBe("own");
  });

  test("one that raises is reported, and the script keeps its file's name", () => {
    const lab = new Lab();
    const script = lab.load("def name_and_version(): 1 / 0", { name: "own.py" });
    expect([script.name, script.loaded]).toEqual(["own", true]);
    expect(lab.takeErrors()).toEqual(["ZeroDivisionError: division by zero"]);
  });

  test("vh.name stays the file's stem", () => {
    const probe = new Lab().probe("import vh\nvh.name_and_version('Mine', '1')", {
      name: "own.py",
    });
    expect(probe.repr("vh.name")).toBe("'own'");
  });
});

describe("ScriptCommand", () => {
  const scene = (): [Probe, Probe, string[]] => {
    const lab = new Lab();
    const source = "import vh\nseen = []\ndef OnScriptCommand(*args): seen.append(args)";
    const [one, two] = [lab.probe(source), lab.probe(source)];
    return [one, two, [one.script.path, two.script.path]];
  };

  test.each([
    ["'c', 'd'", ["c", "d", "", null]],
    ["'c', 'd', 'p'", ["c", "d", "p", null]],
    ["'c', 'd', 'p', 's'", ["c", "d", "p", "s"]],
    ["cmd='c', data='d', script='s'", ["c", "d", "", "s"]],
    ["'', '', '', ''", ["", "", "", null]],
    ["'é😀', 'a\\0b\\ud800'", ["é😀", "a\0b\ud800", "", null]],
  ])("vh.ScriptCommand(%s) reaches every script, the caller too", (args, seen) => {
    const [one, two, [path]] = scene();
    expect(one.repr(`vh.ScriptCommand(${args})`)).toBe("True");
    const expected = seen.map((arg) => py(arg ?? path)).join(", ");
    for (const probe of [one, two]) expect(probe.repr(`seen == [(${expected})]`)).toBe("True");
  });

  test("is True when nobody listens, and whatever they answer", () => {
    const lab = new Lab();
    const probe = lab.probe();
    expect(probe.repr("vh.ScriptCommand('c', 'd')")).toBe("True");
    lab.load("def OnScriptCommand(*args): return 0");
    expect(probe.repr("vh.ScriptCommand('c', 'd')")).toBe("True");
  });

  test("is answered by a command in turn", () => {
    const lab = new Lab();
    lab.load(
      "import vh\ndef OnScriptCommand(cmd, data):\n  if cmd == 'ping': vh.ScriptCommand('pong', data)",
    );
    const probe = lab.probe(
      "import vh\nseen = []\ndef OnScriptCommand(cmd, data, plugin, script): seen.append((cmd, data))",
    );
    probe.repr("vh.ScriptCommand('ping', '5')");
    expect(probe.repr("seen")).toBe("[('pong', '5'), ('ping', '5')]");
  });
});

describe("ScriptQuery", () => {
  const SOURCE = `
import vh
seen = []
answer = vh.name + " knows"
def OnScriptQuery(*args):
    seen.append(args)
    return answer
`;

  /** Scripts a, b (named "Bee") and c, of which c has no answer for anyone. */
  function scene(): { lab: Lab; a: Probe; b: Probe; c: Probe } {
    const lab = new Lab();
    const a = lab.probe(SOURCE, { name: "a.py" });
    const b = lab.probe(`${SOURCE}\ndef name_and_version(): return "Bee", "1.0"`, { name: "b.py" });
    const c = lab.probe("import vh", { name: "c.py" });
    return { lab, a, b, c };
  }

  test("asks every script, in their order, the caller too", () => {
    const { a, b, c } = scene();
    expect(c.repr("vh.ScriptQuery('q', 'd')")).toBe("['a knows', 'b knows']");
    expect(a.repr("vh.ScriptQuery('q', 'd')")).toBe("['a knows', 'b knows']");
    expect(b.repr("seen")).toBe(
      `[('q', 'd', '', '${c.script.path}'), ('q', 'd', '', '${a.script.path}')]`,
    );
  });

  test("asks one by its name or its path", () => {
    const { a, b, c } = scene();
    const ask = (recipient: string): string => c.repr(`vh.ScriptQuery('q', 'd', ${py(recipient)})`);
    expect(ask("a")).toBe("['a knows']");
    expect(ask("Bee")).toBe("['b knows']");
    expect(ask(a.script.path)).toBe("['a knows']");
    expect(ask(b.script.path)).toBe("['b knows']");
    expect(ask("c")).toBe("[]");
    expect(ask("nobody")).toBe("[]");
    expect(b.repr("[args[2] for args in seen]")).toBe(`['Bee', '${b.script.path}']`);
  });

  test("verbose: (name, path, answer)", () => {
    const { a, b, c } = scene();
    const expected = `[('a', '${a.script.path}', 'a knows'), ('Bee', '${b.script.path}', 'b knows')]`;
    for (const verbose of ["True", "1", "verbose=True"])
      expect(
        c.repr(`vh.ScriptQuery('q', 'd', ${verbose.includes("=") ? "" : "'', "}${verbose})`),
      ).toBe(expected);
    expect(c.repr("vh.ScriptQuery('q', 'd', verbose=False)")).toBe("['a knows', 'b knows']");
  });

  test("_get_script_name is answered for every script", () => {
    const { a, b, c } = scene();
    expect(c.repr("vh.ScriptQuery('_get_script_name', '')")).toBe("['a', 'Bee', 'c']");
    expect(c.repr("vh.ScriptQuery('_get_script_name', '', 'Bee', True)")).toBe(
      `[('Bee', '${b.script.path}', 'Bee')]`,
    );
    expect(a.repr("seen")).toBe("[]");
  });

  test.each(["None", "1", "0", "True", "False"])("%s is no answer", (answer) => {
    const { a, c } = scene();
    a.exec(`answer = ${answer}`);
    expect(c.repr("vh.ScriptQuery('q', 'd')")).toBe("['b knows']");
  });

  test("another value is no answer, with a warning; nor is an exception", () => {
    const { lab, a, b, c } = scene();
    a.exec("answer = ['x']");
    b.exec("def OnScriptQuery(*args): 1 / 0");
    expect(c.repr("vh.ScriptQuery('q', 'd')")).toBe("[]");
    expect(lab.takeWarnings()).toEqual([expect.stringContaining("OnScriptQuery")]);
    expect(lab.takeErrors()).toEqual(["ZeroDivisionError: division by zero"]);
  });

  test("the empty string is an answer", () => {
    const { a, c } = scene();
    a.exec("answer = ''");
    expect(c.repr("vh.ScriptQuery('q', 'd')")).toBe("['', 'b knows']");
  });

  test("strings pass unchanged", () => {
    const { a, c } = scene();
    const text = "a\0b é😀 \ud800 \udcff";
    a.exec(`answer = ${py(text)}`);
    expect(c.repr(`vh.ScriptQuery(${py(text)}, ${py(text)}, 'a') == [${py(text)}]`)).toBe("True");
    expect(a.repr(`seen[0][:2] == (${py(text)}, ${py(text)})`)).toBe("True");
  });

  test("the host asks as well, with an empty sender", () => {
    const { lab, a } = scene();
    expect(lab.host.query("q", "d")).toEqual(["a knows", "b knows"]);
    expect(lab.host.query("q", "d", "Bee")).toEqual(["b knows"]);
    expect(lab.host.query("q")).toEqual(["a knows", "b knows"]);
    expect(a.repr("seen")).toBe("[('q', 'd', '', ''), ('q', '', '', '')]");
    const text = "a\0b é😀 \ud800";
    a.exec(`answer = ${py(text)}`);
    expect(lab.host.query(text, text, "a")).toEqual([text]);
    expect(a.repr(`seen[-1] == (${py(text)}, ${py(text)}, 'a', '')`)).toBe("True");
  });
});
