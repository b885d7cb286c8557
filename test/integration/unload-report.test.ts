/** What unloading says of a script without threads, and how unloadAsync() fits with the rest. */
import { expect, test } from "vitest";
import type { UnloadReport } from "../../lib/index.js";
import { program } from "../helpers/child.js";
import { Lab } from "../helpers/lab.js";

const NOTHING: UnloadReport = { ended: true, stages: [], threads: [] };
const NOT_YET: UnloadReport = { ended: false, stages: [], threads: [] };
const NAMES = ["unload", "exit", "wait", "interrupt", "end"];

/** Of a script that had no threads. */
function expectClean(report: UnloadReport): void {
  expect(report).toMatchObject({ ended: true, threads: [] });
  const names = report.stages.map(({ name }) => name);
  expect(names).toEqual(NAMES.filter((name) => names.includes(name as (typeof names)[0])));
  for (const { timeMs } of report.stages) expect(timeMs).toBeGreaterThanOrEqual(0);
}

test("unload, reload and unloadAsync report an end", async () => {
  const script = new Lab().load("def UnLoad(): print('bye')");
  expectClean(script.reload());
  expectClean(script.unload());
  expectClean(script.reload());
  expectClean(await script.unloadAsync());
});

test("of a script that is not loaded there is nothing to report", async () => {
  const script = new Lab().load("");
  script.unload();
  expect(script.unload()).toEqual(NOTHING);
  expect(await script.unloadAsync()).toEqual(NOTHING);
  expect(script.reload()).toEqual(NOTHING);
  expect(script.loaded).toBe(true);
});

test("a script that is running has not ended yet, and has when its frames have returned", async () => {
  const lab = new Lab();
  const source = "import vh\ndef OnTimer(): vh.CallDynamicFunction('end')\ndef f(): return 1";
  const script = lab.load(source);
  const seen: unknown[] = [];
  lab.host.on("unload", () => seen.push("unload"));
  script.register("end", () => {
    seen.push(script.unload(), script.unload(), script.loaded);
  });
  lab.host.dispatch("OnTimer", 1);
  expect(seen).toEqual([NOT_YET, NOT_YET, true, "unload"]);

  script.reload();
  let promise: Promise<UnloadReport> | undefined;
  script.register("end", () => {
    promise = script.unloadAsync();
    expect(script.loaded).toBe(true);
  });
  lab.host.dispatch("OnTimer", 1);
  expect(script.loaded).toBe(false);
  expect(await promise).toEqual(NOTHING);
});

test("unloadAsync: UnLoad() runs at once, and the script is out of the hub", async () => {
  const lab = new Lab();
  const script = lab.load("def OnTimer(): print('tick')\ndef UnLoad(): print('bye')");
  const unloaded: unknown[] = [];
  lab.host.on("unload", (each) => unloaded.push(each));
  const promise = script.unloadAsync();
  expect(lab.takePrinted()).toEqual(["bye"]);
  expect([script.loaded, unloaded, lab.host.scripts]).toEqual([false, [script], []]);
  lab.host.dispatch("OnTimer", 1);
  expect(lab.takePrinted()).toEqual([]);
  expect(script.unload()).toEqual(NOT_YET);
  expect(await script.unloadAsync()).toEqual(await promise);
  expect(unloaded).toHaveLength(1);
});

test("unloadAsync: the script can be reloaded while it goes on", async () => {
  const lab = new Lab();
  const script = lab.load("def f(): return 1");
  const { id } = script;
  const promise = script.unloadAsync();
  expect(script.reload()).toEqual(NOT_YET);
  expect([script.loaded, script.call("f"), script.id > id]).toEqual([true, 1, true]);
  expectClean(await promise);
  expect(script.loaded).toBe(true);
});

test("unloadAsync: closing the host meanwhile leaves no promise open", async () => {
  const lab = new Lab();
  const script = lab.load("");
  const promise = script.unloadAsync();
  lab.close();
  expect((await promise).ended).toBe(true);
});

test("unloadAsync: UnLoad() itself may ask for it, and waits for the same end", async () => {
  const script = new Lab().load("import vh\ndef UnLoad(): vh.CallDynamicFunction('end')");
  const reports: Promise<UnloadReport>[] = [];
  script.register("end", () => {
    reports.push(script.unloadAsync());
    expect(script.reload()).toEqual(NOT_YET);
  });
  const report = await script.unloadAsync();
  expect(await Promise.all(reports)).toEqual([report]);
  expect([script.loaded, report.ended]).toEqual([false, true]);
});

test("a listener of unload may reload the script, also while it is reloaded", () => {
  const lab = new Lab();
  const script = lab.load("");
  lab.host.once("unload", () => script.reload());
  script.reload();
  expect(lab.host.scripts).toEqual([script]);
});

test("the host counts what there is", () => {
  const lab = new Lab();
  lab.load("");
  expect(lab.host.zombies).toEqual([]);
  const { stats } = lab.host;
  expect(stats).toMatchObject({ scripts: 1, zombies: 0 });
  expect(stats.interpreters).toBeGreaterThanOrEqual(0);
  expect(stats.threads).toBeGreaterThanOrEqual(0);
  expect(stats.memory).toBeGreaterThan(2 ** 20);
});

test.each([
  ["host.ref()", "host.unref()", "alive\n"],
  ["host.ref().ref()", "host.unref()", "alive\n"],
  ["host.ref()", "host.close()", "alive\n"],
  ["host", "host.unref()", ""],
  ["host.ref().unref()", "host.unref()", ""],
  ["host.close(); host.ref()", "process.exit(1)", ""],
])("a process with no more to do than %s, then %s", async (begin, end, stdout) => {
  const text = `
const { ScriptHost } = await import("file://" + process.env.VH_TEST_ROOT + "/dist/index.js");
const host = new ScriptHost();
${begin};
setTimeout(() => {
  console.log("alive");
  ${end};
}, 200).unref();
`;
  expect(await program(text)).toMatchObject({ code: 0, stdout, stderr: "" });
});

test("unloadAsync keeps the process alive until it has ended", async () => {
  const text = `
import { writeFileSync } from "node:fs";
const { ScriptHost } = await import("file://" + process.env.VH_TEST_ROOT + "/dist/index.js");
writeFileSync("own.py", "");
const script = new ScriptHost().load("own.py");
const { ended } = await script.unloadAsync();
console.log(ended);
`;
  expect(await program(text)).toMatchObject({ code: 0, stdout: "true\n", stderr: "" });
});
