"""Keeps what was said in main chat, across restarts. Command: +history N.

The last lines are shown at login. They are kept in history.db in the hub's folder, by sqlite3.
"""

import re
import sqlite3
import time
from pathlib import Path

import vh

from utils.text import as_said, reply

SHOWN_AT_LOGIN = 5
SHOWN_AT_MOST = 100
KEPT = 1000
NUMBER = re.compile(r"[1-9]\d{0,3}")

db = sqlite3.connect(Path(vh.basedir, "history.db"))
db.execute("PRAGMA journal_mode = WAL")
db.execute(
    "CREATE TABLE IF NOT EXISTS chat (id INTEGER PRIMARY KEY, time REAL, nick TEXT, message TEXT)"
)


def name_and_version() -> tuple[str, str]:
    return "History", "1.0"


def storable(text: str) -> str:
    """Text that SQLite takes: bytes that are not UTF-8 arrive as lone surrogates."""
    return text.encode("utf-8", "replace").decode()


def last(count: int) -> str:
    """The last lines, oldest first."""
    query = "SELECT time, nick, message FROM chat ORDER BY id DESC LIMIT ?"
    rows = db.execute(query, (count,)).fetchall()
    return "\n".join(
        f"[{time.strftime('%d.%m. %H:%M', time.localtime(when))}] <{nick}> {message}"
        for when, nick, message in reversed(rows)
    )


def OnParsedMsgChat(nick: str, msg: str) -> None:
    said = as_said(nick, msg)
    if said is not None:
        row = (time.time(), storable(nick), storable(said))
        db.execute("INSERT INTO chat (time, nick, message) VALUES (?, ?, ?)", row)


def OnTimer() -> None:
    # Once a tick, not once a message: a commit waits for the disk, and the hub with it.
    if db.in_transaction:
        db.execute("DELETE FROM chat WHERE id <= (SELECT max(id) FROM chat) - ?", (KEPT,))
        db.commit()


def OnUserLogin(nick: str) -> None:
    lines = last(SHOWN_AT_LOGIN)
    if lines:
        vh.usermc(f"Last said here:\n{lines}", nick)


def OnHubCommand(nick: str, command: str, user_class: int, in_pm: int, prefix: str) -> int:
    word, _, rest = command.strip().lower().partition(" ")
    if word != "history":
        return 1
    number = rest.strip() or "20"
    if NUMBER.fullmatch(number):
        lines = last(min(int(number), SHOWN_AT_MOST))
        reply(nick, lines or "Nothing was said yet.", in_pm)
    else:
        reply(nick, "Usage: +history N", in_pm)
    return 0


def OnScriptQuery(cmd: str) -> str | None:
    return "+history N: the last N lines of main chat" if cmd == "help" else None


def UnLoad() -> None:
    db.commit()
    db.close()
