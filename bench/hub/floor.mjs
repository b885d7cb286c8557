// The process of the floor: the least that Node can do for a chat. What arrives in one turn of the event loop goes out
// to all in one write each, unread; no login, no users, no limits.
import { once } from "node:events";
import { createServer } from "node:net";
import { setImmediate } from "node:timers";
import { cpuUs, serve } from "./processes.mjs";

const sockets = [];
let chunks = [];

const server = createServer((socket) => {
  socket.setNoDelay(true);
  sockets.push(socket);
  socket.on("data", (chunk) => {
    if (chunks.push(chunk) === 1) setImmediate(sendToAll);
  });
});

serve({
  async listen() {
    await once(server.listen(0, "127.0.0.1"), "listening");
    return server.address().port;
  },
  usage: () => ({ cpuUs: cpuUs(), hooksUs: 0 }),
});

function sendToAll() {
  const bytes = Buffer.concat(chunks);
  chunks = [];
  for (const socket of sockets) socket.write(bytes);
}
