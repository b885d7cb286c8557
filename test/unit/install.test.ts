/** What someone reads who installs the package on a machine that lacks something. */
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

/** Runs a tool that is to stop before it builds anything. */
function runTool(tool: string, env: Record<string, string>) {
  const { status, stderr } = spawnSync(process.execPath, [`tools/${tool}`], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...env },
  });
  return { status, stderr };
}

it("says which build tools are missing, and how to get them", () => {
  const { status, stderr } = runTool("install.mjs", { PATH: "/nonexistent" });
  expect(status).toBe(1);
  expect(stderr).toContain("needs: CMake, Ninja (or make), a C++20 compiler.");
  expect(stderr).toContain("apt install cmake ninja-build g++");
});

it("says why the Python that was asked for will not do", () => {
  const { status, stderr } = runTool("build-native.mjs", { VH_PYTHON: "/nonexistent/python3" });
  expect(status).toBe(1);
  expect(stderr).toBe(
    "VH_PYTHON names no Python that vh-python can use:\n" +
      "  /nonexistent/python3 does not exist or cannot be run\n",
  );
});
