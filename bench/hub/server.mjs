// The process of the hub: as people run it, but for the limits of one address, which here is that of all clients.
import path from "node:path";
import { Hub } from "../../dist/hub/index.js";
import { cpuUs, serve } from "./processes.mjs";

const SCRIPTS = [
  "../../scripts-py/word_filter.py",
  "scripts/invitations.py",
  "scripts/repetitions.py",
].map((file) => path.join(import.meta.dirname, file));

const hub = new Hub({
  port: 0,
  storage: "memory",
  limits: {
    connectionsPerIp: Infinity,
    connectionRate: { burst: Infinity },
    broadcastPerIp: { burst: Infinity },
  },
});
let hooksUs = 0;
let failure;
hub.scripts.on("error", (error) => {
  failure = error;
});
timeHooks(hub.scripts);

serve({
  async listen() {
    await hub.listen();
    return hub.port;
  },
  load() {
    for (const file of SCRIPTS) hub.load(file);
  },
  unload() {
    for (const script of hub.scripts.scripts) script.unload();
  },
  /** In microseconds so far: processor time of all threads, and how long the hub waited for hooks. */
  usage() {
    if (failure) throw failure;
    return { cpuUs: cpuUs(), hooksUs };
  },
});

function timeHooks(host) {
  const dispatch = host.dispatch.bind(host);
  host.dispatch = (...args) => {
    const start = performance.now();
    const verdict = dispatch(...args);
    hooksUs += (performance.now() - start) * 1000;
    return verdict;
  };
}
