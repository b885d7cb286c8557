/** What script authors read is so: docs/script-authors.md and scripts-py/vh.pyi. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadNative } from "../../lib/native.js";
import { Stage } from "./examples-stage.js";

const stage = new Stage({ alice: 0, bob: 0, op: 3 });

describe("docs/script-authors.md", () => {
  const page = readFileSync(new URL("../../docs/script-authors.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/^```python\n(.*?)^```$/gms)].map(([, source]) => source ?? "");
  const loadBlock = (words: string) => {
    const file = join(stage.dir, "block.py");
    writeFileSync(file, blocks.find((block) => block.includes(words)) ?? "raise LookupError");
    return stage.host.load(file);
  };

  test("its quick start greets, blocks and substitutes", () => {
    const script = loadBlock("Hello %s");
    stage.host.dispatch("OnUserLogin", "alice");
    expect(stage.said("usermc", "alice")).toBe("Hello alice, we are 3 here.");
    expect(stage.chat("alice", "SPAM").allowed).toBe(false);
    expect(stage.chat("alice", "brb").args).toEqual(["alice", "I'll be right back"]);
    expect(stage.chat("alice", "hi")).toEqual({ allowed: true, args: ["alice", "hi"] });
    script.unload();
    expect(stage.complaints.splice(0)).toEqual(["bye"]);
  });

  test("its worker thread answers, and ends", async () => {
    const script = loadBlock("todo = queue.Queue()");
    stage.chat("alice", "hello");
    expect(await stage.tickUntil(1)).toEqual([["pm", "HELLO", "alice", null, null]]);
    script.unload();
  });

  test("every other block runs", () => {
    for (const block of blocks) {
      const script = loadBlock(block);
      script.unload();
    }
    expect(stage.complaints.splice(0)).toEqual(["bye"]);
  });
});

describe("vh.pyi", () => {
  const fixture = fileURLToPath(new URL("../fixtures/stub/compare_stub.py", import.meta.url));
  const stub = fileURLToPath(new URL("../../scripts-py/vh.pyi", import.meta.url));

  test("says of every name what the module says", () => {
    const script = stage.host.load(fixture);
    expect(script.call("compare", stub)).toEqual([]);
    expect(script.call("count", stub)).toEqual([62, 72]);
  });

  test("gives every function the types of the native table, or closer ones", () => {
    const said = stage.host.load(fixture).call("types", stub) as Record<string, string[]>;
    const closer: Record<string, string> = {
      "_GeoIP | None": "dict | None",
      Any: "object",
      "list[str] | list[tuple[str, str, str]]": "list",
    };
    for (const types of Object.values(said))
      types.splice(0, 99, ...types.map((t) => closer[t] ?? t));
    const table = loadNative().tables.functions.map(({ name, parameters, result }) => [
      name,
      [...parameters.map(({ type }) => type), result],
    ]);
    expect(said).toEqual(Object.fromEntries(table));
  });
});
