/**
 * `$MyINFO`: what a client tells of itself, parsed and written.
 * @packageDocumentation
 */
import type { Codec } from "./encoding.js";
import { escapeField } from "./protocol.js";

/** The fields of a `$MyINFO`. */
export interface Info {
  readonly nick: string;
  /** The description without its tag. */
  readonly desc: string;
  /** The tag with its brackets, `<++ V:0.868,M:A,H:1/0/0,S:3>`, or "". */
  readonly tag: string;
  /** The connection type, without the flag byte that follows it on the wire. */
  readonly speed: string;
  /** The flag byte: bits vh.eMF_*. */
  readonly flag: number;
  readonly email: string;
  /** Shared bytes, decimal. */
  readonly share: string;
}

/** Values a flag byte cannot have on the wire: it would be a delimiter, or nothing. */
const UNSENDABLE_FLAGS = new Set([0, 0x24, 0x7c]);

/** Whether a number can be sent as a flag byte. */
export function isFlag(flag: number): boolean {
  return flag > 0 && flag < 0x100 && !UNSENDABLE_FLAGS.has(flag);
}

/**
 * Parses what follows `$MyINFO `: `$ALL nick desc<tag>$ $speed+flag$email$share$`.
 * @returns undefined when it is malformed; no line is half understood
 */
export function parseMyInfo(rest: string, codec: Codec): Info | undefined {
  const match = /^\$ALL ([^\s$]+)(?: ([^$]*))?\$[^$]*\$([^$]*)\$([^$]*)\$(\d{0,20})\$?$/s.exec(
    rest,
  );
  if (!match) return undefined;
  const [, nick = "", described = "", connection = "", email = "", share = ""] = match;
  const bracket = described.endsWith(">") ? described.lastIndexOf("<") : -1;
  const cut = bracket < 0 ? described.length : bracket;
  const last = lastCharacter(connection);
  return {
    nick,
    desc: described.slice(0, cut),
    tag: described.slice(cut),
    speed: connection.slice(0, connection.length - last.length),
    flag: last === "" ? 1 : codec.encode(last).charCodeAt(0),
    email,
    share: share.startsWith("0") ? share.replace(/^0+(?=\d)/, "") : share || "0",
  };
}

/** A whole character: half of one is no text. */
function lastCharacter(text: string): string {
  const pair = text.slice(-2);
  return (pair.codePointAt(0) ?? 0) > 0xffff ? pair : text.slice(-1);
}

/** `$MyINFO $ALL …$|`, with everything escaped that would break the line. */
export function formatMyInfo(info: Info, codec: Codec): string {
  const flag = codec.decode(String.fromCharCode(info.flag), info.flag < 0x80);
  const field = escapeField;
  return (
    `$MyINFO $ALL ${info.nick} ${field(info.desc)}${field(info.tag)}$ ` +
    `$${field(info.speed)}${flag}$${field(info.email)}$${info.share}$|`
  );
}

/** Whether a tag says that the client cannot be connected to (mode P, or behind SOCKS5). */
export function isPassiveTag(tag: string): boolean {
  return /[ ,]M:[P5]/.test(tag);
}
