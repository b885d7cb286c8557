// The hub's protocol, from bytes to what goes out, with the network left out: one that is logged in over a real socket
// sends by handing its bytes to the hub's end of it, where what the hub writes is dropped.
import { subscribe } from "node:diagnostics_channel";
import path from "node:path";
import { Hub } from "../../dist/hub/index.js";
import { UNLIMITED } from "../../dist/hub/limits.js";
import { joinAll } from "../hub/client.mjs";
import { nickOf } from "../hub/lines.mjs";
import { MESSAGE } from "../payloads.mjs";
import { repeat } from "./functions.mjs";

const SCRIPT = path.join(import.meta.dirname, "..", "scripts", "hooks.py");
const [ME, OTHER] = [nickOf(0), nickOf(1)];

/** A quarter are chat, which the script sees. */
const LINES = [
  `<${ME}> ${MESSAGE}|`,
  `$Search 127.0.0.1:412 F?T?0?9?TTH:LWPNACQDBZRYXW3VHJVCJ64QBZNGHOHHHZWCLNQ|`,
  `$SR ${ME} shared\\music\\song.mp3\u0005734003 5/10\u0005Home (127.0.0.1:411)\u0005${OTHER}|`,
  `$ConnectToMe ${OTHER} 127.0.0.1:412|`,
  `<${ME}> ${MESSAGE}|`,
  `$RevConnectToMe ${ME} ${OTHER}|`,
  `$To: ${OTHER} From: ${ME} $<${ME}> ${MESSAGE}|`,
  `$MyINFO $ALL ${ME} a user<++ V:0.868,M:A,H:1/0/0,S:10>$ $100\u0001$$10000000000$|`,
];
/** As much as one read gives. */
const TIMES = Math.floor(65_536 / LINES.join("").length);
const CHUNK = Buffer.from(LINES.join("").repeat(TIMES), "latin1");
const PER_CHUNK = LINES.length * TIMES;

/** @returns the hub's end of the sender's connection */
async function logIn({ atEnd }) {
  const hub = new Hub({ port: 0, storage: "memory", limits: UNLIMITED });
  atEnd(() => hub.close());
  hub.config.set("config", "int_search", "0");
  hub.load(SCRIPT);
  await hub.listen();
  const ends = [];
  subscribe("net.server.socket", ({ socket }) => {
    ends.push(socket);
  });
  await joinAll({ port: hub.port, first: 0, count: 2, login: true }, () => () => undefined);
  for (const end of ends) end.write = () => true;
  return ends[0];
}

export const trials = [
  {
    name: "protocol",
    what: "a line of the hub's protocol, a quarter of which reach Python",
    against: "cutting the bytes into strings, a minimal embedded call for a quarter",
    kind: "time",
    per: PER_CHUNK,
    goal: { value: 500 },
    subject: async (bench) => {
      const end = await logIn(bench);
      return repeat(() => end.emit("data", CHUNK));
    },
    floor: ({ floor }) =>
      repeat(() => {
        const lines = CHUNK.latin1Slice().split("|");
        for (let i = 0; i < PER_CHUNK; i += 4) floor.hook(ME, lines[i]);
      }),
  },
];
