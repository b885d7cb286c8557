/**
 * IP addresses, and ranges of them in a form whose order is theirs.
 * @packageDocumentation
 */
import { isIPv4, isIPv6, type Socket } from "node:net";

/** An IPv4 address as an integer, an IPv6 one as 32 hexadecimal digits: every text sorts after every integer. */
export type AddressKey = bigint | string;

/** A range of addresses of one family, both ends included. */
export interface AddressRange {
  readonly from: AddressKey;
  readonly to: AddressKey;
}

/** @returns undefined for what is no address */
export function addressKey(ip: string): AddressKey | undefined {
  if (isIPv4(ip)) return numberOf(ip.split("."), 8);
  return isIPv6(ip) ? hexOf(numberOf(groupsOf(ip), 16, "0x")) : undefined;
}

/** The address of a socket's peer, an IPv4 one always as such. */
export function peerAddress(socket: Socket): string {
  const ip = socket.remoteAddress ?? "";
  return oneForm(ip) ?? ip;
}

/** An address in the one form that the hub compares, of all in which it can be written; undefined for what is none. */
export function oneForm(ip: string): string | undefined {
  const key = addressKey(ip);
  if (key === undefined) return undefined;
  // A link's own addresses are told apart by its name alone.
  return ip.includes("%") ? ip : formatAddress(unmappedKey(key));
}

/** Whether two addresses are one, as the protocol writes them: IPv6 in many ways, and in brackets. */
export function isSameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [a, b].map((ip) => unmapped(ip.replace(/^\[(.*)\]$/, "$1"))) as [string, string];
  return x === y || (isIPv6(x) && addressKey(x) === addressKey(y));
}

/**
 * Whom an address stands for when connections are counted: itself, but of IPv6 its network, as one customer has all of
 * its addresses.
 */
export function subscriberOf(ip: string): string {
  const network = isIPv6(ip) ? networkOf(ip) : undefined;
  return network ? formatRange(network) : ip;
}

/** An address as one writes it. */
export function formatAddress(key: AddressKey): string {
  if (typeof key === "bigint") {
    return [24n, 16n, 8n, 0n].map((shift) => (key >> shift) & 0xffn).join(".");
  }
  const groups = key.match(/.{4}/g) ?? [];
  // URL knows the shortest form.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** A range as one writes it. */
export function formatRange({ from, to }: AddressRange): string {
  return `${formatAddress(from)}-${formatAddress(to)}`;
}

/**
 * A range: "10.0.0.0/8", "10.0.0.0-10.0.0.255", "10.0.0.1", and the same for IPv6.
 * @returns undefined for what is none
 */
export function parseRange(text: string): AddressRange | undefined {
  const [first = "", second, ...others] = text.split("-");
  const [ip = "", bits, ...more] = first.split("/");
  const from = addressKey(ip.trim());
  if (from === undefined || others.length > 0 || more.length > 0) return undefined;
  if (bits !== undefined)
    return second === undefined ? unmappedRange(subnet(from, bits)) : undefined;
  const to = second === undefined ? from : addressKey(second.trim());
  if (to === undefined || typeof to !== typeof from || from > to) return undefined;
  return unmappedRange({ from, to });
}

/** The network that an address is in as its provider's customers usually are: 256 IPv4 addresses, or an IPv6 /64. */
export function networkOf(ip: string): AddressRange | undefined {
  return parseRange(`${ip}/${isIPv4(ip) ? 24 : 64}`);
}

/** A host as a URL has it: an IPv6 address in brackets. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** An IPv4 address that IPv6 wraps is the IPv4 one. */
export function unmapped(ip: string): string {
  return ip.replace(/^::ffff:(?=\d+\.)/i, "");
}

function unmappedKey(key: AddressKey): AddressKey {
  const mapped = typeof key === "string" ? /^0{20}ffff(.{8})$/.exec(key)?.[1] : undefined;
  return mapped === undefined ? key : BigInt(`0x${mapped}`);
}

function unmappedRange(range: AddressRange | undefined): AddressRange | undefined {
  if (!range) return undefined;
  const [from, to] = [unmappedKey(range.from), unmappedKey(range.to)];
  return typeof from === typeof to ? { from, to } : range;
}

function subnet(key: AddressKey, bits: string): AddressRange | undefined {
  const size = typeof key === "bigint" ? 32 : 128;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > size) return undefined;
  const hosts = (1n << BigInt(size - Number(bits))) - 1n;
  const value = typeof key === "bigint" ? key : BigInt(`0x${key}`);
  const ends = { from: value & ~hosts, to: value | hosts };
  return typeof key === "bigint" ? ends : { from: hexOf(ends.from), to: hexOf(ends.to) };
}

/** The eight groups of an IPv6 address. */
function groupsOf(ip: string): string[] {
  const shortest = new URL(`http://[${ip.replace(/%.*/, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = shortest.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  if (tail === undefined) return groups(head);
  const zeros = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(zeros).fill("0"), ...groups(tail)];
}

function numberOf(parts: string[], bits: number, prefix = ""): bigint {
  return parts.reduce((sum, part) => (sum << BigInt(bits)) | BigInt(`${prefix}${part}`), 0n);
}

function hexOf(value: bigint): string {
  return value.toString(16).padStart(32, "0");
}
