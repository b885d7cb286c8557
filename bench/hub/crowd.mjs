// The process of most clients. All of them speak in turn; what they receive is counted, not read.
import { setTimeout as sleep } from "node:timers/promises";
import { joinAll } from "./client.mjs";
import { LINE_BYTES, PATIENCE_MS, line, nickOf, nowUs } from "./lines.mjs";
import { cpuUs, serve } from "./processes.mjs";

const PACE_MS = 2;

let sockets = [];
let received = 0;
let said = 0;

serve({
  async join(options) {
    sockets = await joinAll(options, () => (bytes) => {
      received += bytes.length;
    });
  },
  /** Waits until nothing comes any more. */
  async settle() {
    for (let before = -1; before !== received; await sleep(500)) before = received;
  },
  chat,
});

/**
 * Says so many lines a second, and waits until every client has got all of them.
 * @returns how many lines, in what time until the last came, and the processor time of the clients
 */
async function chat({ rate, seconds }) {
  const lines = rate * seconds;
  const before = cpuUs();
  const start = nowUs();
  received = 0;
  for (let sent = 0; sent < lines; await sleep(PACE_MS)) {
    const due = Math.min(lines, Math.floor(((nowUs() - start) / 1e6) * rate) + 1);
    for (; sent < due; sent++) {
      const speaker = said++ % sockets.length;
      const dueUs = Math.round(start + (sent / rate) * 1e6);
      sockets[speaker].write(line(sent, nickOf(speaker), dueUs));
    }
  }
  const wanted = lines * sockets.length * LINE_BYTES;
  for (const end = nowUs() + PATIENCE_MS * 1000; received < wanted; await sleep(1)) {
    const gone = sockets.filter((socket) => socket.destroyed).length;
    if (gone > 0) throw new Error(`${gone} of ${sockets.length} clients were disconnected`);
    if (nowUs() > end) throw new Error(`${received} of ${wanted} bytes came`);
  }
  if (received > wanted) throw new Error(`${received} bytes came instead of ${wanted}`);
  const elapsedUs = nowUs() - start;
  return { lines, elapsedUs, cpuUs: cpuUs() - before };
}
