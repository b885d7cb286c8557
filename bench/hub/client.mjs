// Clients that cost little: they log in, then hand on what comes, unread.
import { connect } from "node:net";
import { lockToKey } from "../../dist/hub/protocol.js";
import { nickOf } from "./lines.mjs";

/** How many log in at the same time. */
const AT_ONCE = 100;

/** One for all sockets: what is in it counts until the callback returns. */
const buffer = Buffer.alloc(256 * 1024);

/**
 * Connects clients, and logs them in unless the server has no login.
 * @param listenerOf makes what gets a client's bytes, for as long as the call lasts
 * @returns their sockets, once all are in
 */
export async function joinAll({ port, first, count, login }, listenerOf) {
  const sockets = [];
  while (sockets.length < count) {
    const nicks = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, (_, i) =>
      nickOf(first + sockets.length + i),
    );
    sockets.push(
      ...(await Promise.all(nicks.map((nick) => join(port, nick, login, listenerOf())))),
    );
  }
  return sockets;
}

function join(port, nick, login, listener) {
  return new Promise((resolve, reject) => {
    let receive = login ? logIn : listener;
    let text = "";
    const callback = (length, bytes) => {
      receive(bytes.subarray(0, length));
      return true;
    };
    const socket = connect({ port, host: "127.0.0.1", onread: { buffer, callback } });
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      reject(new Error(`${nick} could not log in: ${text}`));
    });
    if (!login) socket.once("connect", () => resolve(socket));

    function logIn(bytes) {
      text += bytes.latin1Slice();
      const lock = /\$Lock (\S+) Pk=/.exec(text)?.[1];
      if (lock !== undefined) {
        const key = lockToKey(lock).toString("latin1");
        text = "";
        socket.write(`$Supports NoGetINFO NoHello|$Key ${key}|$ValidateNick ${nick}|`, "latin1");
      } else if (text.includes(`$Hello ${nick}|`)) {
        text = "";
        socket.write(`$Version 1,0091|$MyINFO $ALL ${nick} <B V:1,M:A,H:1/0/0,S:3>$ $\x01$$0$|`);
      } else if (text.includes(`$MyINFO $ALL ${nick} `)) {
        receive = listener;
        resolve(socket);
      }
    }
  });
}
