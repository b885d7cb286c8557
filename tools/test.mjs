// Builds everything, then runs every test: those that need Python once for each suitable one. With instructions, clients,
// asan, tsan, soak or fuzz [seconds] that alone, with --all these too.
// The last line is `N passed, N failed`, of all runs together; the exit code is 0 when none failed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { check, summarize } from "../bench/instructions/check.mjs";
import { buildFacade, buildNative, findPythons, require, root } from "./common.mjs";
import { fuzz } from "./fuzz.mjs";
import { asan, tsan } from "./sanitizers.mjs";
import { conclude, count, deadline, runNative, tail } from "./tally.mjs";

function runVitest(projects, env = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "vh-python-test-"));
  const report = path.join(folder, "report.json");
  const vitest = path.join(path.dirname(require.resolve("vitest/package.json")), "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const selected = projects.flatMap((project) => ["--project", project]);
  const { status } = spawnSync(process.execPath, [vitest, "run", ...reporters, ...selected], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
    ...deadline,
  });
  let result = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  try {
    result = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    // It died before it could write; its status tells.
  }
  rmSync(folder, { recursive: true });
  const said = [`vitest ${projects.join(", ")} ${JSON.stringify(env)}, status ${status}:`];
  for (const { name, status, message, assertionResults } of result.testResults) {
    if (status === "failed") said.push(path.relative(root, name), message);
    for (const { fullName, failureMessages } of assertionResults) {
      for (const message of failureMessages) said.push(`${fullName}\n${tail(message)}`);
    }
  }
  count(status === 0, result.numPassedTests, result.numFailedTests, said.join("\n"));
}

function standard() {
  const pythons = findPythons("--all");
  buildNative({ options: { VH_ALL_PYTHONS: "ON", VH_BUILD_TESTS: "ON" } });
  buildFacade();

  runVitest(["unit", "types"]);
  for (const python of pythons) {
    console.log(`\nPython ${python.version}: ${python.executable}`);
    runNative(path.join(root, "build", "Release", python.tag, "vh_python_tests"));
    runVitest(["integration", "lifecycle", "stress"], { VH_PYTHON: python.executable });
  }
}

/** The instructions of the hot paths, each a test. */
function instructions() {
  try {
    const rows = check();
    const dearer = rows.filter(({ passed }) => !passed).map(summarize);
    const said = ["instructions:", ...dearer].join("\n");
    count(true, rows.length - dearer.length, dearer.length, said);
  } catch (error) {
    count(false, 0, 1, `instructions: ${error.stack}`);
  }
}

/** The hub with the clients that people use, which have to be installed; with the default Python. */
function clients() {
  buildNative();
  buildFacade();
  runVitest(["clients"]);
}

/** The soak, with the default Python: a minute of it unless its own command asks for more. */
function soak() {
  buildNative();
  buildFacade();
  const { status } = spawnSync(process.execPath, [path.join(root, "test/soak/main.mjs")], {
    stdio: "inherit",
    ...deadline,
  });
  count(status === 0, Number(status === 0), 0, `soak, status ${status}`);
}

const stages = {
  standard: [standard],
  instructions: [instructions],
  clients: [clients],
  asan: [asan],
  tsan: [tsan],
  fuzz: [fuzz],
  soak: [soak],
  "--all": [standard, instructions, clients, soak, asan, tsan, fuzz],
};
const [stage = "standard", seconds = "20"] = process.argv.slice(2);
for (const run of stages[stage]) run(Number(seconds));
conclude();
