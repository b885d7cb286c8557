// The hub's protocol, from bytes to what goes out, with the network left out.
import { Duplex } from "node:stream";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { Hub } from "../../dist/hub/index.js";
import { UNLIMITED } from "../../dist/hub/limits.js";
import { lockToKey } from "../../dist/hub/protocol.js";
import { MESSAGE, NICK } from "../payloads.mjs";
import { repeat } from "./functions.mjs";

const SCRIPT = path.join(import.meta.dirname, "..", "scripts", "hooks.py");
const OTHER = "OtherUser";
const IP = "10.0.0.1";
const TTH = "LWPNACQDBZRYXW3VHJVCJ64QBZNGHOHHHZWCLNQ";

const CHAT = `<${NICK}> ${MESSAGE}|`;
const INFO = `$MyINFO $ALL ${NICK} a user<++ V:0.868,M:A,H:1/0/0,S:3>$ $100\u0001$me@example.org$123456789$|`;
const RESULT = `$SR ${NICK} some folder\\file.txt\u00051234 1/2\u0005TTH:${TTH} (${IP}:411)\u0005${OTHER}|`;
const CONNECT = `$ConnectToMe ${OTHER} ${IP}:412|`;

/** What clients say, as often as each other. Every fourth is chat, the only thing that the script sees. */
const LINES = [
  ...[CHAT, INFO, RESULT, CONNECT],
  ...[CHAT, `$Search ${IP}:412 F?T?0?9?TTH:${TTH}|`, "|", `$RevConnectToMe ${NICK} ${OTHER}|`],
  ...[
    CHAT,
    INFO,
    `$Search Hub:${NICK} F?T?0?1?some$words|`,
    `$To: ${OTHER} From: ${NICK} $${CHAT}`,
  ],
  ...[CHAT, RESULT, CONNECT, `$GetINFO ${OTHER} ${NICK}|`],
];
/** As much as one read gives. */
const TIMES = Math.floor(65_536 / LINES.join("").length);
const CHUNK = Buffer.from(LINES.join("").repeat(TIMES), "latin1");
const PER_CHUNK = LINES.length * TIMES;

/** Logs a client in that reads nothing any more, and writes by `emit("data")`. */
async function join(hub, nick, ip) {
  let heard = "";
  const stream = new Duplex({
    read: () => undefined,
    write(bytes, encoding, done) {
      if (heard !== undefined) heard += bytes.latin1Slice();
      done();
    },
  });
  hub.accept(stream, { ip, port: 412 });
  await turn();
  const key = lockToKey(/\$Lock (\S+)/.exec(heard)[1]).latin1Slice();
  const lines = `$Supports NoGetINFO NoHello TTHS|$Key ${key}|$ValidateNick ${nick}|$Version 1,0091|`;
  stream.emit("data", Buffer.from(lines + INFO.replace(NICK, nick), "latin1"));
  await turn();
  if (!hub.users.get(nick)?.listed) throw new Error(`${nick} could not log in: ${heard}`);
  heard = undefined;
  return stream;
}

async function openHub({ atEnd }) {
  const hub = new Hub({ storage: "memory", limits: UNLIMITED });
  atEnd(() => hub.close());
  hub.config.set("config", "int_search", "0");
  hub.load(SCRIPT);
  await join(hub, OTHER, "10.0.0.2");
  return join(hub, NICK, IP);
}

export const trials = [
  {
    name: "protocol",
    what: "a line of the hub's protocol, a quarter of which reach Python",
    against: "cutting the bytes into strings, a minimal embedded call for a quarter",
    kind: "time",
    per: PER_CHUNK,
    // V8 is done with a whole hub after a million lines.
    warmUpMs: 2000,
    // Two million a second.
    goal: { value: 500 },
    subject: async (bench) => {
      const stream = await openHub(bench);
      return async (n) => {
        for (let i = 0; i < n; i++) {
          stream.emit("data", CHUNK);
          await turn(); // what goes out does so at its end
        }
      };
    },
    floor: ({ floor }) =>
      repeat(() => {
        const lines = CHUNK.latin1Slice().split("|");
        for (let i = 0; i < PER_CHUNK; i += 4) floor.hook(NICK, lines[i]);
      }),
  },
];
