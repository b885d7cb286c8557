/**
 * The hub's side of the `vh.e…` constants: those that the hub itself acts on.
 * @packageDocumentation
 */

/** Why a connection closed (`vh.eCR_*`), as OnCloseConnEx tells it. */
export const CloseReason = {
  Default: 0,
  InvalidUser: 1,
  Kicked: 2,
  ForceMove: 3,
  Quit: 4,
  HubLoad: 5,
  Timeout: 6,
  ToAnyAction: 7,
  UserLimit: 8,
  ShareLimit: 9,
  TagNone: 10,
  TagInvalid: 11,
  Password: 12,
  LoginError: 13,
  Syntax: 14,
  InvalidKey: 15,
  Reconnect: 16,
  Clone: 17,
  Self: 18,
  BadNick: 19,
  Plugin: 21,
} as const;

/** A user's class (`vh.eUC_*`). */
export const UserClass = {
  Pinger: -1,
  Normal: 0,
  Operator: 3,
  Cheef: 4,
  Admin: 5,
  Master: 10,
} as const;

/** Whether a nick will do for a bot (`vh.eBOT_*`). */
export const BotStatus = {
  Ok: 0,
  Exists: 1,
  WithoutNick: 2,
  BadChars: 3,
  ReservedNick: 4,
} as const;

/** By what a ban knows its user (`vh.eBF_*`): bits, of which each ban has one. */
export const BanType = {
  NickIp: 1,
  Ip: 2,
  Nick: 4,
  Range: 8,
  Host1: 16,
  Host2: 32,
  Host3: 64,
  Share: 128,
  Prefix: 256,
  HostR1: 512,
} as const;

/** The type of a configuration variable (`vh.eIT_*`). */
export const ItemType = { Bool: 1, Int: 3, String: 12 } as const;
