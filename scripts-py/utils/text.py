"""What the example scripts share: it lies beside them, so `from utils.text import …` finds it."""

import json

import vh


def reply(nick: str, text: str, in_pm: int) -> None:
    """Answers a command where it was given: in private, or in main chat to that user alone."""
    if in_pm:
        vh.pm(text, nick)
    else:
        vh.usermc(text, nick)


def as_said(nick: str, message: str) -> str | None:
    """A chat message as the word filter lets it through: None when it is blocked.

    Every script sees a message as it was typed, so one that keeps or repeats messages asks here.
    """
    for answer in vh.ScriptQuery("word_filter", json.dumps([nick, message])):
        text = json.loads(answer)
        if text is None:
            return None
        message = text
    return message


def size(count: float) -> str:
    """A number of bytes, such as "4.1 GiB"."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.4g} {unit}"
        count /= 1024
    return f"{count:.4g} TiB"


def duration(seconds: float) -> str:
    """A length of time, such as "2d 3h 4m" or "5s"."""
    minutes, secs = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if not (days or hours or minutes):
        return f"{secs}s"
    return " ".join(f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if n)
