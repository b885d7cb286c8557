"""The vh module: what a hub offers to its scripts.

The module exists only inside a hub; this file tells editors and mypy what it holds. Every argument
may be given by position or by name. Functions that return bool give True when the hub did it and
False when it could not (no such user, say); those that return `str | None` give None when the hub
has nothing to say.

Errors: TypeError for an argument of a wrong type; OverflowError for an int beyond 64 bits;
NotImplementedError for a function that this hub does not have; HubError for what the hub's own
function threw.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, SupportsIndex, TypedDict, overload

# Attributes, each script's own.

myid: int
"""This script's id. Assigning to it changes nothing about who the script is."""
botname: str
"""The nick of the hub's bot, which speaks where no other sender is named."""
opchatname: str
"""The nick of the operators' chat."""
name: str
"""This script's file name without `.py`."""
path: str
"""This script's file, absolute."""
config_name: str
"""The name of the hub's configuration."""
basedir: str
"""The hub's configuration folder."""
starttime: float
"""When the hub started, in seconds since the epoch."""

# Exceptions.

class HubError(Exception):
    """The hub's own function failed; the message is the hub's."""

class HookTimeout(BaseException):
    """What the watchdog raises in a hook that runs too long.

    A BaseException, so that `except Exception` does not stop it.
    """

# Shapes.

