/**
 * What the hub wants of its users' `$MyINFO`: the variables `tag_allow_none`, `tag_max_hubs`, `tag_min_slots`,
 * `min_share`, `clone_detect_count`.
 * @packageDocumentation
 */
import { CloseReason } from "./constants.js";
import type { Hub } from "./hub.js";
import type { Info } from "./myinfo.js";
import { isOperator, type User } from "./users.js";

/** Why a user cannot stay. */
export interface Objection {
  /** One of vh.eCR_*. */
  reason: number;
  why: string;
}

const MIB = 1024n * 1024n;

/** The least share of the hub's users, in bytes. */
export function minShare(hub: Hub): bigint {
  return BigInt(hub.config.text("min_share")) * MIB;
}

/** What is wrong with a user's `$MyINFO`, if anything; pingers, which share nothing, and operators may tell anything. */
export function infoObjection(hub: Hub, user: User, info: Info): Objection | undefined {
  if (user.userClass < 0 || isOperator(user)) return undefined;
  const tagged = tagObjection(hub, info.tag);
  if (tagged) return tagged;
  const least = hub.config.number("min_share");
  if (least > 0 && BigInt(info.share) < minShare(hub)) {
    const why = `You must share ${least} MiB or more.`;
    return { reason: CloseReason.ShareLimit, why };
  }
  return user.listed ? undefined : cloneObjection(hub, user, info);
}

function tagObjection({ config }: Hub, tag: string): Objection | undefined {
  if (tag === "") {
    if (config.number("tag_allow_none") === 1) return undefined;
    return { reason: CloseReason.TagNone, why: "Your client must show its tag." };
  }
  const [maxHubs, minSlots] = [config.number("tag_max_hubs"), config.number("tag_min_slots")];
  if (maxHubs === 0 && minSlots === 0) return undefined;
  // "H:1/0/0": as a user, registered, as an operator. Without the field nobody knows.
  const hubs = /[ ,]H:([\d/]{1,20})/.exec(tag)?.[1]?.split("/").map(Number) ?? [Infinity];
  const slots = Number(/[ ,]S:(\d{1,6})/.exec(tag)?.[1] ?? 0);
  const reason = CloseReason.TagInvalid;
  if (maxHubs > 0 && hubs.reduce((sum, count) => sum + count, 0) > maxHubs) {
    return { reason, why: `You may be on ${maxHubs} hubs at most.` };
  }
  if (slots < minSlots) return { reason, why: `You must have ${minSlots} slots or more.` };
  return undefined;
}

/** Others with the same address and the same share are taken for the same person. */
function cloneObjection({ config, users }: Hub, user: User, info: Info): Objection | undefined {
  const most = config.number("clone_detect_count");
  if (most === 0 || info.share === "0") return undefined;
  const twins = users
    .listening()
    .filter((other) => other.ip === user.ip && other.info?.share === info.share);
  if (twins.length < most) return undefined;
  const nicks = twins.map(({ nick }) => nick).join(", ");
  return { reason: CloseReason.Clone, why: `You are on the hub already, as ${nicks}.` };
}
