// What the tools share: where things are, running a command, and the native build.
import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

export const root = path.dirname(import.meta.dirname);
export const require = createRequire(import.meta.url);

/** Ends the tool with a message. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Runs a command in the package's folder, its output shown; returns whether it succeeded. */
export function succeeds(command, args, env = {}) {
  const options = { cwd: root, stdio: "inherit", env: { ...process.env, ...env } };
  return spawnSync(command, args, options).status === 0;
}

/** Runs a command in the package's folder, its output shown; ends the tool when it fails. */
export function run(command, args) {
  if (!succeeds(command, args)) fail(`failed: ${command} ${args.join(" ")}`);
}

/** Compiles lib/ to dist/. */
export function buildFacade() {
  run(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"]);
}

/** The suitable Pythons, as binding/find-python.sh describes them; ends the tool when there is none. */
export function findPythons(...options) {
  try {
    const search = path.join(root, "binding", "find-python.sh");
    const lines = execFileSync("sh", [search, ...options], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    return lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } catch {
    process.exit(1); // the search has said on stderr what it tried
  }
}

/**
 * Builds the addon and its wrappers into `<out>/Release`; a repeated build does only what has changed.
 * `options` are the CMake options of binding/CMakeLists.txt.
 */
export function buildNative({ out = path.join(root, "build"), options = {} } = {}) {
  requireBuildTools();
  findPythons(); // to fail with the search's own words, not CMake's
  const definitions = {
    // What is empty cmake-js leaves out, and the one of an earlier build would stay.
    VH_PYTHON: process.env.VH_PYTHON || "NOTFOUND",
    VH_ALL_PYTHONS: "OFF",
    VH_BUILD_TESTS: "OFF",
    CMAKE_MESSAGE_LOG_LEVEL: "NOTICE",
    ...options,
  };
  const cmakeJs = [require.resolve("cmake-js/bin/cmake-js"), "-l", "warn", "-d", root, "-O", out];
  const defined = Object.entries(definitions).map(([name, value]) => `--CD${name}=${value}`);
  run(process.execPath, [...cmakeJs, "configure", ...defined]);
  run(process.execPath, [...cmakeJs, "build"]);
}

/** Builds the native part without the addon, by CMake alone, into `out`. */
export function buildPlain(out, options) {
  const definitions = {
    VH_PYTHON: process.env.VH_PYTHON ?? "",
    CMAKE_BUILD_TYPE: "Debug",
    ...options,
  };
  const defined = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  run("cmake", ["--log-level=NOTICE", "-S", "binding", "-B", out, "-G", "Ninja", ...defined]);
  run("cmake", ["--build", out]);
}

function requireBuildTools() {
  const exists = (command) => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
  const missing = [
    ["CMake", ["cmake"]],
    ["Ninja (or make)", ["ninja", "make"]],
    ["a C++20 compiler", [process.env.CXX, "c++", "g++", "clang++"].filter(Boolean)],
  ]
    .filter(([, commands]) => !commands.some(exists))
    .map(([tool]) => tool);
  if (missing.length > 0) {
    fail(
      `vh-python has no prebuilt library for this machine, and to build one needs: ${missing.join(", ")}.\n` +
        "Install it, for example\n" +
        "  Debian, Ubuntu  apt install cmake ninja-build g++\n" +
        "  Fedora          dnf install cmake ninja-build gcc-c++\n" +
        "  macOS           xcode-select --install && brew install cmake ninja",
    );
  }
}
