/**
 * A hub of one's own with Python scripts: as much NMDC as it takes to chat. Usage: node own-hub.js PORT SCRIPT.py …
 */
import { createServer, type Socket } from "node:net";
import { ScriptHost, type Script } from "vh-python";

const [port, ...scripts] = process.argv.slice(2);
const BOT = "Security";
const MOST = 100_000; // characters of a line, and bytes that wait for a client which does not read
const users = new Map<string, Socket>();

function send(line: string, ...nicks: string[]): boolean {
  for (const socket of nicks.map((nick) => users.get(nick))) {
    socket?.write(`${line.replaceAll("|", "&#124;")}|`); // a "|" in a text would end the line
    if (socket && socket.writableLength > MOST) socket.destroy();
  }
  return nicks.some((nick) => users.has(nick));
}

const host = new ScriptHost({
  botName: BOT,
  hub: {
    // What scripts find in vh. What is not here raises NotImplementedError there.
    GetUserClass: (nick) => (users.has(nick) ? 0 : -2),
    GetNickList: () => [...users.keys()],
    mc: (text, from) => send(`<${from ?? BOT}> ${text}`, ...users.keys()),
    usermc: (text, nick, from) => send(`<${from ?? BOT}> ${text}`, nick),
    CloseConnection: (nick) => users.get(nick)?.destroy() !== undefined,
  },
});
const tell = (text: string, script?: Script) =>
  process.stderr.write(`${script?.name ?? "hub"}: ${text}\n`);
host.on("error", (error, { script }) => tell(error.message, script));
host.on("warning", ({ message, script }) => tell(message, script));
for (const file of scripts) host.load(file);
setInterval(() => host.dispatch("OnTimer", Date.now()), 1000);

function logIn(socket: Socket, nick: string): void {
  users.set(nick, socket);
  send(`$Hello ${nick}`, ...users.keys());
  if (!host.dispatch("OnUserLogin", nick).allowed) socket.destroy();
}

function chat(nick: string, text: string): void {
  const { allowed, args } = host.dispatch("OnParsedMsgChat", nick, text);
  if (allowed) send(`<${args[0]}> ${args[1]}`, ...users.keys());
}

const server = createServer((socket) => {
  let [nick, pending] = ["", ""];
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (pending + chunk).split("|");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      const [, wanted, text] = /^\$ValidateNick ([^\s$<>]+)$|^<[^>]*> (.*)$/s.exec(line) ?? [];
      if (!socket.writable) return; // a script has closed it
      if (nick !== "" && text) {
        chat(nick, text);
      } else if (nick === "" && wanted) {
        if (wanted !== BOT && !users.has(wanted)) logIn(socket, (nick = wanted));
        else socket.write(`$ValidateDenide ${wanted}|`);
      }
    }
    if (pending.length > MOST) socket.destroy();
  });
  socket.on("error", () => undefined); // "close" follows
  socket.on("close", () => {
    if (!users.delete(nick)) return;
    send(`$Quit ${nick}`, ...users.keys());
    host.dispatch("OnUserLogout", nick);
  });
  const { allowed } = host.dispatch("OnNewConn", socket.remoteAddress ?? "");
  if (allowed) socket.write("$Lock EXTENDEDPROTOCOL_own Pk=own|");
  else socket.destroy();
});
server.listen(Number(port), "127.0.0.1");

// Its end unloads the scripts first.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit());
