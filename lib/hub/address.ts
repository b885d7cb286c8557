/**
 * IP addresses as the protocol writes them.
 * @packageDocumentation
 */
import { isIPv6, SocketAddress, type Socket } from "node:net";

/** An IPv4 address that IPv6 wraps is the IPv4 one. */
function unmapped(ip: string): string {
  return ip.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** The address of a socket's peer, an IPv4 one always as such. */
export function peerAddress(socket: Socket): string {
  return unmapped(socket.remoteAddress ?? "");
}

/** Whether two addresses are one; an IPv6 address may be written in many ways, and in brackets. */
export function isSameAddress(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

/**
 * Whom an address stands for when connections are counted: itself, but of IPv6 its /64 network, as one customer has
 * all of its addresses.
 */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const [head = "", tail] = canonical(ip).split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? [] : tail.split(":");
    groups.push(...Array<string>(8 - groups.length - after.length).fill("0"), ...after);
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** The one way to write an address; what is none stays as it is. */
function canonical(ip: string): string {
  const bare = unmapped(ip.replace(/^\[(.*)\]$/, "$1"));
  return isIPv6(bare) ? new SocketAddress({ address: bare, family: "ipv6" }).address : bare;
}
