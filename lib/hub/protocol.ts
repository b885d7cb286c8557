/**
 * The grammar of NMDC lines, as pure functions: keys, nicks, and the parameters of each command.
 * A line is what stands between two `|`, without them.
 * @packageDocumentation
 */

/** Bytes that may not stand in a `$Key` as they are; they travel as `/%DCNnnn%/`. */
const KEY_ESCAPES = new Set([0, 5, 36, 96, 124, 126]);

/**
 * The key that answers a lock, escaped as it travels.
 * @example
 * lockToKey("EXTENDEDPROTOCOL_x"); // what a client sends after "$Key "
 */
export function lockToKey(lock: string): Buffer {
  const bytes = Buffer.from(lock, "latin1");
  const at = (i: number) => bytes[(i + bytes.length) % bytes.length] ?? 0;
  const key: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const mixed = i === 0 ? at(0) ^ at(-1) ^ at(-2) ^ 5 : at(i) ^ at(i - 1);
    const swapped = ((mixed << 4) & 0xf0) | (mixed >> 4);
    if (KEY_ESCAPES.has(swapped)) {
      key.push(...Buffer.from(`/%DCN${String(swapped).padStart(3, "0")}%/`, "latin1"));
    } else {
      key.push(swapped);
    }
  }
  return Buffer.from(key);
}

/** Makes text safe inside a line: a `|` would end it. */
export function escapePipes(text: string): string {
  return text.includes("|") ? text.replaceAll("|", "&#124;") : text;
}

/** Makes text safe inside a field that `$` ends. */
export function escapeField(text: string): string {
  const escaped = escapePipes(text);
  return escaped.includes("$") ? escaped.replaceAll("$", "&#36;") : escaped;
}

/** Ends raw protocol with the `|` it may lack. */
export function endLine(data: string): string {
  return data.endsWith("|") ? data : `${data}|`;
}

/**
 * Whether a nick has none of the characters that separate things in the protocol, and none that cannot be seen: two
 * nicks that look the same would be two users.
 */
export function isNick(nick: string): boolean {
  return /^[^\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800$|<>]{1,64}$/u.test(nick);
}

/** The word after the `$`, undefined for chat. */
export function commandOf(line: string): string | undefined {
  if (!line.startsWith("$")) return undefined;
  const space = line.indexOf(" ");
  return space < 0 ? line.slice(1) : line.slice(1, space);
}

/** What follows the command and its blank; of chat all. */
export function restOf(line: string, command: string | undefined): string {
  return command === undefined ? line : line.slice("$ ".length + command.length);
}

/** What somebody said, and who they claim to be. */
export interface Said {
  nick: string;
  text: string;
}

/** What was said in a line that may differ from what the hub makes of it. */
export interface SaidSo extends Said {
  /** Whether it does not. */
  canonical: boolean;
}

/** `<nick> text`; the blank may be missing or a line break. */
export function parseChat(line: string): SaidSo | undefined {
  const end = line.startsWith("<") ? line.indexOf(">") : -1;
  if (end < 0) return undefined;
  const next = line.charAt(end + 1);
  const canonical = next === " ";
  const start = canonical || /\s/.test(next) ? end + 2 : end + 1;
  return { nick: line.slice(1, end), text: line.slice(start), canonical };
}

/** `<nick> text|` */
export function formatChat(nick: string, text: string): string {
  return `<${escapePipes(nick)}> ${escapePipes(text)}|`;
}

/** `$To: target From: nick $<nick> text`; undefined also when its two senders differ. */
export function parseTo(rest: string): (SaidSo & { target: string }) | undefined {
  const from = rest.indexOf(" From: ");
  const start = from < 1 ? -1 : rest.indexOf(" $", from);
  if (start < 0 || /\s/.test(rest.slice(0, from))) return undefined;
  const said = parseChat(rest.slice(start + 2));
  if (said?.nick !== rest.slice(from + " From: ".length, start)) return undefined;
  const { nick, text, canonical } = said;
  return { nick, text, canonical, target: rest.slice(0, from) };
}

/** `$To: target From: replyTo $<nick> text|` */
export function formatTo(target: string, replyTo: string, nick: string, text: string): string {
  return `$To: ${target} From: ${escapePipes(replyTo)} $${formatChat(nick, text)}`;
}

/** `$MCTo: target $nick text` */
export function parseMcTo(rest: string): (Said & { target: string }) | undefined {
  const match = /^(\S+) \$(\S+) (.*)$/s.exec(rest);
  return match ? { target: match[1] ?? "", nick: match[2] ?? "", text: match[3] ?? "" } : undefined;
}

/** A `$ConnectToMe` taken apart; `sender` only when the line names one. */
export interface ConnectToMe {
  target: string;
  ip: string;
  /** The port with the letters that may follow it (`412S`: TLS). */
  port: string;
  sender?: string;
}

/**
 * `$ConnectToMe target ip:port`, also with the sender's nick before the target (later NeoModus clients) or behind the
 * address (NAT traversal).
 */
export function parseConnectToMe(rest: string): ConnectToMe | undefined {
  const match = /^(?:([^ ]*) )??([^ ]+) ([^ ]*):(\d{1,5}[A-Z]{0,2})(?: ([^ ]*))?$/.exec(rest);
  if (!match) return undefined;
  const [, before, target = "", ip = "", port = "", after] = match;
  if (before !== undefined && after !== undefined) return undefined;
  const sender = before ?? after ?? "";
  return sender === "" ? { target, ip, port } : { target, ip, port, sender };
}

/** Two nicks with a blank between them: `$RevConnectToMe`, `$GetINFO`. */
export function parseTwoNicks(rest: string): [string, string] | undefined {
  const match = /^(\S+) (\S+)$/.exec(rest);
  return match ? [match[1] ?? "", match[2] ?? ""] : undefined;
}

/** `$OpForceMove $Who:nick$Where:address$Msg:reason`, without the command. */
export function parseForceMove(
  rest: string,
): { nick: string; address: string; reason: string } | undefined {
  const match = /^\$Who:([^\s$]+)\$Where:([^\s$]+)\$Msg:(.*)$/s.exec(rest);
  return match
    ? { nick: match[1] ?? "", address: match[2] ?? "", reason: match[3] ?? "" }
    : undefined;
}

/** `$NickList a$$b$$|`, `$OpList …`, `$BotList …` */
export function formatNicks(command: string, nicks: readonly string[]): string {
  return `$${command} ${nicks.map((nick) => `${nick}$$`).join("")}|`;
}
