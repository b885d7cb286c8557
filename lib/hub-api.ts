/**
 * The hub's side of the `vh` module: one method per function that scripts may call and the hub serves.
 *
 * Every optional argument that a script leaves out arrives as its default, or as `null` where that is None.
 * A method runs on the hub's thread, synchronously: returning a promise is an error (`vh.HubError` in the script),
 * and what it throws reaches the script as `vh.HubError` with the message kept. Integers beyond 2^53 - 1 arrive as
 * bigint. A boolean result is true when the hub did it, false when it could not (no such user).
 * @packageDocumentation
 */

/** `[nick, description, tag, speed, email, share]`, as in `$MyINFO`. */
export type MyInfo = readonly [
  nick: string,
  desc: string,
  tag: string,
  speed: string,
  email: string,
  share: string,
];

/** What {@link HubApi.GetGeoIP} knows of an address. */
export interface GeoIp {
  host: string;
  range_low: string;
  range_high: string;
  country_code: string;
  country_code_xxx: string;
  country: string;
  region_code: string;
  region: string;
  city: string;
  postal_code: string;
  time_zone: string;
  continent_code: string;
  continent: string;
  latitude: number;
  longitude: number;
  metro_code: number;
  area_code: number;
}

/** `[ok, rows]`; every value is text, NULL is null. */
export type SqlResult = readonly [ok: boolean, rows: readonly (readonly (string | null)[])[]];

