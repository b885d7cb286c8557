/** The example of a C++ plugin, built with the installed package as its author builds it: in Node, and in a C++ hub. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ScriptHost } from "../../lib/index.js";
import { cmakeBuild, installPackage, run, temporaryFolder } from "../helpers/cpp.js";

const example = path.join(import.meta.dirname, "../../examples/cpp-plugin");
const script = path.join(example, "uses_plugin.py");
const folder = temporaryFolder();
const build = path.join(folder, "build");
const plugin = path.join(build, "libcpp_plugin.so");

beforeAll(() => {
  const prefix = path.join(folder, "installed");
  installPackage(prefix);
  const strict = "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror";
  cmakeBuild(example, build, `-DCMAKE_PREFIX_PATH=${prefix}`, strict);
}, 300_000);

const SAID = `<alice> hello
to alice: 1 + 2 = 3
to alice: alice backwards is ecila
to alice: counting down: [['three', None], 2.5, 1]
to alice: one field more: {'mood': 'fine', 'nick': 'alice'}
to alice: counted: {'operators': 1, 'share': 1099511627776, 'users': 2}
to alice: refused: add(a, b): two ints
to alice: example 1.0 was called 7 times
`;

test("a hub in JavaScript loads it", () => {
  expect(run(process.execPath, [path.join(example, "hub.mjs"), plugin, script])).toBe(SAID);
});

test("a hub in C++ has its functions", () => {
  expect(run(path.join(build, "hub"), [script])).toBe(SAID);
});

test("in Node it uses the library that runs already", () => {
  const host = new ScriptHost();
  host.loadPlugin(plugin);
  const mapped = readFileSync("/proc/self/maps", "utf8").match(/\S*\/libvh_python_wrapper\.so$/gm);
  expect(new Set(mapped).size).toBe(1);
  expect(mapped?.[0]).toContain("/build/Release/");
  host.close();
});

test("reverse goes by characters, and by bytes where they are not UTF-8", () => {
  const host = new ScriptHost({ baseDir: folder });
  host.loadPlugin(plugin);
  const caller = path.join(import.meta.dirname, "../fixtures/plugin/caller.py");
  const reverse = (text: string) => host.load(caller).call("call", "reverse", text);
  expect(reverse("aé€😀")).toBe("😀€éa");
  expect(reverse("a\udce9\udc80b")).toBe("b\udc80\udce9a");
  expect(reverse("")).toBe("");
  host.close();
});
