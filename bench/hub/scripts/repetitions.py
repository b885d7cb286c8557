"""Blocks what a user has just said, said again."""

import time

import vh

SECONDS = 30

last: dict[str, tuple[str, float]] = {}


def OnParsedMsgChat(nick: str, msg: str) -> int:
    now = time.monotonic()
    text, when = last.get(nick, ("", 0.0))
    last[nick] = msg, now
    if msg != text or now - when > SECONDS:
        return 1
    vh.usermc("You have said so already.", nick)
    return 0


def OnUserLogout(nick: str) -> None:
    last.pop(nick, None)
