/** What docs/running-a-hub.md says is so: its tables and lists are held against the code. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { USAGE } from "../../lib/cli/usage.js";
import { COMMANDS } from "../../lib/hub/commands/table.js";
import { Config, HUB_SECTION, PYTHON_SECTION } from "../../lib/hub/config.js";
import { BanType, ItemType, UserClass } from "../../lib/hub/constants.js";
import { DEFAULT_LIMITS, type Rate } from "../../lib/hub/limits.js";
import { EXTENSIONS } from "../../lib/hub/login.js";
import { HUB_TABLES } from "../../lib/hub/storage/schema.js";

const page = readFileSync("docs/running-a-hub.md", "utf8");

/** The rows of the tables of a section, without their last cell, which explains; without code marks. */
function rows(section: string): string[][] {
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const [own = ""] = text.split("\n## ");
  const lines = [...own.matchAll(/^\| (`.*) \|$/gm)].map(([, line = ""]) => line.split(" | "));
  return lines.map((cells) => cells.slice(0, -1).map((cell) => cell.replaceAll("`", "").trim()));
}

describe("docs/running-a-hub.md", () => {
  it("shows the usage text", () => {
    expect(/^```text usage\n(.*?)\n```$/ms.exec(page)?.[1]).toBe(USAGE);
  });

  it("lists every command, with its class", () => {
    const told = COMMANDS.map(({ name, leastClass, usage }) => {
      const least = typeof leastClass === "number" ? leastClass : UserClass.Admin;
      const prefix = least >= UserClass.Operator ? "!" : "+";
      return [`${prefix}${name} ${usage}`.trimEnd(), String(least)];
    });
    expect(rows("Classes and commands")).toEqual(told);
    expect(new Config().get(PYTHON_SECTION, "console_class")).toBe(String(UserClass.Admin));
  });

  it("lists every kind of ban", () => {
    const told = rows("Bans").flatMap(([names = ""]) => names.split(", "));
    const kinds = Object.keys(BanType).map((name) => name.toUpperCase());
    expect(told.filter((name) => name !== "REVERSE").sort()).toEqual(kinds.sort());
  });

  it("lists every variable, with its type and default", () => {
    const config = new Config();
    const told = rows("Configuration");
    const variables = [HUB_SECTION, PYTHON_SECTION].flatMap((section) =>
      config
        .entries(section)
        .map(([name, value]) => [section === HUB_SECTION ? name : `${section}.${name}`, value]),
    );
    expect(told.map(([name, , value]) => [name, value])).toEqual(variables);
    for (const [name = "", type = "", value = ""] of told) {
      const [section = "", variable = ""] = name.includes(".")
        ? name.split(".")
        : [HUB_SECTION, name];
      const accepts = (text: string) => config.accept(section, variable, text) !== undefined;
      const [, min, max] = /^(\d+) (?:to|or) (\d+)$/.exec(type) ?? [];
      if (type === "fixed") {
        expect(accepts(value), name).toBe(false);
      } else if (type === "text") {
        expect(config.typeOf(section, variable), name).toBe(ItemType.String);
      } else {
        const bounds = [Number(min) - 1, Number(min), Number(max), Number(max) + 1];
        expect(bounds.map(String).map(accepts), name).toEqual([false, true, true, false]);
      }
    }
  });

  it("lists the tables for scripts", () => {
    expect(rows("SQL for scripts").map(([name]) => name)).toEqual([...HUB_TABLES]);
  });

  it("lists every limit, with its default", () => {
    const { messages, ...others } = DEFAULT_LIMITS;
    const entries: [string, number | Rate][] = Object.entries(others);
    const rate = ({ burst, perSecond }: Rate) => [
      String(burst),
      String(Number(perSecond.toFixed(3))),
    ];
    const amounts = entries.flatMap(([name, value]) =>
      typeof value === "number" ? [[name, String(value)]] : [],
    );
    const rates = entries.flatMap(([name, value]) =>
      typeof value === "number" ? [] : [[name, ...rate(value)]],
    );
    const kinds = Object.entries(messages).map(([kind, limit]) => [
      `messages.${kind}`,
      ...rate(limit),
      String(limit.bytes),
    ]);
    const told = rows("Limits");
    expect(told.sort()).toEqual([...amounts, ...rates, ...kinds].sort());
  });

  it("lists the extensions of $Supports", () => {
    const told = rows("What of the protocol it speaks").flatMap(([names = ""]) =>
      names.split(", "),
    );
    expect(told).toEqual(EXTENSIONS.split(" "));
  });
});

describe("docs/hub-authors.md", () => {
  it("lists every option of Hub", () => {
    const source = readFileSync("lib/hub/options.ts", "utf8");
    const [, declared = ""] = /interface HubOptions \{\n(.*?)^\}/ms.exec(source) ?? [];
    const options = Array.from(declared.matchAll(/^ {2}(\w+)\?:/gm), ([, name]) => name);
    const text = readFileSync("docs/hub-authors.md", "utf8").split("The options of `Hub`")[1] ?? "";
    const [table = ""] = text.split(/\n\n(?!\|)/);
    const told = Array.from(table.matchAll(/^\| `(\w+)` /gm), ([, name]) => name);
    expect(told).toEqual(options);
  });
});
