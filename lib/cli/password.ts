/**
 * A password that is asked for: never an argument, which every user of the machine could read.
 * @packageDocumentation
 */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { SetupError } from "../hub/index.js";

/** More is no password, but the wrong file. */
const MOST_BYTES = 1024;

/**
 * The password that somebody types, unseen and twice, or the one line of standard input when that is no terminal.
 * @throws SetupError when none comes, or one that cannot be
 */
export async function askPassword(nick: string): Promise<string> {
  return process.stdin.isTTY ? checked(await typed(nick)) : parsePassword(await readInput());
}

/** The password that a file's content is. @throws SetupError when it cannot be one */
export function parsePassword(bytes: Buffer): string {
  const [line = "", rest = ""] = decode(bytes).split(/\r?\n(.*)/s);
  if (rest !== "") {
    throw new SetupError("Standard input has more than one line: give the password alone");
  }
  return checked(line);
}

async function typed(nick: string): Promise<string> {
  const output = new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const lines = terminal[Symbol.asyncIterator]();
    const ask = async (prompt: string) => {
      process.stderr.write(prompt);
      const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
      process.stderr.write("\n");
      if (done) throw new SetupError("No password was given");
      return value;
    };
    const password = await ask(`Password of ${nick}: `);
    if ((await ask("Once more: ")) !== password) {
      throw new SetupError("The two passwords are not the same");
    }
    return password;
  } finally {
    terminal.close();
  }
}

async function readInput(): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    if (bytes.length > MOST_BYTES)
      throw new SetupError("Standard input is too long for a password");
  }
  return bytes;
}

function checked(password: string): string {
  if (/[|\p{Cc}]/u.test(password)) {
    throw new SetupError("A password cannot have a | or control characters: no client can send it");
  }
  return password;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SetupError("The password on standard input is not UTF-8");
  }
}
