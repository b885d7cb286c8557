/** C++ beside the package: the installed library, and plugins that tests write. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const { tag } = JSON.parse(
  execFileSync("sh", ["binding/find-python.sh"], { cwd: root }).toString(),
) as {
  tag: string;
};

/** A folder under build/test that goes with the test file. */
export function temporaryFolder(): string {
  mkdirSync(path.join(root, "build/test"), { recursive: true });
  const folder = mkdtempSync(path.join(root, "build/test/cpp-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Runs a command, and returns what it printed. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, LD_LIBRARY_PATH: undefined, ...env },
  });
}

/** Where the library is built by CMake alone, once for all test files: another file's process waits meanwhile. */
export const packageBuild = path.join(root, "build/test", tag);

export function buildPackage(): void {
  mkdirSync(packageBuild, { recursive: true });
  // On one core: other tests are running.
  const commands =
    'cmake -S binding -B "$0" -DVH_PYTHON="$VH_PYTHON" -DCMAKE_INSTALL_LIBDIR=lib && cmake --build "$0"';
  run("flock", [`${packageBuild}.lock`, "sh", "-c", commands, packageBuild]);
}

/** Builds the library if it is not yet, and installs it into a folder. */
export function installPackage(prefix: string): void {
  buildPackage();
  run("cmake", ["--install", packageBuild, "--prefix", prefix]);
}

export function cmakeBuild(source: string, build: string, ...options: string[]): void {
  run("cmake", ["-S", source, "-B", build, ...options]);
  run("cmake", ["--build", build]);
}

/**
 * Compiles a plugin into a shared object, and returns its path; a `file` with .c is C11, another C++17. It links the
 * wrapper library if it says so: else the names that it needs are the process's to have.
 */
export function compilePlugin(file: string, source: string, links = false): string {
  writeFileSync(file, source);
  const [compiler, standard] = file.endsWith(".c")
    ? [process.env["CC"] ?? "cc", "-std=c11"]
    : [process.env["CXX"] ?? "c++", "-std=c++17"];
  const options = [standard, "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread"];
  const plugin = `${file}.so`;
  run(compiler, [
    ...options,
    "-Ibinding/include",
    file,
    ...(links ? [path.join("build/Release", tag, "libvh_python_wrapper.so")] : []),
    "-o",
    plugin,
  ]);
  return plugin;
}

/** Compiles the plugin that offers what tests do from C++ as functions; it links the library. */
export function compileToolbox(folder: string): string {
  const source = readFileSync(path.join(root, "test/fixtures/plugin/toolbox.cpp"), "utf8");
  return compilePlugin(path.join(folder, "toolbox.cpp"), source, true);
}
