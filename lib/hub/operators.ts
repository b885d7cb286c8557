/**
 * What operators may do to users: kick (with a reason, told to all concerned), drop (without a word), send to
 * another hub.
 * @packageDocumentation
 */
import { ban } from "./banning.js";
import { sendToOpChat } from "./chat.js";
import type { Client } from "./client.js";
import { BanType, CloseReason } from "./constants.js";
import type { Hub } from "./hub.js";
import type { Line } from "./line.js";
import { parsePeriod } from "./periods.js";
import { formatTo, parseForceMove } from "./protocol.js";
import { isOperator, type User } from "./users.js";

/** A kick, however it was asked for. */
export interface Kick {
  /** Who kicks; need not be online. */
  op: string;
  nick: string;
  reason: string;
  /** Told to the kicked user too. */
  note: string;
  /** Told to the operators. */
  opNote: string;
  /** For how many seconds the user may not come back; when 0, `_ban_10m` in the reason may say so. */
  banSeconds?: number;
}

/** Kicks a user, unless a script cancels. @returns whether the user was kicked */
export function kick(hub: Hub, { op, nick, reason, note, opNote, banSeconds = 0 }: Kick): boolean {
  const target = hub.users.online(nick);
  if (!target) return false;
  if (!hub.scripts.dispatch("OnOperatorKicks", op, target.nick, reason).allowed) return false;
  const why = reason === "" ? "" : `: ${reason}`;
  const extra = (text: string) => (text === "" ? "" : ` (${text})`);
  sendToOpChat(hub, hub.botName, `${op} kicked ${target.nick}${why}${extra(opNote)}`);
  target.client.tell(`${op} kicked you${why}${extra(note)}`);
  const seconds = banSeconds || (parsePeriod(/_ban_(\w+)/.exec(reason)?.[1] ?? "") ?? 0);
  if (seconds > 0) ban(hub, { op, target: nick, reason, opNote, seconds, type: BanType.NickIp });
  target.client.connection.close(CloseReason.Kicked);
  return true;
}

/** `$Kick nick` */
export function onKick(client: Client, user: User, { rest }: Line): void {
  const target = findBelow(client, user, rest);
  if (!target) return;
  const { nick } = target;
  const reason = takeReason(user, nick);
  kick(client.hub, { op: user.nick, nick, reason, note: "", opNote: "" });
}

/** `$Close nick` */
export function onClose(client: Client, user: User, { rest }: Line): void {
  const target = findBelow(client, user, rest);
  if (!target) return;
  const { nick } = target;
  const { scripts } = client.hub;
  const reason = takeReason(user, nick);
  const verdicts = [
    scripts.dispatch("OnOperatorDrops", user.nick, nick),
    scripts.dispatch("OnOperatorDropsWithReason", user.nick, nick, reason),
  ];
  if (verdicts.some((verdict) => !verdict.allowed)) return;
  target.client.connection.close(CloseReason.Kicked);
}

/** `$OpForceMove $Who:nick$Where:address$Msg:reason`: sends a user to another hub. */
export function onForceMove(client: Client, user: User, { rest }: Line): void {
  const move = parseForceMove(rest);
  const target = move && findBelow(client, user, move.nick);
  if (!target) return;
  const { address, reason } = move;
  const why = `You are being re-directed to ${address} because: ${reason}`;
  target.client.send(`${formatTo(target.nick, user.nick, user.nick, why)}$ForceMove ${address}|`);
  target.client.connection.close(CloseReason.ForceMove);
}

/** The reason that an operator has announced in chat for what happens to a user now. */
function takeReason(operator: User, nick: string): string {
  const announced = operator.announcedKick;
  delete operator.announcedKick;
  return announced?.nick.toLowerCase() === nick.toLowerCase() ? announced.reason : "";
}

/** A user that the operator stands above; says so if it is another. */
function findBelow(client: Client, operator: User, nick: string) {
  const target = client.hub.users.online(nick);
  if (!isOperator(operator) || !target) return undefined;
  if (target.userClass < operator.userClass) return target;
  client.tell(`You may not kick ${target.nick}.`);
  return undefined;
}
