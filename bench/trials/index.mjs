// The trials, as data. What one has:
// - `kind`: "time" of subject and floor, in turn in one process; "growth" of memory, each in a process of its own; "delay"
//   in microseconds by the clock, where threads wait for each other; "native": time in a program without Node;
//   "series": how a time grows, point by point.
// - `subject`, `floor`: get what bench/trial.mjs sets up, and return what does a thing n times; `per` things at once.
//   `warmUpMs`: until V8 has no more to optimize, where that takes longer than usual.
//   `lines` of a series get the point, too. `measure`: a measurement of its own instead.
// - `goal`: at most `ratio` times the floor, or at most `value` of the unit. None: the number is told for comparison.
// - `peers`: how many times as fast as each of them it shall be.
import * as calls from "./calls.mjs";
import * as floors from "./floors.mjs";
import * as growth from "./growth.mjs";
import * as hooks from "./hooks.mjs";
import * as loading from "./loading.mjs";
import * as native from "./native.mjs";
import * as protocol from "./protocol.mjs";
import * as threads from "./threads.mjs";
import * as values from "./values.mjs";

const themes = { floors, hooks, calls, values, threads, protocol, loading, native, growth };

export const trials = Object.entries(themes).flatMap(([theme, { trials }]) =>
  trials.map((trial) => ({ theme, ...trial })),
);
