/**
 * Plain containers as their strings, one after the other in one text, and codes that tell what is made of them
 * (binding/src/core/packed_reader.h). It takes half the time of JSON.stringify: no digit and no quote is written.
 * @packageDocumentation
 */

/** What the lowest bits of a code tell; the others hold a number. As in packed_reader.h. */
const enum Code {
  /** A string: its length. */
  String,
  /** An integer of 29 bits: itself. */
  Integer,
  /** Another number: the next two codes hold its bits. */
  Number,
  /** One of {@link Constant}. */
  Constant,
  /** Of so many values before it. */
  Array,
  /** The keys of objects: how many. The next codes are their lengths. The lists are numbered as they come. */
  Keys,
  /** Of as many values before it as its list of keys has: the list's number. */
  Object,
}

const enum Constant {
  Null,
  False,
  True,
}

const BITS = 3;

/** As deep as a recursion certainly goes. */
const MAX_RECURSION = 500;

/** How many codes there is room for at first; at most, from one container to the next; and at most, in 512 MB. */
const FEW_CODES = 1 << 10;
const KEPT_CODES = 1 << 18;
const MAX_CODES = 1 << 27;

/** Where the keys of an object have led so far, in a tree of all lists of keys that came. */
class Place {
  /** The number of the list of keys that ends here. */
  number: number | undefined;
  #last: Place | undefined;
  #all: Map<string, Place> | undefined;

  constructor(
    readonly key: string,
    readonly before: Place | undefined,
  ) {}

  /** Where one more key leads, which mostly is where the last one led. */
  after(key: string): Place {
    if (this.#last?.key === key) return this.#last;
    let place = this.#all?.get(key);
    if (place === undefined) {
      place = new Place(key, this);
      if (this.#last !== undefined) {
        this.#all ??= new Map([[this.#last.key, this.#last]]);
        this.#all.set(key, place);
      }
    }
    this.#last = place;
    return place;
  }
}

/** Whether it is the same number in Python: an int where it is whole, otherwise a float. */
export function isPlainNumber(value: number): boolean {
  // All from 2^53 on are integers.
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0);
}

/** Whether an array has so many items; a proxy may say anything. */
export function isLength(length: unknown): length is number {
  return Number.isSafeInteger(length) && Number(length) >= 0;
}

/** An object literal of this realm, which has no key but its own. */
function isLiteral(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    Object.getOwnPropertySymbols(value).length === 0
  );
}

function hasKeys(object: object): boolean {
  for (const _ in object) return true;
  return false;
}

export class Packer {
  /** The first one tells how many there are: none when the last value was not packed. */
  codes = new Int32Array(FEW_CODES);
  #at = 0;
  #text = "";
  #noKeys = new Place("", undefined);
  #lists = 0;
  #isBusy = false;
  readonly #real = new Float64Array(1);
  readonly #realCodes = new Int32Array(this.#real.buffer);

  /**
   * The strings of a container; undefined when it is deep, or there is more in it than strings, numbers, booleans, null
   * and undefined.
   * @throws RangeError as V8 does, when the strings or the codes are too long
   */
  pack(value: unknown): string | undefined {
    if (this.#isBusy) return undefined; // a getter came back
    this.clear();
    this.#isBusy = true;
    this.#at = 1;
    this.#lists = 0;
    try {
      if (!this.#value(value, 0) || hasKeys(Object.prototype)) return undefined;
      this.codes[0] = this.#at;
      return this.#text;
    } finally {
      this.#isBusy = false;
      this.#text = "";
      this.#noKeys = new Place("", undefined);
    }
  }

  /** Forgets the codes. */
  clear(): void {
    if (this.codes.length > KEPT_CODES) this.codes = new Int32Array(FEW_CODES);
    this.codes[0] = 0;
  }

  #put(code: number): void {
    if (this.#at === this.codes.length) this.#grow();
    this.codes[this.#at++] = code;
  }

  #grow(): void {
    const { codes } = this;
    if (codes.length === MAX_CODES) throw new RangeError("Invalid array length");
    this.codes = new Int32Array(codes.length * 2);
    this.codes.set(codes);
  }

  #value(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case "string":
        this.#string(value);
        return true;
      case "number":
        return this.#number(value);
      case "boolean":
        this.#constant(value ? Constant.True : Constant.False);
        return true;
      case "undefined":
        this.#constant(Constant.Null);
        return true;
      case "object":
        if (value !== null) return depth < MAX_RECURSION && this.#container(value, depth);
        this.#constant(Constant.Null);
        return true;
      default:
        return false;
    }
  }

  #string(value: string): void {
    this.#put((value.length << BITS) | Code.String);
    this.#text += value;
  }

  #number(value: number): boolean {
    if ((value << BITS) >> BITS === value && !Object.is(value, -0)) {
      this.#put((value << BITS) | Code.Integer);
      return true;
    }
    if (!isPlainNumber(value)) return false;
    this.#real[0] = value;
    this.#put(Code.Number);
    this.#put(this.#realCodes[0] ?? 0);
    this.#put(this.#realCodes[1] ?? 0);
    return true;
  }

  #constant(constant: Constant): void {
    this.#put((constant << BITS) | Code.Constant);
  }

  #container(value: object, depth: number): boolean {
    if (Array.isArray(value)) return this.#array(value, depth);
    return isLiteral(value) && this.#object(value, depth);
  }

  #array(value: readonly unknown[], depth: number): boolean {
    const { length } = value;
    if (!isLength(length)) return false;
    for (let i = 0; i < length; i++) if (!this.#value(value[i], depth + 1)) return false;
    this.#put((length << BITS) | Code.Array);
    return true;
  }

  #object(value: Record<string, unknown>, depth: number): boolean {
    let place = this.#noKeys;
    for (const key in value) {
      place = place.after(key);
      const item = value[key];
      if (typeof item === "string")
        this.#string(item); // most are
      else if (!this.#value(item, depth + 1)) return false;
    }
    place.number ??= this.#keys(place);
    this.#put((place.number << BITS) | Code.Object);
    return true;
  }

  /** Writes the keys that led to a place; returns their list's number. */
  #keys(last: Place): number {
    const keys: string[] = [];
    for (let place = last; place.before !== undefined; place = place.before) keys.push(place.key);
    this.#put((keys.length << BITS) | Code.Keys);
    for (const key of keys.reverse()) {
      this.#put(key.length);
      this.#text += key;
    }
    return this.#lists++;
  }
}
