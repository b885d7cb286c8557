// In process, by N-API. `callSync` is its fastest call: `call` goes through a thread of libuv and a promise. It takes
// module and function by their names each time; there is no reference to a function to be kept.
import { getUserClass, load, script } from "../peers.mjs";

export const clock = "processor";

export async function open(python) {
  const { interpreter } = load(python, "node-calls-python");
  const module = interpreter.importSync(script);
  return {
    hook: (nick, msg) => interpreter.callSync(module, "hook", nick, msg),
    ask: (n) => interpreter.callSync(module, "ask", getUserClass, n),
    echo: (value) => interpreter.callSync(module, "echo", value),
    close() {},
  };
}
