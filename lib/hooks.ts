/**
 * The hooks: every event a hub can dispatch to its scripts, with the arguments each one carries.
 * The native core holds the same list (binding/src/core/hooks.cpp); a test keeps the two equal.
 * @packageDocumentation
 */

/** The argument list of every hook, by hook name. Strings are what the client sent, unaltered. */
export interface Hooks {
  /** A connection was accepted. Blocked: refuse it. */
  OnNewConn: [ip: string];
  /** A connection closed. */
  OnCloseConn: [ip: string];
  /** A connection closed; `closeReason` is one of vh.eCR_*, `nick` is "" before login. */
  OnCloseConnEx: [ip: string, closeReason: number, nick: string];
  /** Main chat. Blocked: drop it. Scripts may substitute both arguments. */
  OnParsedMsgChat: [nick: string, msg: string];
  /** A private message. Blocked: drop it. */
  OnParsedMsgPM: [nick: string, msg: string, toNick: string];
  /** A main chat message to one user (`$MCTo`). Blocked: drop it. */
  OnParsedMsgMCTo: [nick: string, msg: string, toNick: string];
  /** `$Search`, the whole message. Blocked: drop it. */
  OnParsedMsgSearch: [nick: string, message: string];
  /** `$SR`, the whole message. Blocked: drop it. */
  OnParsedMsgSR: [nick: string, message: string];
  /** `$MyINFO`. Blocked: ignore it. Scripts may substitute all but the nick. */
  OnParsedMsgMyINFO: [
    nick: string,
    desc: string,
    tag: string,
    speed: string,
    email: string,
    share: string,
  ];
  /** The first `$MyINFO`, at login, before OnParsedMsgMyINFO. Blocked: disconnect. */
  OnFirstMyINFO: [
    nick: string,
    desc: string,
    tag: string,
    speed: string,
    email: string,
    share: string,
  ];
  /** `$ValidateNick`, the whole message. Blocked: disconnect. */
  OnParsedMsgValidateNick: [message: string];
  /** Any message of a user who is known by nick. Blocked: not processed. */
  OnParsedMsgAny: [nick: string, message: string];
  /** Any message before the nick is known. Blocked: not processed. */
  OnParsedMsgAnyEx: [ip: string, message: string];
  /** A message to the operators' chat. Blocked: drop it. */
  OnOpChatMessage: [nick: string, msg: string];
  /** The hub's bot spoke in main chat to a class range. */
  OnPublicBotMessage: [nick: string, msg: string, minClass: number, maxClass: number];
  /** The hub is going down; 0 unless it dies of an error. Followed by each script's UnLoad(). */
  OnUnLoad: [code: number];
  /** A client connected here as to a peer. Blocked: disconnect. */
  OnCtmToHub: [myNick: string, ip: string, port: number, serverPort: number, ref: string];
  /** `$Supports`, the whole message, and the hub's answer. Blocked: the answer is not sent. */
  OnParsedMsgSupports: [ip: string, message: string, answer: string];
  /** `$MyHubURL`, the whole message. Blocked: disconnect. */
  OnParsedMsgMyHubURL: [nick: string, message: string];
  /** `$ExtJSON`, the whole message. Blocked: not forwarded. */
  OnParsedMsgExtJSON: [nick: string, message: string];
  /** `$BotINFO`, the whole message. Blocked: disconnect. */
  OnParsedMsgBotINFO: [nick: string, message: string];
  /** `$Version`, the whole message. Blocked: disconnect. */
  OnParsedMsgVersion: [ip: string, message: string];
  /** `$MyPass`, the whole message. Blocked: disconnect. */
  OnParsedMsgMyPass: [nick: string, message: string];
  /** `$ConnectToMe`. Blocked: drop it. */
  OnParsedMsgConnectToMe: [nick: string, otherNick: string, ip: string, port: string];
  /** `$RevConnectToMe`. Blocked: drop it. */
  OnParsedMsgRevConnectToMe: [nick: string, otherNick: string];
  /** A message the hub does not know. */
  OnUnknownMsg: [nick: string, message: string];
  /** An operator's command, whole, with its prefix. Blocked: not run. */
  OnOperatorCommand: [nick: string, command: string];
  /** An operator kicks. Blocked: cancelled. */
  OnOperatorKicks: [op: string, nick: string, reason: string];
  /** An operator drops a user. Blocked: cancelled. */
  OnOperatorDrops: [op: string, nick: string];
  /** The same with its reason; both are dispatched. Blocked: cancelled. */
  OnOperatorDropsWithReason: [op: string, nick: string, reason: string];
  /** The tag of a `$MyINFO`. Blocked: the tag is invalid. */
  OnValidateTag: [nick: string, tag: string];
  /** A user's command, whole, with its prefix. Blocked: not run. */
  OnUserCommand: [nick: string, command: string];
  /** Any command without its prefix, after one of the former two. Blocked: not run. */
  OnHubCommand: [nick: string, command: string, userClass: number, inPm: number, prefix: string];
  /** vh.ScriptCommand of a script; `script` is the caller's path unless it gave another. */
  OnScriptCommand: [cmd: string, data: string, plugin: string, script: string];
  /** A user is about to appear in the user list. Blocked: disconnect. */
  OnUserInList: [nick: string];
  /** A user has logged in. Blocked: disconnect. */
  OnUserLogin: [nick: string];
  /** A user has gone. */
  OnUserLogout: [nick: string];
  /** Every `timer_serv_period` ms; milliseconds since the epoch. */
  OnTimer: [milliseconds: number];
  /** A user is being registered. Blocked: not registered. */
  OnNewReg: [op: string, nick: string, userClass: number];
  /** A ban is being set. Blocked: not banned. */
  OnNewBan: [op: string, ip: string, nick: string, reason: string];
  /** A configuration variable is being set; `valType` is one of vh.eIT_*. Blocked: not changed. */
  OnSetConfig: [
    nick: string,
    conf: string,
    variable: string,
    newValue: string,
    oldValue: string,
    valType: number,
  ];
  /** vh.ScriptQuery of a script, or {@link ScriptHost.query}; the str a script returns is its answer. */
  OnScriptQuery: [cmd: string, data: string, recipient: string, sender: string];
}

