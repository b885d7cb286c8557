"""Says what a magnet link in main chat is: its name, its size, and who posted it before.

Worker threads do the work, so that the hub never waits for it: a hook puts links into one queue,
OnTimer takes the answers from another. What takes its time, such as asking a web server for a
page's title, goes into describe().
"""

import base64
import binascii
import queue
import re
import threading
from urllib.parse import parse_qs

import vh

from utils.text import as_said, size

LINK = re.compile(r"magnet:\?(\S+)", re.IGNORECASE)
LENGTH = re.compile(r"\d{1,18}")
TIGER = "urn:tree:tiger:"
WORKERS = 2

# Bounded: who floods the chat with links gets no answers, and costs no memory.
links: queue.Queue[tuple[str, str] | None] = queue.Queue(maxsize=100)
answers: queue.Queue[str] = queue.Queue()

lock = threading.Lock()
first_posted_by: dict[str, str] = {}  # by hash; guarded by lock


def name_and_version() -> tuple[str, str]:
    return "Magnets", "1.0"


def describe(nick: str, link: str) -> str | None:
    """What a link's query says; None when it names no file."""
    fields = {key: values[0] for key, values in parse_qs(link).items()}
    file_hash = fields.get("xt", "").removeprefix(TIGER).upper()
    try:
        if len(base64.b32decode(file_hash + "=")) != 24:
            return None
    except (binascii.Error, ValueError):
        return None
    with lock:
        poster = first_posted_by.setdefault(file_hash, nick)
        if len(first_posted_by) > 10_000:
            del first_posted_by[next(iter(first_posted_by))]
    name = " ".join(fields.get("dn", "a file without a name").split())
    described = f"{nick}'s link: {name}"
    if LENGTH.fullmatch(fields.get("xl", "")):
        described += f", {size(int(fields['xl']))}"
    return described if poster == nick else f"{described} (first posted by {poster})"


def work() -> None:
    while (item := links.get()) is not None:
        try:
            answer = describe(*item)
        except Exception as error:  # one bad link must not end the worker
            print(f"magnets: {item[1]!r}: {error!r}")
            continue
        if answer:
            answers.put(answer)


def OnParsedMsgChat(nick: str, msg: str) -> None:
    found = LINK.findall(msg)
    if not found or as_said(nick, msg) is None:
        return
    for link in found:
        try:
            links.put_nowait((nick, link))
        except queue.Full:
            return


def OnTimer() -> None:
    while not answers.empty():
        # A link may hide a | or $ as %7C or %24: Encode keeps it from being read as protocol.
        vh.mc(vh.Encode(answers.get()))


def UnLoad() -> None:
    for _ in threads:
        links.put(None)
    for thread in threads:
        thread.join()


threads = [threading.Thread(target=work, name=f"magnets-{n}") for n in range(WORKERS)]
for thread in threads:
    thread.start()
