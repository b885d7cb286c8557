/** Writes geographic databases in MaxMind's format, from its description. */
import { addressKey } from "../../lib/hub/addresses.js";

/** A value of a record; a number is a double unless it is an unsigned integer. */
export type Value =
  string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

export interface DatabaseOptions {
  type: string;
  ipVersion?: 4 | 6;
  recordSize?: 24 | 28 | 32;
  /** By network: "192.0.2.0/24". */
  networks: Record<string, Value>;
}

interface Node {
  children: [Node | undefined, Node | undefined];
  data?: Value;
}

const MARKER = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
const TYPE = { string: 2, double: 3, uint32: 6, map: 7, array: 11, boolean: 14 } as const;

/** The bytes of a database. */
export function mmdb({ type, ipVersion = 6, recordSize = 28, networks }: DatabaseOptions): Buffer {
  const root: Node = { children: [undefined, undefined] };
  for (const [network, record] of Object.entries(networks)) {
    insert(root, bitsOf(network, ipVersion), record);
  }
  const nodes = innerNodes(root);
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const data: Buffer[] = [];
  const pointer = (node: Node | undefined): number => {
    if (!node) return nodes.length;
    if (node.data === undefined) return numbers.get(node) ?? 0;
    const at = Buffer.concat(data).length;
    data.push(encode(node.data));
    return nodes.length + 16 + at;
  };
  const tree = nodes.map(({ children: [left, right] }) =>
    encodeNode(pointer(left), pointer(right), recordSize),
  );
  const metadata = encode({
    node_count: nodes.length,
    record_size: recordSize,
    ip_version: ipVersion,
    database_type: type,
    languages: ["en"],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    description: { en: "made by a test" },
  });
  return Buffer.concat([...tree, Buffer.alloc(16), ...data, MARKER, metadata]);
}

function bitsOf(network: string, ipVersion: 4 | 6): number[] {
  const [address = "", length = ""] = network.split("/");
  const key = addressKey(address) ?? "";
  const isV4 = typeof key === "bigint";
  const bits = (isV4 ? key : BigInt(`0x${key}`)).toString(2).padStart(isV4 ? 32 : 128, "0");
  const own = Array.from(bits.slice(0, Number(length)), Number);
  return isV4 && ipVersion === 6 ? [...Array<number>(96).fill(0), ...own] : own;
}

function insert(root: Node, bits: readonly number[], data: Value): void {
  let node = root;
  for (const bit of bits) {
    const child = node.children[bit] ?? { children: [undefined, undefined] };
    node.children[bit] = child;
    node = child;
  }
  node.data = data;
}

function innerNodes(node: Node): Node[] {
  if (node.data !== undefined) return [];
  return [node, ...node.children.flatMap((child) => (child ? innerNodes(child) : []))];
}

function encodeNode(left: number, right: number, recordSize: 24 | 28 | 32): Buffer {
  const node = Buffer.alloc(recordSize / 4);
  if (recordSize === 28) {
    node.writeUIntBE(left & 0xffffff, 0, 3);
    node[3] = ((left >> 24) << 4) | (right >> 24);
    node.writeUIntBE(right & 0xffffff, 4, 3);
  } else {
    const bytes = recordSize / 8;
    node.writeUIntBE(left, 0, bytes);
    node.writeUIntBE(right, bytes, bytes);
  }
  return node;
}

function encode(value: Value): Buffer {
  if (typeof value === "string") {
    const text = Buffer.from(value);
    return Buffer.concat([control(TYPE.string, text.length), text]);
  }
  if (typeof value === "boolean") return control(TYPE.boolean, Number(value));
  if (typeof value === "number") {
    const isUint = Number.isInteger(value) && value >= 0;
    const bytes = Buffer.alloc(isUint ? 4 : 8);
    if (isUint) bytes.writeUInt32BE(value);
    else bytes.writeDoubleBE(value);
    return Buffer.concat([control(isUint ? TYPE.uint32 : TYPE.double, bytes.length), bytes]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([control(TYPE.array, value.length), ...value.map(encode)]);
  }
  const entries = Object.entries(value);
  const pairs = entries.flatMap(([key, each]) => [encode(key), encode(each)]);
  return Buffer.concat([control(TYPE.map, entries.length), ...pairs]);
}

/** The byte, or bytes, that say of which type and how long a value is. */
function control(type: number, size: number): Buffer {
  const short = Math.min(size, 29);
  const head = type > 7 ? [short, type - 7] : [(type << 5) | short];
  return Buffer.of(...head, ...(size >= 29 ? [size - 29] : []));
}
