// What bench/instructions takes for a call that has become dearer.
import { expect, test } from "vitest";
import { judge } from "../../bench/instructions/judge.mjs";

const kept = { subject: 4000, floor: 2500 };

test.each([
  [4160, true],
  [4240, false],
  [2000, true],
])("%i instructions where 4000 are kept: %s", (subject, passed) => {
  expect(judge({ subject, floor: 2500 }, kept, true).passed).toBe(passed);
});

test("what the floor costs more, the call may too", () => {
  expect(judge({ subject: 4500, floor: 3000 }, kept, true)).toEqual({ change: 0, passed: true });
  expect(judge({ subject: 4000, floor: 2000 }, kept, true).passed).toBe(false);
});

test("other tools get more room, not all", () => {
  expect(judge({ subject: 4400, floor: 2500 }, kept, false).passed).toBe(true);
  expect(judge({ subject: 4800, floor: 2500 }, kept, false).passed).toBe(false);
});