/** The name of a hook. */
export type HookName = keyof Hooks;

/** What all scripts together said of an event. */
export interface Verdict<H extends HookName = HookName> {
  /** False when at least one script blocked the event. */
  readonly allowed: boolean;
  /** The arguments to go on with: the dispatched ones, or what a script put in their place. */
  readonly args: Hooks[H];
}

/** The number of a hook (the C enum `W_On…`), which says by its type of which. @internal */
export type HookNumber<H extends HookName = HookName> = number & { readonly hook: H };

/** The number of each hook. @internal */
export const Hook = {
  OnNewConn: 0,
  OnCloseConn: 1,
  OnCloseConnEx: 2,
  OnParsedMsgChat: 3,
  OnParsedMsgPM: 4,
  OnParsedMsgMCTo: 5,
  OnParsedMsgSearch: 6,
  OnParsedMsgSR: 7,
  OnParsedMsgMyINFO: 8,
  OnFirstMyINFO: 9,
  OnParsedMsgValidateNick: 10,
  OnParsedMsgAny: 11,
  OnParsedMsgAnyEx: 12,
  OnOpChatMessage: 13,
  OnPublicBotMessage: 14,
  OnUnLoad: 15,
  OnCtmToHub: 16,
  OnParsedMsgSupports: 17,
  OnParsedMsgMyHubURL: 18,
  OnParsedMsgExtJSON: 19,
  OnParsedMsgBotINFO: 20,
  OnParsedMsgVersion: 21,
  OnParsedMsgMyPass: 22,
  OnParsedMsgConnectToMe: 23,
  OnParsedMsgRevConnectToMe: 24,
  OnUnknownMsg: 25,
  OnOperatorCommand: 26,
  OnOperatorKicks: 27,
  OnOperatorDrops: 28,
  OnOperatorDropsWithReason: 29,
  OnValidateTag: 30,
  OnUserCommand: 31,
  OnHubCommand: 32,
  OnScriptCommand: 33,
  OnUserInList: 34,
  OnUserLogin: 35,
  OnUserLogout: 36,
  OnTimer: 37,
  OnNewReg: 38,
  OnNewBan: 39,
  OnSetConfig: 40,
  OnScriptQuery: 41,
} satisfies Readonly<Record<HookName, number>> as { readonly [H in HookName]: HookNumber<H> };

/** All hook names; the position is the hook's number. */
export const HOOK_NAMES = Object.keys(Hook) as readonly HookName[];

/** The name of the hook of a number. @internal */
export function hookName<H extends HookName>(number: HookNumber<H>): H {
  return HOOK_NAMES[number] as H;
}

// V8 finds a constant's constant key while it compiles, but not in what a module exports.
const NUMBERS: Readonly<Record<string, unknown>> = Hook;

/**
 * The number of a hook.
 * @throws TypeError when there is no hook of that name
 * @internal
 */
export function hookNumber(name: HookName): HookNumber {
  const number = NUMBERS[name];
  if (typeof number === "number") return number as HookNumber;
  throw new TypeError(`there is no hook ${name}`);
}
