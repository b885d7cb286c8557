/** Dynamic functions: whose they are, what replaces what, how calling them fails. Values: values.test.ts. */
import { describe, expect, test } from "vitest";
import { Lab, type Probe } from "../helpers/lab.js";

const call = (probe: Probe, name = "f", ...args: readonly string[]): string =>
  probe.repr(`vh.CallDynamicFunction(${[`'${name}'`, ...args].join(", ")})`);
const failure = (probe: Probe, args = "'f'"): string =>
  probe.failure(`vh.CallDynamicFunction(${args})`);

const UNKNOWN = /^NameError: .*\bf\b/;

test("a function for all scripts, later ones too", () => {
  const lab = new Lab();
  const before = lab.probe();
  expect(failure(before)).toMatch(UNKNOWN);
  lab.host.register("f", (a: number, b: string) => [b, a]);
  for (const probe of [before, lab.probe(), lab.probe("import vh", { interpreter: "main" })])
    expect(call(probe, "f", "1", "'x'")).toBe("['x', 1]");
  expect(failure(new Lab().probe())).toMatch(UNKNOWN);
});

test("a function of one script is its alone", () => {
  const lab = new Lab();
  const [one, two] = [lab.probe(), lab.probe()];
  one.script.register("f", () => "one's");
  expect(call(one)).toBe('"one\'s"');
  expect(failure(two)).toMatch(UNKNOWN);
});

test("a script's own hides the one for all, until it is taken back", () => {
  const lab = new Lab();
  const probe = lab.probe();
  probe.script.register("f", () => "own");
  lab.host.register("f", () => "all");
  expect(call(probe)).toBe("'own'");
  expect(call(lab.probe())).toBe("'all'");
  expect(probe.script.unregister("f")).toBe(true);
  expect(call(probe)).toBe("'all'");
  expect(lab.host.unregister("f")).toBe(true);
  expect(failure(probe)).toMatch(UNKNOWN);
});

test("registering a name again replaces it", () => {
  const lab = new Lab();
  const probe = lab.probe();
  for (const owner of [lab.host, probe.script]) {
    owner.register("f", () => 1);
    owner.register("f", () => 2);
    expect(call(probe)).toBe("2");
    expect(owner.unregister("f")).toBe(true);
    expect(owner.unregister("f")).toBe(false);
  }
  expect(probe.script.unregister("never")).toBe(false);
});

test("a script's own survives a reload, and may be registered while it is unloaded", () => {
  const lab = new Lab();
  const probe = lab.probe(
    "import vh\ntry: seen = vh.CallDynamicFunction('f')\nexcept NameError: seen = None",
  );
  expect(probe.repr("seen")).toBe("None");
  probe.script.register("f", () => 1);
  probe.script.reload();
  expect(probe.repr("seen")).toBe("1");
  probe.script.unload();
  probe.script.register("f", () => 2);
  probe.script.reload();
  expect(probe.repr("seen")).toBe("2");
  probe.script.unload();
  expect(probe.script.unregister("f")).toBe(true);
  probe.script.reload();
  expect(probe.repr("seen")).toBe("None");
});

test.each(["", "with space", "é😀", "__proto__", "constructor", "a.b", "x".repeat(1000)])(
  "any name will do: %j",
  (name) => {
    const lab = new Lab();
    lab.host.register(name, () => 1);
    expect(call(lab.probe(), name)).toBe("1");
    expect(lab.host.unregister(name)).toBe(true);
  },
);

describe("failures", () => {
  test("an unknown name is a NameError that names it", () => {
    expect(failure(new Lab().probe(), "'no such é😀', 1")).toMatch(/^NameError: .*no such é😀/);
  });

  test("what the function throws is a HubError with its message", () => {
    const lab = new Lab();
    lab.host.register("f", () => {
      throw new RangeError("too far é😀");
    });
    expect(failure(lab.probe())).toBe("HubError: too far é😀");
  });

  test("a promise is a HubError that says so", () => {
    const lab = new Lab();
    lab.host.register("f", () => Promise.resolve(1));
    expect(failure(lab.probe())).toMatch(/^HubError: .*\bf\b.*Promise/);
  });

  test("a result without a counterpart is a HubError that says where", () => {
    const lab = new Lab();
    const values: [unknown, RegExp][] = [
      [() => 1, /function/],
      [Symbol("x"), /symbol/],
      [new Map(), /Map/],
      [new Date(), /Date/],
      [{ users: [{ avatar: new Set() }] }, /users\[0\]\.avatar.*Set/],
      [[NaN], /\[0\].*NaN/],
    ];
    const probe = lab.probe();
    for (const [value, why] of values) {
      lab.host.register("f", () => value);
      expect(failure(probe)).toMatch(/^HubError: /);
      expect(failure(probe)).toMatch(why);
    }
  });
});

test("what a function may do: call scripts, register, load and unload", () => {
  const lab = new Lab();
  const other = lab.probe("def add(a, b): return a + b");
  lab.host.register("add", (a: number, b: number) => other.script.call("add", a, b));
  lab.host.register("replace", () => {
    lab.host.register("replace", () => "replaced");
    return "first";
  });
  lab.host.register("remove", () => lab.host.unregister("remove"));
  lab.host.register("load", () => lab.load("import vh\nid = vh.myid").id);
  lab.host.register("dispatch", () => lab.host.dispatch("OnTimer", 0).allowed);
  const probe = lab.probe("import vh\ndef OnTimer(): return 0");
  expect(call(probe, "add", "20", "22")).toBe("42");
  expect([call(probe, "replace"), call(probe, "replace")]).toEqual(["'first'", "'replaced'"]);
  expect(call(probe, "remove")).toBe("True");
  expect(probe.failure("vh.CallDynamicFunction('remove')")).toMatch(/^NameError/);
  expect(call(probe, "load")).toBe(String(lab.host.scripts.at(-1)?.id));
  expect(call(probe, "dispatch")).toBe("False");
});
