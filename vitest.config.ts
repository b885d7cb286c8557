import { defineConfig } from "vitest/config";

/** A folder of test/ as a project, with how long one of its tests may take, in milliseconds. */
const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
  },
});

export default defineConfig({
  test: {
    pool: "forks", // Python embeds once in a process and never leaves it: each test file gets its own
    maxWorkers: 4, // the tests of lifecycles wait more than they compute
    projects: [
      project("unit", 10_000),
      project("integration", 30_000),
      project("lifecycle", 60_000),
      project("stress", 300_000),
      project("clients", 120_000),
      {
        test: {
          name: "types",
          include: [],
          typecheck: { enabled: true, only: true, include: ["test/types/**/*.test-d.ts"] },
        },
      },
    ],
  },
});