class MyINFO(str):
    """A whole `$MyINFO …` line that also iterates, and indexes by int, as its six fields.

    `nick, desc, tag, speed, email, share = vh.GetMyINFO("alice")`
    """

    @property
    def nick(self) -> str: ...
    @property
    def desc(self) -> str: ...
    @property
    def tag(self) -> str:
        """The client's tag, such as `<++ V:0.868,M:A,H:1/0/0,S:3>`."""
    @property
    def speed(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def share(self) -> str:
        """Shared bytes, decimal."""
    def __iter__(self) -> Iterator[str]: ...
    def __getitem__(self, key: SupportsIndex | slice, /) -> str: ...

class _GeoIP(TypedDict):
    host: str
    range_low: str
    range_high: str
    country_code: str
    country_code_xxx: str
    country: str
    region_code: str
    region: str
    city: str
    postal_code: str
    time_zone: str
    continent_code: str
    continent: str
    latitude: float
    longitude: float
    metro_code: int
    area_code: int

# Chat.

def SendToAll(message: str) -> bool:
    """Main chat to all, from the hub's bot."""

def mc(message: str, from_nick: str | None = None) -> bool:
    """Main chat to all; from the hub's bot without `from_nick`."""

def usermc(message: str, nick: str, from_nick: str | None = None) -> bool:
    """A main chat line that only `nick` sees.

    By position (nick, message) works too: of the two, the one that is online is the recipient.
    """

def classmc(message: str, min_class: int, max_class: int, from_nick: str | None = None) -> bool:
    """Main chat to the users of the classes min_class to max_class."""

def pm(message: str, nick: str, from_nick: str | None = None, back_nick: str | None = None) -> bool:
    """A private message to `nick`; answers go to `back_nick`.

    By position (nick, message) works too: of the two, the one that is online is the recipient.
    """

def SendPMToAll(message: str, from_nick: str, min_class: int = 0, max_class: int = 10) -> bool:
    """A private message to the users of the classes min_class to max_class."""

def SendToOpChat(message: str, from_nick: str | None = None) -> bool:
    """A message to the operators' chat."""

# Raw protocol. The hub adds a missing final `|`.

def SendDataToUser(data: str, nick: str, delay: int = 0) -> bool:
    """Raw protocol to one user. delay: 0 at once, else with the hub's next flush."""

def SendDataToAll(data: str, min_class: int = 0, max_class: int = 10, delay: int = 0) -> bool:
    """Raw protocol to the users of a class range. delay: as for SendDataToUser."""

def SendToActive(data: str, delay: int = 0) -> bool:
    """Raw protocol to the users in active mode. delay: as for SendDataToUser."""

def SendToPassive(data: str, delay: int = 0) -> bool:
    """Raw protocol to the users in passive mode. delay: as for SendDataToUser."""

def SendToActiveClass(data: str, min_class: int, max_class: int, delay: int = 0) -> bool:
    """SendToActive, to the users of a class range."""

def SendToPassiveClass(data: str, min_class: int, max_class: int, delay: int = 0) -> bool:
    """SendToPassive, to the users of a class range."""

# What is known of a user, by nick.

def GetUserClass(nick: str) -> int:
    """The user's class (eUC_*); -2 when nobody of that name is online."""

def GetUserHost(nick: str) -> str | None:
    """The user's host name."""

def GetUserIP(nick: str) -> str | None:
    """The user's address."""

def GetUserCC(nick: str) -> str | None:
    """The user's country code, two letters."""

def GetUserHubURL(nick: str) -> str | None:
    """The hub address that the user's client told by `$MyHubURL`."""

def GetUserExtJSON(nick: str) -> str | None:
    """The `$ExtJSON` that the user's client sent."""

def GetMyINFO(nick: str) -> MyINFO | None:
    """The user's `$MyINFO`; None when nobody of that name is online."""

def SetMyINFO(
    nick: str,
    desc: str | None = None,
    tag: str | None = None,
    speed: str | None = None,
    email: str | None = None,
    share: str | int | None = None,
) -> bool:
    """Changes fields of the user's `$MyINFO`; None keeps a field. share: bytes."""

def SetMyINFOFlag(nick: str, flag: int) -> bool:
    """Sets bits (eMF_*) of the user's `$MyINFO` flag."""

def UnsetMyINFOFlag(nick: str, flag: int) -> bool:
    """Clears bits (eMF_*) of the user's `$MyINFO` flag."""

def SetUserIP(nick: str, ip: str) -> bool:
    """Changes the address that the hub holds for the user."""

# What is known of an address. db: a database other than the hub's own.

def GetIPCC(ip: str) -> str | None:
    """The address's country code, two letters."""

def GetIPCN(ip: str) -> str | None:
    """The address's country name."""

def GetIPCity(ip: str, db: str | None = None) -> str | None:
    """The address's city."""

def GetIPASN(ip: str, db: str | None = None) -> str | None:
    """The address's autonomous system."""

def GetGeoIP(ip: str, db: str | None = None) -> _GeoIP | None:
    """All that is known of the address. latitude and longitude: degrees."""

# Who is online.

def GetNickList() -> list[str]:
    """The nicks of all users, bots included."""

def GetOpList() -> list[str]:
    """The nicks of the operators."""

def GetBotList() -> list[str]:
    """The nicks of the bots."""

def GetRawNickList() -> str:
    """`$NickList a$$b$$`."""

def GetRawOpList() -> str:
    """`$OpList a$$b$$`."""

def GetRawBotList() -> str:
    """`$BotList a$$b$$`."""

def GetUsersCount() -> int:
    """How many users are online."""

def GetTotalShareSize() -> str:
    """The bytes that all users share, decimal."""

# Registrations, kicks and bans.

def AddRegUser(nick: str, user_class: int, password: str = "", op_note: str = "") -> bool:
    """Registers a user with a class of 0 to 5, or 10."""

def DelRegUser(nick: str) -> bool:
    """Removes a registration."""

def SetRegClass(nick: str, user_class: int) -> bool:
    """Changes the class of a registered user."""

def KickUser(
    op_nick: str,
    target_nick: str,
    reason: str,
    note: str | int = "",
    op_note: str | int = "",
    ban_time: str | int = 0,
) -> bool:
    """Kicks a user in the name of op_nick. ban_time: a period such as "10m", or 0."""

def Ban(op_nick: str, target_nick: str, reason: str, duration_sec: int, ban_type: int) -> bool:
    """Bans a user. duration_sec: seconds, 0 for ever; ban_type: eBF_* bits."""

def DelNickTempBan(nick: str) -> bool:
    """Lifts the temporary ban of a nick."""

def DelIPTempBan(ip: str) -> bool:
    """Lifts the temporary ban of an address."""

@overload
def CloseConnection(nick: str, reason_code: int = 0, delay: int = 0) -> bool:
    """Disconnects a user. reason_code: eCR_*; delay: milliseconds.

    (nick, nice, reason), as older scripts call it, closes the connection too.
    """

@overload
def CloseConnection(nick: str, nice: int, reason: str, /) -> bool: ...
def UserRestrictions(
    nick: str, nochat: str = "", nopm: str = "", nosearch: str = "", noctm: str = ""
) -> bool:
    """Forbids chat, private messages, search or connecting.

    Per field: "" leaves it, "0" lifts it, "1" sets it for a week,
    else a period such as "10m", "2h", "3d".
    """

# The hub.

def ParseCommand(nick: str, command: str, is_pm: int = 0) -> bool:
    """Runs a hub command as that user. is_pm: 0 or 1."""

def GetConfig(config_type: str, variable: str, default: str | None = None) -> str | None:
    """A configuration variable as text; `default` when there is none."""

def SetConfig(config_type: str, variable: str, value: str | int | float | bool) -> bool:
    """Sets a configuration variable."""

def Topic(new_topic: str | None = None) -> str | None:
    """Sets the topic when one is given; always returns the topic."""

def GetServFreq() -> int:
    """How often the hub's main loop turns, per second."""

def name_and_version(name: str | None = None, version: str | None = None) -> str:
    """With arguments: names this script for the others. Without: the hub's name and version."""

def StopHub(exit_code: int = 0, delay: int = 0) -> bool:
    """Stops the hub. delay: seconds."""

@overload
def SQL(query: str, limit: int = 100) -> tuple[bool, list[list[str | None]]]:
    """Runs a query on the hub's database: `ok, rows = vh.SQL("select nick from reglist", 10)`.

    Values are text, NULL is None. limit: at most so many rows; below 1 means 100.
    The manual's `SQL(query_type, query)`, two strings, gives the same.
    """

@overload
def SQL(query_type: str, query: str, /) -> tuple[bool, list[list[str | None]]]: ...

# Bots.

def AddRobot(
    nick: str, user_class: int, desc: str, speed: str, email: str, share: str | int
) -> bool:
    """Adds a bot. share: bytes."""

def DelRobot(nick: str) -> bool:
    """Removes a bot."""

def IsRobotNickBad(nick: str) -> int:
    """Whether a nick will do for a bot: eBOT_*."""

# Other scripts, and the hub's own functions.

def ScriptCommand(cmd: str, data: str, plugin: str = "", script: str = "") -> bool:
    """Calls OnScriptCommand of every script, this one's too.

    script: what the hooks get as the caller's path; this script's unless given.
    """

@overload
def ScriptQuery(
    cmd: str, data: str, recipient: str = "", verbose: Literal[False] = False
) -> list[str]:
    """The answers of the scripts' OnScriptQuery.

    recipient: a script's name or path, "" for all. verbose: (name, path, answer) tuples instead of
    answers. The cmd `_get_script_name` is answered for every script with its name.
    """

@overload
def ScriptQuery(
    cmd: str, data: str, recipient: str, verbose: Literal[True]
) -> list[tuple[str, str, str]]: ...
@overload
def ScriptQuery(
    cmd: str, data: str, recipient: str = "", *, verbose: Literal[True]
) -> list[tuple[str, str, str]]: ...
@overload
def ScriptQuery(
    cmd: str, data: str, recipient: str = "", verbose: bool = False
) -> list[str] | list[tuple[str, str, str]]: ...
def CallDynamicFunction(func_name: str, *args: Any) -> Any:
    """Calls a function that the hub has registered; NameError when there is none of that name.

    Arguments: int, float, str, bool, None, bytes, and list, tuple, set, frozenset and dict of them.
    """

# Text.

def Encode(string: str) -> str:
    """Escapes `$ | \\` ~ \\x05` for the protocol: `&#36; &#124; &#96; &#126; &#5;`."""

def Decode(string: str) -> str:
    """Undoes Encode; touches only its five escapes."""

# Why a connection closes (CloseConnection, OnCloseConnEx).

eCR_DEFAULT: Final = 0
eCR_INVALID_USER: Final = 1
eCR_KICKED: Final = 2
eCR_BANNED: Final = 2
eCR_FORCEMOVE: Final = 3
eCR_QUIT: Final = 4
eCR_HUB_LOAD: Final = 5
eCR_TIMEOUT: Final = 6
eCR_TO_ANYACTION: Final = 7
eCR_USERLIMIT: Final = 8
eCR_SHARE_LIMIT: Final = 9
eCR_TAG_NONE: Final = 10
eCR_TAG_INVALID: Final = 11
eCR_PASSWORD: Final = 12
eCR_LOGIN_ERR: Final = 13
eCR_SYNTAX: Final = 14
eCR_INVALID_KEY: Final = 15
eCR_RECONNECT: Final = 16
eCR_CLONE: Final = 17
eCR_SELF: Final = 18
eCR_BADNICK: Final = 19
eCR_NOREDIR: Final = 20
eCR_PLUGIN: Final = 21

# What is wrong with a bot's nick (IsRobotNickBad).

eBOT_OK: Final = 0
eBOT_EXISTS: Final = 1
eBOT_WITHOUT_NICK: Final = 2
eBOT_BAD_CHARS: Final = 3
eBOT_RESERVED_NICK: Final = 4
eBOT_API_ERROR: Final = 5

# What a ban goes by (Ban); bits, so they combine.

eBF_NICKIP: Final = 1
eBF_IP: Final = 2
eBF_NICK: Final = 4
eBF_RANGE: Final = 8
eBF_HOST1: Final = 16
eBF_HOST2: Final = 32
eBF_HOST3: Final = 64
eBF_SHARE: Final = 128
eBF_PREFIX: Final = 256
eBF_HOSTR1: Final = 512
eBF_REVERSE: Final = 512

# The type of a configuration variable (OnSetConfig).

eIT_VOID: Final = 0
eIT_BOOL: Final = 1
eIT_CHAR: Final = 2
eIT_INT: Final = 3
eIT_UINT: Final = 4
eIT_LONG: Final = 5
eIT_ULONG: Final = 6
eIT_PCHAR: Final = 7
eIT_TIMET: Final = 8
eIT_LLONG: Final = 9
eIT_ULLONG: Final = 10
eIT_AR_BYTE: Final = 11
eIT_STRING: Final = 12
eIT_DOUBLE: Final = 13

# User classes.

eUC_PINGER: Final = -1
eUC_NORM: Final = 0
eUC_REG: Final = 1
eUC_VIP: Final = 2
eUC_OP: Final = 3
eUC_CHEEF: Final = 4
eUC_ADMIN: Final = 5
eUC_MASTER: Final = 10

# Bits of the $MyINFO flag.

eMF_NORM: Final = 1
eMF_AWAY: Final = 2
eMF_SERV: Final = 4
eMF_FIRE: Final = 8
eMF_TLS: Final = 16
eMF_NAT: Final = 32

# What UserRestrictions restricts; bits.

eUR_CHAT: Final = 1
eUR_PM: Final = 2
eUR_SEARCH: Final = 4
eUR_CTM: Final = 8
