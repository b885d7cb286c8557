"""Keeps words out of chat: some are replaced, some block the message. Operators may say anything.

The list is word_filter.txt in the hub's folder, if there is one. A line `word = other` replaces, a
line `word` blocks, `#` begins a comment. Operators: !filter reads it again.
"""

import json
import re
from pathlib import Path

import vh

DEFAULT_LIST = """
darn = d**n
buy cheap shares
"""

blocked: list[re.Pattern[str]] = []
replaced: list[tuple[re.Pattern[str], str]] = []


def name_and_version() -> tuple[str, str]:
    return "Word filter", "1.0"


def read_list() -> None:
    """Takes the list into use; a list that cannot be read leaves the former one."""
    try:
        text = Path(vh.basedir, "word_filter.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        text = DEFAULT_LIST
    blocked.clear()
    replaced.clear()
    for line in text.splitlines():
        word, equals, other = (part.strip() for part in line.partition("#")[0].partition("="))
        if not word:
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        if equals:
            replaced.append((pattern, other))
        else:
            blocked.append(pattern)


def clean(nick: str, message: str) -> str | None:
    """The message as it may be said; None when it may not."""
    if vh.GetUserClass(nick) >= vh.eUC_OP:
        return message
    if any(pattern.search(message) for pattern in blocked):
        return None
    for pattern, other in replaced:
        message = pattern.sub(lambda match: other, message)
    return message


def OnParsedMsgChat(nick: str, msg: str) -> int | tuple[str, str]:
    text = clean(nick, msg)
    if text is None:
        vh.usermc("Your message was not sent: it contains words that are not welcome here.", nick)
        return 0
    return 1 if text == msg else (nick, text)


def OnParsedMsgPM(nick: str, msg: str, to_nick: str) -> int:
    # A private message cannot be changed, only blocked.
    return 0 if clean(nick, msg) is None else 1


def OnParsedMsgMCTo(nick: str, msg: str, to_nick: str) -> int:
    return OnParsedMsgPM(nick, msg, to_nick)


def OnOperatorCommand(nick: str, command: str) -> int:
    if command[1:].strip().lower() != "filter":
        return 1
    try:
        read_list()
        vh.usermc(f"Word filter: words replaced {len(replaced)}, blocked {len(blocked)}.", nick)
    except (OSError, UnicodeDecodeError) as error:
        vh.usermc(f"Word filter: the list stays as it was: {error}", nick)
    return 0


def OnScriptQuery(cmd: str, data: str) -> str | None:
    if cmd == "word_filter":  # utils.text.as_said
        return json.dumps(clean(*json.loads(data)))
    if cmd == "help":
        return "!filter: read the word filter's list again (operators)"
    return None


read_list()
