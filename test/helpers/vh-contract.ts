/** The vh functions as CONTRACT section 1 promises them, each as one line of Python. */

const LINES = `
SendToAll(message: str) -> bool
mc(message: str, from_nick: str | None = None) -> bool
usermc(message: str, nick: str, from_nick: str | None = None) -> bool
classmc(message: str, min_class: int, max_class: int, from_nick: str | None = None) -> bool
pm(message: str, nick: str, from_nick: str | None = None, back_nick: str | None = None) -> bool
SendPMToAll(message: str, from_nick: str, min_class: int = 0, max_class: int = 10) -> bool
SendToOpChat(message: str, from_nick: str | None = None) -> bool
SendDataToUser(data: str, nick: str, delay: int = 0) -> bool
SendDataToAll(data: str, min_class: int = 0, max_class: int = 10, delay: int = 0) -> bool
SendToActive(data: str, delay: int = 0) -> bool
SendToPassive(data: str, delay: int = 0) -> bool
SendToActiveClass(data: str, min_class: int, max_class: int, delay: int = 0) -> bool
SendToPassiveClass(data: str, min_class: int, max_class: int, delay: int = 0) -> bool
GetUserClass(nick: str) -> int
GetUserHost(nick: str) -> str | None
GetUserIP(nick: str) -> str | None
GetUserCC(nick: str) -> str | None
GetUserHubURL(nick: str) -> str | None
GetUserExtJSON(nick: str) -> str | None
GetIPCC(ip: str) -> str | None
GetIPCN(ip: str) -> str | None
GetIPCity(ip: str, db: str | None = None) -> str | None
GetIPASN(ip: str, db: str | None = None) -> str | None
GetGeoIP(ip: str, db: str | None = None) -> dict | None
GetMyINFO(nick: str) -> MyINFO | None
SetMyINFO(nick: str, desc: str | None = None, tag: str | None = None, speed: str | None = None, email: str | None = None, share: str | int | None = None) -> bool
SetMyINFOFlag(nick: str, flag: int) -> bool
UnsetMyINFOFlag(nick: str, flag: int) -> bool
SetUserIP(nick: str, ip: str) -> bool
GetNickList() -> list[str]
GetOpList() -> list[str]
GetBotList() -> list[str]
GetRawNickList() -> str
GetRawOpList() -> str
GetRawBotList() -> str
AddRegUser(nick: str, user_class: int, password: str = '', op_note: str = '') -> bool
DelRegUser(nick: str) -> bool
SetRegClass(nick: str, user_class: int) -> bool
KickUser(op_nick: str, target_nick: str, reason: str, note: str | int = '', op_note: str | int = '', ban_time: str | int = 0) -> bool
Ban(op_nick: str, target_nick: str, reason: str, duration_sec: int, ban_type: int) -> bool
DelNickTempBan(nick: str) -> bool
DelIPTempBan(ip: str) -> bool
CloseConnection(nick: str, reason_code: int = 0, delay: int = 0) -> bool
UserRestrictions(nick: str, nochat: str = '', nopm: str = '', nosearch: str = '', noctm: str = '') -> bool
ParseCommand(nick: str, command: str, is_pm: int = 0) -> bool
ScriptCommand(cmd: str, data: str, plugin: str = '', script: str = '') -> bool
ScriptQuery(cmd: str, data: str, recipient: str = '', verbose: bool = False) -> list
GetConfig(config_type: str, variable: str, default: str | None = None) -> str | None
SetConfig(config_type: str, variable: str, value: str | int | float | bool) -> bool
Topic(new_topic: str | None = None) -> str | None
GetUsersCount() -> int
GetServFreq() -> int
GetTotalShareSize() -> str
name_and_version(name: str | None = None, version: str | None = None) -> str
StopHub(exit_code: int = 0, delay: int = 0) -> bool
AddRobot(nick: str, user_class: int, desc: str, speed: str, email: str, share: str | int) -> bool
DelRobot(nick: str) -> bool
IsRobotNickBad(nick: str) -> int
SQL(query: str, limit: int = 100) -> tuple[bool, list[list[str | None]]]
Encode(string: str) -> str
Decode(string: str) -> str
CallDynamicFunction(func_name: str, *args) -> object
`;

