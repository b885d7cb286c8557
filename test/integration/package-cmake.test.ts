/** The library as plugin authors get it: built and installed by plain CMake, found by CMake or pkg-config, without Node. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import {
  cmakeBuild,
  installPackage,
  packageBuild,
  run as runIn,
  temporaryFolder,
} from "../helpers/cpp.js";

const consumer = path.join(import.meta.dirname, "../fixtures/consumer");
const folder = temporaryFolder();
const prefix = path.join(folder, "moved");
const hasPkgConfig = spawnSync("pkg-config", ["--version"]).status === 0;
const run = (command: string, ...args: string[]) =>
  runIn(command, args, { PKG_CONFIG_PATH: path.join(prefix, "lib/pkgconfig") });

beforeAll(() => {
  const installed = path.join(folder, "installed");
  installPackage(installed);
  renameSync(installed, prefix); // what is installed may lie anywhere
}, 300_000);

it("is built without a header of Node's", () => {
  const commands = readFileSync(path.join(packageBuild, "compile_commands.json"), "utf8");
  expect(commands).not.toMatch(/node_modules|node-addon-api|node-api-headers|include\/node/);
});

it("installs the headers, the licences, and the library under its only name", () => {
  for (const file of [
    "include/vh_python/wrapper.h",
    "include/vh_python/json_marshal.h",
    "include/vh_python/vh_plugin.h",
    "share/licenses/vh_python/LICENSE",
    "share/licenses/vh_python/LICENSE.rapidjson",
  ])
    expect(existsSync(path.join(prefix, file)), file).toBe(true);
  const library = path.join(prefix, "lib/libvh_python_wrapper.so");
  expect(run("readelf", "-d", library)).toContain("soname: [libvh_python_wrapper.so]");
});

it("is found by CMake, for C11 and C++17", () => {
  const out = path.join(folder, "by-cmake");
  cmakeBuild(consumer, out, `-DCMAKE_PREFIX_PATH=${prefix}`);
  expect(run(path.join(out, "in_c"))).toBe("begun 1, id 0, ended 1\n");
  expect(run(path.join(out, "in_cpp"))).toBe("begun 1, id 0, parsed 1, ended 1\n");
});

it.runIf(hasPkgConfig)("is found by pkg-config, for C11 and C++17", () => {
  const pkgConfig = (...args: string[]) =>
    run("pkg-config", ...args, "vh_python")
      .trim()
      .split(/\s+/);
  const flags = pkgConfig("--cflags", "--libs");
  const rpath = `-Wl,-rpath,${pkgConfig("--variable=libdir").join("")}`;
  const out = path.join(folder, "by-pkg-config");
  run("cc", "-std=c11", path.join(consumer, "consumer.c"), "-o", out, ...flags, rpath);
  expect(run(out)).toBe("begun 1, id 0, ended 1\n");
  run("c++", "-std=c++17", path.join(consumer, "consumer.cpp"), "-o", out, ...flags, rpath);
  expect(run(out)).toBe("begun 1, id 0, parsed 1, ended 1\n");
});
