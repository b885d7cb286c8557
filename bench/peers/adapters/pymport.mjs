// In process, by N-API. Its fastest call is that of the native function which `toJS` makes of a Python function: `call`
// of a PyObject costs 6% more, `proxify` half as much again. A call returns a PyObject, also where Python returns an int,
// and a JavaScript function is handed PyObjects: `toJS` makes the values that the trials are about.
import path from "node:path";
import { getUserClass, load, script } from "../peers.mjs";

export const clock = "processor";

export async function open(python) {
  process.env.PYTHONPATH = path.dirname(script);
  const { PyObject, pymport } = load(python, "pymport");
  const { hook, ask, echo } = pymport(path.parse(script).name).toJS();
  const callback = PyObject.func((nick) => getUserClass(nick.toJS()));
  return {
    hook: (nick, msg) => hook(nick, msg).toJS(),
    ask: (n) => ask(callback, n),
    echo: (value) => echo(PyObject.dict(value)).toJS(), // a plain object would be keyword arguments
    close() {},
  };
}
