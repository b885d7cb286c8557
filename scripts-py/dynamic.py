"""Uses two functions that are registered beyond what vh has. Commands: +uptime, +words.

hub_uptime() of the hub tells how long it runs; count_words(texts), of `vh-python run` without
--base-dir, counts words. Where one is missing, the command says so.
"""

from collections import deque

import vh

from utils.text import as_said, duration, reply

said: deque[str] = deque(maxlen=200)


def name_and_version() -> tuple[str, str]:
    return "Dynamic", "1.0"


def uptime() -> str:
    try:
        hub = vh.CallDynamicFunction("hub_uptime")
    except NameError:
        return "This hub does not tell how long it runs."
    return f"Up for {duration(hub['seconds'])}, since {hub['started']}. Users: {hub['users']}."


def words() -> str:
    if not said:
        return "Nothing was said yet."
    try:
        counts = vh.CallDynamicFunction("count_words", list(said))
    except NameError:
        return "This hub does not count words."
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]
    return "Most said: " + ", ".join(f"{word} ({count})" for word, count in most)


def OnParsedMsgChat(nick: str, msg: str) -> None:
    text = as_said(nick, msg)
    if text is not None:
        said.append(text)


def OnHubCommand(nick: str, command: str, user_class: int, in_pm: int, prefix: str) -> int:
    match command.strip().lower():
        case "uptime":
            reply(nick, uptime(), in_pm)
        case "words":
            reply(nick, words(), in_pm)
        case _:
            return 1
    return 0


def OnScriptQuery(cmd: str) -> str | None:
    return "+uptime: how long the hub runs\n+words: the most said words" if cmd == "help" else None
