// A hub in JavaScript, reduced to what concerns scripts: the same script with the same functions.
import { ScriptHost } from "vh-python";

const [plugin = "build/libcpp_plugin.so", script = "uses_plugin.py"] = process.argv.slice(2);

const hub = {
  GetUserClass: () => 3,
  usermc: (message, nick) => {
    console.log(`to ${nick}: ${message}`);
    return true;
  },
};
const host = new ScriptHost({ hub });
host.loadPlugin(plugin);
host.load(script);

for (const message of ["hello", "!plugin"])
  if (host.dispatch("OnParsedMsgChat", "alice", message).allowed) console.log(`<alice> ${message}`);
