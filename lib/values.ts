/**
 * Containers to and from what the native core speaks: packed (packer.ts), or JSON text (binding/src/core/json.h). What
 * JSON cannot say are strings that begin with U+0000, in a text with a `!` in front. The letter after the U+0000 tells what
 * they stand for: `s` the string after it, `i` a hexadecimal integer beyond 2^53 - 1, `b` hexadecimal bytes.
 * @packageDocumentation
 */
import { MarshalError } from "./errors.js";
import { isLength, isPlainNumber, type Packer } from "./packer.js";

const MAX_DEPTH = 10_000;

/** How many parts of a text are joined at a time. */
const MAX_PARTS = 1 << 16;

/** What V8 says of more than it has room for. */
const TOO_MUCH = new Set([
  "Invalid string length",
  "Invalid array length",
  "Array buffer allocation failed",
]);

/**
 * Writes an array or object: packed where it can be, otherwise as JSON text.
 * @param where - what the value is, the beginning of the path in an error
 * @throws MarshalError for a value without a counterpart in Python, naming its path
 */
export function encode(value: unknown, where: string, packer: Packer): string {
  try {
    const packed = packer.pack(value);
    if (packed !== undefined) return packed;
    const json = `!${new Writer(where).write(value)}`;
    packer.clear(); // a getter may have had something packed
    return json;
  } catch (error) {
    if (!(error instanceof RangeError && TOO_MUCH.has(error.message))) throw error;
    throw new MarshalError(`${where}: more than 512 MB of text`, { cause: error });
  }
}

/** Reads JSON text. */
export function decode(text: string): unknown {
  return text.startsWith("!") ? unescapeAll(JSON.parse(text.slice(1))) : JSON.parse(text);
}

/** An object literal, of whichever realm. */
function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype ||
      prototype === null ||
      Object.getPrototypeOf(prototype) === null) &&
    Object.getOwnPropertySymbols(value).length === 0
  );
}

function escapeString(text: string): string {
  return text.charCodeAt(0) === 0 ? `\0s${text}` : text;
}

function writeFloat(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes("e") ? text : `${text}.0`;
}

interface Frame {
  readonly container: object;
  /** The keys of an object; null for an array. */
  readonly keys: readonly string[] | null;
  readonly length: number;
  index: number;
}

/** Writes any value, however deep: the stack is on the heap. */
class Writer {
  readonly #stack: Frame[] = [];
  #text = "";
  readonly #parts: string[] = [];

  constructor(readonly where: string) {}

  write(value: unknown): string {
    this.#value(value);
    for (let top = this.#stack.at(-1); top !== undefined; top = this.#stack.at(-1)) this.#step(top);
    return this.#text + this.#parts.join("");
  }

  /** V8 ends the process when an array becomes too long. */
  #put(part: string): void {
    if (this.#parts.push(part) < MAX_PARTS) return;
    this.#text += this.#parts.join("");
    this.#parts.length = 0;
  }

  #step(top: Frame): void {
    if (top.index === top.length) {
      this.#put(top.keys === null ? "]" : "}");
      this.#stack.pop();
      return;
    }
    if (top.index > 0) this.#put(",");
    const key = top.keys?.[top.index] ?? top.index;
    if (typeof key === "string") this.#put(`${JSON.stringify(escapeString(key))}:`);
    top.index++;
    this.#value((top.container as Record<string | number, unknown>)[key]);
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.#put(JSON.stringify(escapeString(value)));
        return;
      case "number":
        if (!Number.isFinite(value))
          throw this.#error(`${String(value)} cannot stand in a container`);
        this.#put(isPlainNumber(value) ? String(value) : writeFloat(value));
        return;
      case "boolean":
        this.#put(String(value));
        return;
      case "undefined":
        this.#put("null");
        return;
      case "bigint":
        this.#put(JSON.stringify(`\0i${value.toString(16)}`));
        return;
      case "object":
        this.#object(value);
        return;
      default:
        throw this.#error(`a ${typeof value} has no counterpart in Python`);
    }
  }

  #object(value: object | null): void {
    if (value === null) {
      this.#put("null");
    } else if (value instanceof Uint8Array) {
      this.#put(JSON.stringify(`\0b${Buffer.from(value).toString("hex")}`));
    } else if (Array.isArray(value)) {
      const { length } = value;
      if (!isLength(length)) throw this.#error(`an array of ${String(length)} items`);
      this.#open(value, null, length);
    } else if (isPlainObject(value)) {
      const keys = Object.keys(value);
      this.#open(value, keys, keys.length);
    } else {
      throw this.#error(`${describe(value)} has no counterpart in Python`);
    }
  }

  #open(container: object, keys: readonly string[] | null, length: number): void {
    if (this.#stack.length === MAX_DEPTH) {
      const again = this.#stack.some((frame) => frame.container === container);
      const why = again ? ": it contains itself" : "";
      throw new MarshalError(`${this.where}: nested more than ${String(MAX_DEPTH)} deep${why}`);
    }
    this.#put(keys === null ? "[" : "{");
    this.#stack.push({ container, keys, length, index: 0 });
  }

  #error(problem: string): MarshalError {
    const path = this.#stack.map((frame) => {
      const key = frame.keys?.[frame.index - 1];
      if (key === undefined) return `[${String(frame.index - 1)}]`;
      return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    });
    return new MarshalError(`${this.where}${path.join("")}: ${problem}`);
  }
}

function describe(value: object): string {
  if (value instanceof Promise)
    return "a Promise (the hub's functions return their result at once)";
  if (Object.getOwnPropertySymbols(value).length > 0) return "an object with symbols for keys";
  const { constructor } = value;
  return typeof constructor === "function" && constructor.name !== ""
    ? `an instance of ${constructor.name}`
    : "such an object";
}

function unescapeString(text: string): unknown {
  if (text.charCodeAt(0) !== 0) return text;
  const rest = text.slice(2);
  switch (text[1]) {
    case "i":
      return rest.startsWith("-") ? -BigInt(`0x${rest.slice(1)}`) : BigInt(`0x${rest}`);
    case "b":
      return Uint8Array.from(Buffer.from(rest, "hex"));
    default:
      return rest;
  }
}

/** Puts back what the strings stand for, however deep, in place where the keys are as they should be. */
function unescapeAll(root: unknown): unknown {
  const holder: unknown[] = [root];
  const todo: object[] = [holder];
  for (let container = todo.pop(); container !== undefined; container = todo.pop()) {
    const entries = container as Record<string, unknown>;
    for (const key of Object.keys(entries)) {
      let value = entries[key];
      if (typeof value === "string") value = unescapeString(value);
      else if (value !== null && typeof value === "object") value = withPlainKeys(value);
      else continue;
      if (value !== entries[key]) define(entries, key, value);
      if (value !== null && typeof value === "object" && !(value instanceof Uint8Array))
        todo.push(value);
    }
  }
  return holder[0];
}

/** The object itself, or a copy whose keys are unescaped. */
function withPlainKeys(value: object): object {
  if (Array.isArray(value) || !Object.keys(value).some((key) => key.charCodeAt(0) === 0))
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [unescapeString(key) as string, item as unknown]),
  );
}

/** A plain assignment to `__proto__` would do something else. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
