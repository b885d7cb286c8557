/**
 * Bans, asked for and enforced: by operators' commands and by the vh functions; at login and when more gets known.
 * @packageDocumentation
 */
import { networkOf, oneForm, parseRange, type AddressRange } from "./addresses.js";
import type { Client } from "./client.js";
import { BanType, CloseReason, UserClass } from "./constants.js";
import type { Hub } from "./hub.js";
import { formatPeriod } from "./periods.js";
import { isNick } from "./protocol.js";
import { ALL_TYPES, hostPart, type Ban, type NewBan, type Suspect } from "./storage/bans.js";
import type { User } from "./users.js";

/** A ban, however it was asked for. */
export interface BanRequest {
  /** Who bans; a name that the hub does not know, a script's, has the hub's own authority. */
  op: string;
  /**
   * Whom: the nick of somebody online, or what the type compares: an address, a range ("10.0.0.0/8",
   * "10.0.0.1-10.0.0.9"), a nick or its prefix, a host name, a share in bytes. To {@link BanType.Ip} and
   * {@link BanType.Range} an address is one, even if somebody is called so.
   */
  target: string;
  /** Bits of {@link BanType}; each makes a ban. */
  type: number;
  /** 0: for ever. */
  seconds: number;
  reason: string;
  opNote?: string;
}

/** Bans that say whom they mean. The others hit bystanders too, and spare operators. */
const NAMING = BanType.NickIp | BanType.Ip | BanType.Nick;

const BY_ADDRESS = BanType.Ip | BanType.Range;

/**
 * Bans somebody, unless a script forbids it. A target that is online is disconnected, and nobody else; without one,
 * everybody whom the bans hit.
 * @returns the bans; none when the target has not what a type compares, or stands above the operator
 */
export function ban(hub: Hub, request: BanRequest): Ban[] {
  const { op, target, type, seconds, reason, opNote = "" } = request;
  const isAddress = (type & BY_ADDRESS) !== 0 && parseRange(target) !== undefined;
  const user = isAddress ? undefined : hub.users.online(target);
  const aimed = resolve(target, user);
  const aims = Object.values(BanType)
    .filter((bit) => (type & bit) !== 0)
    .map((bit) => aim(bit, aimed));
  if (aims.length === 0 || !aims.every((each) => each !== undefined)) return [];
  const meansNick = !isAddress || (type & ~BY_ADDRESS) !== 0;
  if (meansNick && isAbove(hub, target, op)) return [];
  const { ip = "", nick = "" } = aimed;
  if (!hub.scripts.dispatch("OnNewBan", op, ip, nick, reason).allowed) return [];
  const made = aims.map((each) => hub.bans.add({ ...each, op, reason, opNote, seconds }));
  for (const each of made) {
    const hit = user ? [user] : hub.users.listening().filter((other) => isHit(hub, each, other));
    for (const { client } of hit) expel(client, each);
  }
  return made;
}

/**
 * Disconnects a client whom a ban keeps out, saying why and for how long.
 * @param suspect - what is known of it, or has become known
 * @returns whether there was such a ban
 */
export function isRefused(
  client: Client,
  suspect: Suspect,
  userClass: number = UserClass.Normal,
): boolean {
  const spared = userClass >= UserClass.Operator;
  const found = client.hub.bans.find(suspect, spared ? NAMING : ALL_TYPES);
  if (found) expel(client, found);
  return found !== undefined;
}

/** A ban for people: "for 2d 3h" or "for ever", from now on. */
export function timeLeft({ until }: Ban): string {
  if (until === undefined) return "for ever";
  // It ends with a whole second: the rest of the one it began in is none of its length.
  return `for ${formatPeriod(Math.max(0, Math.floor(until - Date.now() / 1000)))}`;
}

/** What a ban compares. */
type Aim = Pick<NewBan, "type" | "nick" | "ip" | "range" | "host" | "share">;

/** Whom a ban is aimed at: what is known of a user who is online, else what the target's text can stand for. */
interface Target extends Suspect {
  /** The nick of the user. */
  readonly whom: string;
  readonly range: AddressRange | undefined;
}

function resolve(target: string, user: User | undefined): Target {
  if (user) {
    const { nick, ip, host, info } = user;
    return {
      ...{ whom: nick, nick, ip, range: networkOf(ip) },
      ...(host !== undefined && { host }),
      ...(info && { share: info.share }),
    };
  }
  const ip = oneForm(target);
  return {
    ...{ whom: "", range: parseRange(target) },
    ...(isNick(target) && { nick: target }),
    ...(ip !== undefined && { ip }),
    ...(/^[\w.-]+$/.test(target) && { host: target }),
    ...(/^\d+$/.test(target) && { share: target }),
  };
}

/** What a ban of one type compares; undefined when the target has it not. */
function aim(type: number, { whom, nick, ip, range, host, share }: Target): Aim | undefined {
  switch (type) {
    case BanType.NickIp:
      return nick === undefined ? undefined : { type, nick, ip: ip ?? "" };
    case BanType.Nick:
    case BanType.Prefix:
      return nick === undefined ? undefined : { type, nick };
    case BanType.Ip:
      return ip === undefined ? undefined : { type, nick: whom, ip };
    case BanType.Range:
      return range && { type, nick: whom, range };
    case BanType.Share:
      return share === undefined ? undefined : { type, nick: whom, share };
    default:
      return host === undefined ? undefined : { type, nick: whom, host: hostPart(host, type) };
  }
}

function isHit(hub: Hub, ban: Ban, { nick, ip, host, info, ...user }: User): boolean {
  if (user.userClass >= UserClass.Operator && !(ban.type & NAMING)) return false;
  const share = info?.share;
  const known = {
    nick,
    ip,
    ...(host !== undefined && { host }),
    ...(share !== undefined && { share }),
  };
  return hub.bans.hits(ban, known);
}

/** Operators are safe from those below them. */
function isAbove(hub: Hub, target: string, op: string): boolean {
  const classOf = (nick: string) =>
    Math.max(
      hub.users.get(nick)?.userClass ?? UserClass.Pinger,
      hub.registrations.get(nick)?.userClass ?? UserClass.Pinger,
    );
  const isKnown = hub.users.get(op) ?? hub.registrations.get(op);
  const targetClass = classOf(target);
  return isKnown !== undefined && targetClass >= UserClass.Operator && targetClass > classOf(op);
}

function expel(client: Client, ban: Ban): void {
  const why = ban.reason === "" ? "" : `: ${ban.reason}`;
  client.expel(CloseReason.Kicked, `You are banned ${timeLeft(ban)} by ${ban.op}${why}`);
}
