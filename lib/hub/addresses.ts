/**
 * IP addresses as bytes: 4 of IPv4, 16 of IPv6.
 * @packageDocumentation
 */
import { isIPv4, isIPv6 } from "node:net";

/** The bytes of an address; undefined for what is none. An IPv4 address that is written as IPv6 has 4. */
export function addressBytes(ip: string): Uint8Array | undefined {
  if (isIPv4(ip)) return Uint8Array.from(ip.split(".").map(Number));
  if (!isIPv6(ip) || ip.includes("%")) return undefined;
  // A URL has its address in hexadecimal groups, shortened in one way only.
  const [head = "", tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string) =>
    text === "" ? [] : text.split(":").map((hex) => parseInt(hex, 16));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const gap = Array<number>(8 - before.length - after.length).fill(0);
  const bytes = [...before, ...gap, ...after].flatMap((group) => [group >> 8, group & 0xff]);
  const isMapped = bytes.slice(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff));
  return Uint8Array.from(isMapped ? bytes.slice(12) : bytes);
}

/** The usual text of an address. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** The first and the last address of the network that has this one and as many common bits. */
export function networkRange(ip: Uint8Array, bits: number): [low: Uint8Array, high: Uint8Array] {
  const hostBits = (i: number) => 0xff >> Math.min(8, Math.max(0, bits - 8 * i));
  return [ip.map((byte, i) => byte & ~hostBits(i)), ip.map((byte, i) => byte | hostBits(i))];
}
