// A Python process at the other end of Node's own IPC channel. What its documentation offers for speed is on: no timer
// for each call (REQ_TIMEOUT=0) and no repr() of each result (setFastMode). A dict stays in Python until `valueOf`.
import { getUserClass, load, script } from "../peers.mjs";

export const clock = "wall";

export async function open(python) {
  process.env.REQ_TIMEOUT = "0";
  const pythonia = load(python, "pythonia");
  await pythonia.python.setFastMode(true);
  const module = await pythonia.python(script);
  const [hook, ask, echo] = [await module.hook, await module.ask, await module.echo];
  return {
    hook: (nick, msg) => hook(nick, msg),
    ask: (n) => ask(getUserClass, n),
    echo: async (value) => (await echo(value)).valueOf(),
    close: () => pythonia.python.exit(),
  };
}
