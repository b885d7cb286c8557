/**
 * `$MyINFO`: what a client tells of itself, parsed and written.
 * @packageDocumentation
 */
import type { Codec } from "./encoding.js";
import { escapeField } from "./protocol.js";

/** The fields of a `$MyINFO`. */
export interface InfoFields {
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

/** What a client tells of itself. It never changes, so its line is written once, if it did not come as it goes. */
export class Info implements InfoFields {
  readonly nick: string;
  readonly desc: string;
  readonly tag: string;
  readonly speed: string;
  readonly flag: number;
  readonly email: string;
  readonly share: string;
  readonly #said: string | undefined;
  #line: string | undefined;

  /** @param said - what follows `$MyINFO ` in the line that says it as the hub would, if there is one */
  constructor(fields: InfoFields, said?: string) {
    this.nick = fields.nick;
    this.desc = fields.desc;
    this.tag = fields.tag;
    this.speed = fields.speed;
    this.flag = fields.flag;
    this.email = fields.email;
    this.share = fields.share;
    this.#said = said;
  }

  /** The same with some fields changed: itself, if none of them differs. */
  with(changes: Partial<Omit<InfoFields, "nick">>): Info {
    const { desc = this.desc, tag = this.tag, speed = this.speed } = changes;
    const { flag = this.flag, email = this.email, share = this.share } = changes;
    const isSame =
      desc === this.desc &&
      tag === this.tag &&
      speed === this.speed &&
      flag === this.flag &&
      email === this.email &&
      share === this.share;
    return isSame ? this : new Info({ nick: this.nick, desc, tag, speed, flag, email, share });
  }

  /** Whether it is what {@link parseMyInfo} would make of this; not known of all that is. */
  isSaidBy(rest: string): boolean {
    return rest === this.#said;
  }

  /** `$MyINFO $ALL …$|` */
  line(codec: Codec): string {
    const said = this.#said;
    return (this.#line ??= said === undefined ? formatMyInfo(this, codec) : `$MyINFO ${said}|`);
  }
}

/** Values a flag byte cannot have on the wire: it would be a delimiter, or nothing. */
const UNSENDABLE_FLAGS = new Set([0, 0x24, 0x7c]);

/** Whether a number can be sent as a flag byte. */
export function isFlag(flag: number): boolean {
  return flag > 0 && flag < 0x100 && !UNSENDABLE_FLAGS.has(flag);
}

/** As the hub writes it, and nearly all clients. The flag is ASCII, so it is a whole character and one byte. */
const AS_WRITTEN =
  /^\$ALL ([^\s$]+) ([^$]*)\$ \$([^$]*)([^$\u0080-\uffff])\$([^$]*)\$(0|[1-9]\d{0,19})\$$/;

/** The same with all that may be missing. */
const UNDERSTOOD = /^\$ALL ([^\s$]+)(?: ([^$]*))?\$[^$]*\$([^$]*)\$([^$]*)\$(\d{0,20})\$?$/;

/**
 * Parses what follows `$MyINFO `: `$ALL nick desc<tag>$ $speed+flag$email$share$`.
 * @returns undefined when it is malformed; no line is half understood
 */
export function parseMyInfo(rest: string, codec: Codec): Info | undefined {
  const written = AS_WRITTEN.exec(rest);
  if (written) {
    const [, nick = "", described = "", speed = "", flag = "", email = "", share = ""] = written;
    const [desc, tag] = splitTag(described);
    const fields = { nick, desc, tag, speed, flag: flag.charCodeAt(0), email, share };
    return new Info(fields, rest);
  }
  const match = UNDERSTOOD.exec(rest);
  if (!match) return undefined;
  const [, nick = "", described = "", connection = "", email = "", share = ""] = match;
  const [desc, tag] = splitTag(described);
  const last = lastCharacter(connection);
  return new Info({
    nick,
    desc,
    tag,
    speed: connection.slice(0, connection.length - last.length),
    flag: codec.encode(last)[0] ?? 1,
    email,
    share: share.startsWith("0") ? share.replace(/^0+(?=\d)/, "") : share || "0",
  });
}

function splitTag(described: string): [desc: string, tag: string] {
  const bracket = described.endsWith(">") ? described.lastIndexOf("<") : -1;
  const cut = bracket < 0 ? described.length : bracket;
  return [described.slice(0, cut), described.slice(cut)];
}

/** A whole character: half of one is no text. */
function lastCharacter(text: string): string {
  const pair = text.slice(-2);
  return (pair.codePointAt(0) ?? 0) > 0xffff ? pair : text.slice(-1);
}

/** `$MyINFO $ALL …$|`, with everything escaped that would break the line. */
export function formatMyInfo(info: InfoFields, codec: Codec): string {
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
