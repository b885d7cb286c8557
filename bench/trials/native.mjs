// The C API: C++ calls Python and Python calls C, in bench/native, whose trials have these names without "native-".
const trial = (name, what, against, goal) => ({
  name: `native-${name}`,
  what,
  against,
  kind: "native",
  goal,
});

export const trials = [
  trial("hook", "w_CallHook, two strings", "a bare vectorcall with the GIL", { ratio: 1.6 }),
  trial("vh-call", "vh.GetUserClass(nick) to a C callback", "a bare METH_FASTCALL", { ratio: 2 }),
  trial(
    "dynamic-function",
    'vh.CallDynamicFunction("add", 1, 2) to a C function',
    "a bare METH_FASTCALL",
    { ratio: 2 },
  ),
  trial("dict", "a dict of 1 KB, echoed through C++", "Python's own json", { value: 15_000 }),
  // No slower, within what the clock on the wall can tell.
  trial("two-threads", "w_CallHook by two threads on two scripts, both together", "one thread", {
    ratio: 1.1,
  }),
];
