/**
 * Passwords, as scrypt keys: what is stored says how it was made, and never what the password was. What counts are a
 * password's bytes, UTF-8 or not: by its characters, all that are no UTF-8 would be alike.
 * @packageDocumentation
 */
import { randomBytes, scrypt, scryptSync, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { encodeUtf8 } from "../utf8.js";

/** About 40 ms and 16 MiB a password. Stored with each, so it may be raised: what is stored stays good. */
const COST = { N: 2 ** 14, r: 8, p: 1 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** More work than that is no password of ours: a row that somebody wrote by hand. */
const MOST_WORK = 2 ** 21;

/** How many are computed at once: the threads of the pool serve files and name lookups too. */
const AT_ONCE = 2;

const compute = promisify<Buffer, Buffer, number, typeof COST, Buffer>(scrypt);

let running = 0;
const waiting: (() => void)[] = [];

/** The string to store for a password: `$scrypt$16384$8$1$salt$key`; "" for none. */
export async function hashPassword(password: string): Promise<string> {
  if (password === "") return "";
  const salt = randomBytes(SALT_BYTES);
  return format(salt, await inTurn(() => compute(encodeUtf8(password), salt, KEY_BYTES, COST)));
}

/** The same at once, holding up the hub: for a caller that must be answered now. */
export function hashPasswordNow(password: string): string {
  if (password === "") return "";
  const salt = randomBytes(SALT_BYTES);
  return format(salt, scryptSync(encodeUtf8(password), salt, KEY_BYTES, COST));
}

/** Whether the password is right. It takes as long when there is none to be right (`stored` is undefined). */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const wanted = parse(stored ?? "");
  const { salt, key, cost } = wanted ?? NOBODY;
  const given = await inTurn(() => compute(encodeUtf8(password), salt, key.length, cost));
  return timingSafeEqual(given, key) && wanted !== undefined;
}

const NOBODY = { salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES), cost: COST };

function format(salt: Buffer, key: Buffer): string {
  const { N, r, p } = COST;
  return ["", "scrypt", N, r, p, salt.toString("base64"), key.toString("base64")].join("$");
}

function parse(stored: string): typeof NOBODY | undefined {
  const match = /^\$scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w+/]{16,}=*)\$([\w+/]{16,}=*)$/.exec(stored);
  if (!match) return undefined;
  const [N = 0, r = 0, p = 0] = match.slice(1, 4).map(Number);
  const isPowerOfTwo = N > 1 && (N & (N - 1)) === 0;
  if (!isPowerOfTwo || r < 1 || p < 1 || N * r * p > MOST_WORK) return undefined;
  const [salt, key] = match.slice(4).map((text) => Buffer.from(text, "base64"));
  const cost = { N, r, p, maxmem: 256 * N * r };
  return salt && key && { salt, key, cost };
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
