"""Reminders. Commands: +remind 10s tea is ready (s, m, h or d), +reminders (how many wait).

An asyncio loop in a thread of its own holds a coroutine for each reminder. What is due goes by a
queue to OnTimer, which tells it; who is offline then is told at the next login.
"""

import asyncio
import queue
import re
import threading

import vh

from utils.text import duration, reply

USAGE = "Usage: +remind 10s text, with s, m, h or d; at most 30 days."
REQUEST = re.compile(r"(\d{1,9})([smhd])\s+(.+)", re.IGNORECASE | re.DOTALL)
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST = 30 * 86400
MOST_PER_USER = 5

loop = asyncio.new_event_loop()
stopped = asyncio.Event()
due: queue.Queue[tuple[str, str]] = queue.Queue()
lock = threading.Lock()
waiting: dict[str, int] = {}  # reminders not yet due, by nick; guarded by lock
missed: dict[str, list[str]] = {}  # due while the user was offline; only hooks touch it


def name_and_version() -> tuple[str, str]:
    return "Remind", "1.0"


def run_loop() -> None:
    # The Runner cancels what is left and closes the loop.
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(stopped.wait())


async def remind(nick: str, text: str, seconds: int) -> None:
    await asyncio.sleep(seconds)
    with lock:
        waiting[nick] -= 1
        if not waiting[nick]:
            del waiting[nick]
    due.put((nick, text))


def add(nick: str, request: str) -> str:
    """Takes a request such as "10s text"; returns what to tell the user."""
    parsed = REQUEST.fullmatch(request)
    if not parsed:
        return USAGE
    amount, unit, text = parsed.groups()
    seconds = int(amount) * SECONDS[unit.lower()]
    if seconds > LONGEST:
        return USAGE
    with lock:
        if waiting.get(nick, 0) + len(missed.get(nick, [])) >= MOST_PER_USER:
            return f"You have {MOST_PER_USER} reminders already."
        waiting[nick] = waiting.get(nick, 0) + 1
    asyncio.run_coroutine_threadsafe(remind(nick, text, seconds), loop)
    return f"You will be reminded in {duration(seconds)}."


def OnHubCommand(nick: str, command: str, user_class: int, in_pm: int, prefix: str) -> int:
    word, _, rest = command.strip().partition(" ")
    match word.lower():
        case "remind":
            reply(nick, add(nick, rest.strip()), in_pm)
        case "reminders":
            with lock:
                count = waiting.get(nick, 0)
            reply(nick, f"Reminders that wait for their time: {count}.", in_pm)
        case _:
            return 1
    return 0


def tell(nick: str, text: str) -> None:
    if vh.GetUserClass(nick) == -2 or not vh.pm(f"Reminder: {text}", nick):
        missed.setdefault(nick, []).append(text)


def OnTimer() -> None:
    while not due.empty():
        tell(*due.get())


def OnUserLogin(nick: str) -> None:
    for text in missed.pop(nick, []):
        tell(nick, text)


def OnScriptQuery(cmd: str) -> str | None:
    return "+remind 10s text: a reminder\n+reminders: how many wait" if cmd == "help" else None


def UnLoad() -> None:
    loop.call_soon_threadsafe(stopped.set)
    thread.join()


thread = threading.Thread(target=run_loop, name="remind")
thread.start()
