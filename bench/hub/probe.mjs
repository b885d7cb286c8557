// The process of the clients that look at each line they get: when it was due, and when it came.
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../statistics.mjs";
import { joinAll } from "./client.mjs";
import { LINE_BYTES, PATIENCE_MS, dueOf, nowUs } from "./lines.mjs";
import { serve } from "./processes.mjs";

let clients = 0;
let listening = false; // what comes before is no chat
let delaysUs = [];

serve({
  async join(options) {
    clients = (await joinAll(options, sampler)).length;
  },
  listen() {
    listening = true;
    delaysUs = [];
  },
  /** How long the lines since then were under way, in milliseconds. */
  async delays({ lines }) {
    const end = performance.now() + PATIENCE_MS;
    while (delaysUs.length < lines * clients && performance.now() < end) await sleep(10);
    if (delaysUs.length !== lines * clients)
      throw new Error(`${delaysUs.length} lines came instead of ${lines * clients}`);
    const [p50, p99, most] = [0.5, 0.99, 1].map((part) => quantile(delaysUs, part) / 1000);
    return { p50, p99, most };
  },
});

/** Takes apart what one client gets. */
function sampler() {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    if (!listening) return;
    const now = nowUs();
    const all = Buffer.concat([rest, bytes]);
    let at = 0;
    for (; at + LINE_BYTES <= all.length; at += LINE_BYTES) delaysUs.push(now - dueOf(all, at));
    rest = all.subarray(at);
  };
}
