/** The options and the error of a script that takes too long; here it says so itself, by raising what the core would. */
import { expect, test } from "vitest";
import { HookTimeoutError, PythonError, ScriptHost } from "../../lib/index.js";
import { Lab } from "../helpers/lab.js";

const SOURCE = `
import vh
def OnTimer(): raise vh.HookTimeout("too long")
def f(): OnTimer()
`;

/** What is thrown. */
function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** As each of its ways out has it. */
function expectTimeout(error: unknown, path: string): void {
  expect(error).toBeInstanceOf(HookTimeoutError);
  expect(error).toBeInstanceOf(PythonError);
  expect(error).toMatchObject({
    name: "HookTimeoutError",
    code: "ERR_VH_HOOK_TIMEOUT",
    pythonType: "vh.HookTimeout",
    message: "vh.HookTimeout: too long",
    scriptPath: path,
  });
  expect((error as PythonError).traceback).toContain("in OnTimer");
}

test("vh.HookTimeout is a HookTimeoutError: of a hook, of a call, of load and of reload", () => {
  const lab = new Lab();
  const script = lab.load(SOURCE, { name: "own.py" });
  lab.host.dispatch("OnTimer", 1);
  const [event] = lab.errors.splice(0);
  expect(event).toMatchObject({ script, hook: "OnTimer" });
  expectTimeout(event?.error, script.path);
  expectTimeout(
    thrown(() => script.call("f")),
    script.path,
  );
  const path = lab.file("own.py", `${SOURCE}\nf()`);
  expectTimeout(
    thrown(() => lab.host.load(path)),
    path,
  );
  expectTimeout(
    thrown(() => script.reload()),
    path,
  );
  expect(lab.host.scripts).toEqual([]);
});

test("wrong limits are refused by the host and by load, and nothing is loaded", () => {
  expect(() => new ScriptHost({ hookTimeoutMs: -1 })).toThrow(RangeError);
  const lab = new Lab({ unloadTimeoutMs: 0 });
  expect(() => lab.load("", { slowHookMs: 0.5 })).toThrow("slowHookMs must be an integer");
  expect(lab.host.scripts).toEqual([]);
});