export interface Parameter {
  readonly name: string;
  /** Python's spelling. */
  readonly type: string;
  /** Python's spelling; absent: required. */
  readonly default?: string;
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly result: string;
}

function parse(line: string): Signature {
  const [, name = "", list = "", result = ""] = /^(\w+)\((.*)\) -> (.*)$/.exec(line) ?? [];
  const parameters = list.split(", ").flatMap((text): Parameter[] => {
    const [, parameter, type, given] = /^(\w+): (.*?)(?: = (.*))?$/.exec(text) ?? [];
    if (parameter === undefined || type === undefined) return [];
    return [{ name: parameter, type, ...(given !== undefined && { default: given }) }];
  });
  return { name, parameters, result };
}

/** All 62, in the contract's order. */
export const SIGNATURES: readonly Signature[] = LINES.trim().split("\n").map(parse);

/** Beside the manual's 58. */
export const OURS = ["SendToAll", "GetIPCity", "ScriptQuery", "CallDynamicFunction"];

/** What the core serves without the hub. */
export const OF_CORE = ["ScriptCommand", "ScriptQuery", "Encode", "Decode", "CallDynamicFunction"];

/** Those that the hub serves, as it sees them: name_and_version comes without arguments only. */
export const HUB_SIGNATURES = SIGNATURES.filter(({ name }) => !OF_CORE.includes(name)).map(
  (signature) =>
    signature.name === "name_and_version" ? { ...signature, parameters: [] } : signature,
);

export const CONSTANTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  eCR: {
    DEFAULT: 0,
    INVALID_USER: 1,
    KICKED: 2,
    BANNED: 2,
    FORCEMOVE: 3,
    QUIT: 4,
    HUB_LOAD: 5,
    TIMEOUT: 6,
    TO_ANYACTION: 7,
    USERLIMIT: 8,
    SHARE_LIMIT: 9,
    TAG_NONE: 10,
    TAG_INVALID: 11,
    PASSWORD: 12,
    LOGIN_ERR: 13,
    SYNTAX: 14,
    INVALID_KEY: 15,
    RECONNECT: 16,
    CLONE: 17,
    SELF: 18,
    BADNICK: 19,
    NOREDIR: 20,
    PLUGIN: 21,
  },
  eBOT: { OK: 0, EXISTS: 1, WITHOUT_NICK: 2, BAD_CHARS: 3, RESERVED_NICK: 4, API_ERROR: 5 },
  eBF: {
    NICKIP: 1,
    IP: 2,
    NICK: 4,
    RANGE: 8,
    HOST1: 16,
    HOST2: 32,
    HOST3: 64,
    SHARE: 128,
    PREFIX: 256,
    HOSTR1: 512,
    REVERSE: 512,
  },
  eIT: {
    VOID: 0,
    BOOL: 1,
    CHAR: 2,
    INT: 3,
    UINT: 4,
    LONG: 5,
    ULONG: 6,
    PCHAR: 7,
    TIMET: 8,
    LLONG: 9,
    ULLONG: 10,
    AR_BYTE: 11,
    STRING: 12,
    DOUBLE: 13,
  },
  eUC: { PINGER: -1, NORM: 0, REG: 1, VIP: 2, OP: 3, CHEEF: 4, ADMIN: 5, MASTER: 10 },
  eMF: { NORM: 1, AWAY: 2, SERV: 4, FIRE: 8, TLS: 16, NAT: 32 },
  eUR: { CHAT: 1, PM: 2, SEARCH: 4, CTM: 8 },
};
