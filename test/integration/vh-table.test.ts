/** The native tables hold what the contract promises, and the TypeScript types say the same. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { HOOK_NAMES } from "../../lib/hooks.js";
import { loadNative } from "../../lib/native.js";
import { Lab, py } from "../helpers/lab.js";
import { HOOK_ARGUMENTS } from "../helpers/hook-contract.js";
import { CONSTANTS, OF_CORE, OURS, SIGNATURES } from "../helpers/vh-contract.js";

const { tables } = loadNative();

/** The members of an interface in a file of lib/, by name. */
function members(file: string, name: string): ReadonlyMap<string, ts.TypeElement> {
  const url = new URL(`../../lib/${file}`, import.meta.url);
  const source = ts.createSourceFile(file, readFileSync(url, "utf8"), ts.ScriptTarget.Latest, true);
  for (const statement of source.statements)
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name)
      return new Map(statement.members.map((member) => [member.name?.getText() ?? "", member]));
  throw new Error(`${file} has no interface ${name}`);
}

/** TypeScript's spelling of what a hub gets for a parameter, and of what it returns. */
const SPELLING: Readonly<Record<string, string>> = {
  str: "string",
  "str | None": "string | null",
  int: "number",
  "str | int": "string",
  "str | int | None": "string | null",
  "str | int | float | bool": "string",
  bool: "boolean",
  "list[str]": "readonly string[]",
  "MyINFO | None": "MyInfo | null",
  "dict | None": "GeoIp | null",
  "tuple[bool, list[list[str | None]]]": "SqlResult",
};

describe("functions", () => {
  test("are the manual's 58 and ours", () => {
    const names = SIGNATURES.map(({ name }) => name);
    expect(new Set(names).size).toBe(62);
    expect(names.filter((name) => !OURS.includes(name))).toHaveLength(58);
    expect(tables.functions.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  test.each(SIGNATURES.map((signature) => [signature.name, signature] as const))(
    "%s has the contract's parameters, defaults and result",
    (name, { parameters, result }) => {
      const row = tables.functions.find((f) => f.name === name);
      const any = name === "CallDynamicFunction" ? [{ name: "args", type: "object" }] : [];
      expect(row?.parameters).toEqual([...parameters, ...any]);
      expect(row?.result).toBe(result);
      expect(row?.ofHub).toBe(!OF_CORE.includes(name));
    },
  );

  test("inspect.signature and help() tell the same", () => {
    const probe = new Lab().probe("import vh, inspect");
    for (const { name, parameters, doc } of tables.functions) {
      const list = parameters.map((parameter) =>
        parameter.type === "object"
          ? `*${parameter.name}`
          : parameter.name + (parameter.default === undefined ? "" : `=${parameter.default}`),
      );
      const same = `str(inspect.signature(vh.${name})) == ${py(`(${list.join(", ")})`)}`;
      expect(probe.repr(same), same).toBe("True");
      expect(probe.repr(`vh.${name}.__doc__ == ${py(doc)}`), name).toBe("True");
    }
  });

  test("are those of HubApi, with the same parameters and types", () => {
    const api = members("hub-api.ts", "HubApi");
    const ofHub = tables.functions.filter((f) => f.ofHub);
    expect([...api.keys()].sort()).toEqual(ofHub.map(({ name }) => name).sort());
    for (const { name, parameters, result } of ofHub) {
      const member = api.get(name);
      const method = member && ts.isPropertySignature(member) ? member.type : member;
      if (!method || !(ts.isMethodSignature(method) || ts.isFunctionTypeNode(method)))
        throw new Error(`${name} is no method`);
      const types = method.parameters.map(({ type }) => type?.getText());
      const own = name === "name_and_version" ? [] : parameters;
      expect(types, name).toEqual(own.map(({ type }) => SPELLING[type]));
      expect(method.type?.getText().replace(" | null", ""), name).toBe(
        SPELLING[result]?.replace(" | null", ""),
      );
    }
  });
});

describe("hooks", () => {
  test("are the contract's 42, in its order, with its formats", () => {
    expect(HOOK_NAMES).toHaveLength(42);
    expect(tables.hooks.map(({ name }) => name)).toEqual(HOOK_NAMES);
    const letter = (value: unknown): string => (typeof value === "string" ? "s" : "l");
    for (const { name, format } of tables.hooks) {
      const args: readonly unknown[] = HOOK_ARGUMENTS[name as keyof typeof HOOK_ARGUMENTS];
      expect(format, name).toBe(name === "OnTimer" ? "d" : args.map(letter).join(""));
    }
  });

  test("are those of Hooks, with the same types", () => {
    const hooks = members("hooks.ts", "Hooks");
    expect([...hooks.keys()].sort()).toEqual([...HOOK_NAMES].sort());
    for (const { name, format } of tables.hooks) {
      const member = hooks.get(name);
      if (!member || !ts.isPropertySignature(member)) throw new Error(`${name} is no property`);
      const types = member.type?.getText().matchAll(/\w+: (string|number)/g) ?? [];
      const letters = [...types].map(([, type]) => (type === "string" ? "s" : "l")).join("");
      expect(letters, name).toBe(format.replace("d", "l"));
    }
  });
});

describe("constants", () => {
  const rows = Object.entries(CONSTANTS).flatMap(([prefix, values]) =>
    Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value] as const),
  );

  test("are the contract's, each an int", () => {
    expect(tables.constants).toEqual(Object.fromEntries(rows));
    const probe = new Lab().probe();
    for (const [name, value] of rows) {
      expect(probe.repr(`vh.${name}`), name).toBe(String(value));
      expect(probe.repr(`type(vh.${name})`), name).toBe("<class 'int'>");
    }
  });

  test("there are no others", () => {
    const names = new Lab().probe().repr("sorted(n for n in dir(vh) if n.startswith('e'))");
    const expected = rows.map(([name]) => `'${name}'`).sort();
    expect(names).toBe(`[${expected.join(", ")}]`);
  });
});