/** The functions of the `vh` module that a hub implements, by exactly their Python names. */
export interface HubApi {
  /** Main chat to all, from the hub's bot. Without it, `mc(message, null)` is called. */
  SendToAll: (message: string) => boolean;
  /** Main chat to all; from the hub's bot when `fromNick` is null. */
  mc: (message: string, fromNick: string | null) => boolean;
  /** A main chat line that one user sees. Always (message, nick), whatever order the script used. */
  usermc: (message: string, nick: string, fromNick: string | null) => boolean;
  /** Main chat to the users of a class range. */
  classmc: (
    message: string,
    minClass: number,
    maxClass: number,
    fromNick: string | null,
  ) => boolean;
  /** A private message. Always (message, nick), whatever order the script used. */
  pm: (message: string, nick: string, fromNick: string | null, backNick: string | null) => boolean;
  /** A private message to the users of a class range. */
  SendPMToAll: (message: string, fromNick: string, minClass: number, maxClass: number) => boolean;
  /** A message to the operators' chat. */
  SendToOpChat: (message: string, fromNick: string | null) => boolean;
  /** Raw protocol to one user; the hub adds a missing final `|`. `delay`: non-zero, with the next flush. */
  SendDataToUser: (data: string, nick: string, delay: number) => boolean;
  /** Raw protocol to the users of a class range; the hub adds a missing final `|`. */
  SendDataToAll: (data: string, minClass: number, maxClass: number, delay: number) => boolean;
  /** Raw protocol to users in active mode. */
  SendToActive: (data: string, delay: number) => boolean;
  /** Raw protocol to users in passive mode. */
  SendToPassive: (data: string, delay: number) => boolean;
  /** Raw protocol to users in active mode of a class range. */
  SendToActiveClass: (data: string, minClass: number, maxClass: number, delay: number) => boolean;
  /** Raw protocol to users in passive mode of a class range. */
  SendToPassiveClass: (data: string, minClass: number, maxClass: number, delay: number) => boolean;
  /** The class of a user (vh.eUC_*), -2 when nobody of that name is online. */
  GetUserClass: (nick: string) => number;
  /** The user's host name, null when unknown. */
  GetUserHost: (nick: string) => string | null;
  /** The user's address, null when nobody of that name is online. */
  GetUserIP: (nick: string) => string | null;
  /** The user's country code, null when unknown. */
  GetUserCC: (nick: string) => string | null;
  /** The hub URL the user's client told by `$MyHubURL`, null when none. */
  GetUserHubURL: (nick: string) => string | null;
  /** The `$ExtJSON` the user's client sent, null when none. */
  GetUserExtJSON: (nick: string) => string | null;
  /** The country code of an address, null when unknown. */
  GetIPCC: (ip: string) => string | null;
  /** The country name of an address, null when unknown. */
  GetIPCN: (ip: string) => string | null;
  /** The city of an address, null when unknown. `db`: a database other than the hub's own. */
  GetIPCity: (ip: string, db: string | null) => string | null;
  /** The autonomous system of an address, null when unknown. */
  GetIPASN: (ip: string, db: string | null) => string | null;
  /** All that is known of an address, null when nothing. */
  GetGeoIP: (ip: string, db: string | null) => GeoIp | null;
  /** A user's MyINFO, null when nobody of that name is online. */
  GetMyINFO: (nick: string) => MyInfo | null;
  /** Changes fields of a user's MyINFO; null keeps a field. `share`: bytes, decimal. */
  SetMyINFO: (
    nick: string,
    desc: string | null,
    tag: string | null,
    speed: string | null,
    email: string | null,
    share: string | null,
  ) => boolean;
  /** Sets bits (vh.eMF_*) of a user's MyINFO flag. */
  SetMyINFOFlag: (nick: string, flag: number) => boolean;
  /** Clears bits (vh.eMF_*) of a user's MyINFO flag. */
  UnsetMyINFOFlag: (nick: string, flag: number) => boolean;
  /** Changes the address the hub holds for a user. */
  SetUserIP: (nick: string, ip: string) => boolean;
  /** The nicks of all users, bots included. */
  GetNickList: () => readonly string[];
  /** The nicks of all operators. */
  GetOpList: () => readonly string[];
  /** The nicks of all bots. */
  GetBotList: () => readonly string[];
  /** `$NickList a$$b$$`. Without it, made from GetNickList. */
  GetRawNickList: () => string;
  /** `$OpList a$$b$$`. Without it, made from GetOpList. */
  GetRawOpList: () => string;
  /** `$BotList a$$b$$`. Without it, made from GetBotList. */
  GetRawBotList: () => string;
  /** Registers a user with a class of 0..5 or 10. */
  AddRegUser: (nick: string, userClass: number, password: string, opNote: string) => boolean;
  /** Removes a registration. */
  DelRegUser: (nick: string) => boolean;
  /** Changes the class of a registered user. */
  SetRegClass: (nick: string, userClass: number) => boolean;
  /** Kicks a user; `banTime` is a period such as "10m", or "0". */
  KickUser: (
    opNick: string,
    targetNick: string,
    reason: string,
    note: string,
    opNote: string,
    banTime: string,
  ) => boolean;
  /** Bans a user for `durationSec` seconds (0: for ever); `banType` is made of vh.eBF_* bits. */
  Ban: (
    opNick: string,
    targetNick: string,
    reason: string,
    durationSec: number,
    banType: number,
  ) => boolean;
  /** Lifts the temporary ban of a nick. */
  DelNickTempBan: (nick: string) => boolean;
  /** Lifts the temporary ban of an address. */
  DelIPTempBan: (ip: string) => boolean;
  /** Disconnects a user after `delay` ms; `reasonCode` is one of vh.eCR_*. */
  CloseConnection: (nick: string, reasonCode: number, delay: number) => boolean;
  /** Per field: "" leave, "0" lift, "1" one week, else a period such as "10m", "2h", "3d". */
  UserRestrictions: (
    nick: string,
    noChat: string,
    noPm: string,
    noSearch: string,
    noCtm: string,
  ) => boolean;
  /** Runs a hub command as that user; `isPm` is 0 or 1. */
  ParseCommand: (nick: string, command: string, isPm: number) => boolean;
  /** A configuration variable as text, `defaultValue` when there is none. */
  GetConfig: (configType: string, variable: string, defaultValue: string | null) => string | null;
  /** Sets a configuration variable; True and False arrive as "1" and "0". */
  SetConfig: (configType: string, variable: string, value: string) => boolean;
  /** Sets the topic when given one, and returns the topic in any case. */
  Topic: (newTopic: string | null) => string | null;
  /** How many users are online. */
  GetUsersCount: () => number;
  /** How often the hub's main loop turns, per second. */
  GetServFreq: () => number;
  /** The bytes shared by all users, decimal. */
  GetTotalShareSize: () => string;
  /** The hub's name and version. */
  name_and_version: () => string;
  /** Stops the hub after `delay` seconds with an exit code. */
  StopHub: (exitCode: number, delay: number) => boolean;
  /** Adds a bot; `share`: bytes, decimal. */
  AddRobot: (
    nick: string,
    userClass: number,
    desc: string,
    speed: string,
    email: string,
    share: string,
  ) => boolean;
  /** Removes a bot. */
  DelRobot: (nick: string) => boolean;
  /** Whether a nick will do for a bot: one of vh.eBOT_*. */
  IsRobotNickBad: (nick: string) => number;
  /** Runs a query on the hub's database; at most `limit` rows. */
  SQL: (query: string, limit: number) => SqlResult;
}

/** The name of a function of {@link HubApi}. */
export type HubFunction = keyof HubApi;
