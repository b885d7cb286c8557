"""Greets users at login. Commands: +stats (the hub in numbers), +help (all scripts' commands)."""

import time

import vh

from utils.text import duration, reply, size

HELP = "+stats: the hub in numbers\n+help: this list"

logins = 0
messages = 0


def name_and_version() -> tuple[str, str]:
    return "Welcome", "1.0"


def OnUserLogin(nick: str) -> None:
    global logins
    logins += 1
    topic = vh.Topic()
    greeting = f"Welcome, {nick}! Users online: {vh.GetUsersCount()}. Type +help for the commands."
    vh.usermc(f"{greeting}\nTopic: {topic}" if topic else greeting, nick)


def OnParsedMsgChat(nick: str, msg: str) -> None:
    global messages
    messages += 1


def OnHubCommand(nick: str, command: str, user_class: int, in_pm: int, prefix: str) -> int:
    match command.strip().lower():
        case "stats":
            reply(nick, stats(), in_pm)
        case "help" if prefix != "!":  # !help is the hub's own
            reply(nick, "\n".join(["Commands:", HELP, *vh.ScriptQuery("help", "")]), in_pm)
        case _:
            return 1
    return 0


def stats() -> str:
    share = int(vh.GetTotalShareSize())
    return (
        f"Users online: {vh.GetUsersCount()}, sharing {size(share)}. "
        f"The hub is up for {duration(time.time() - vh.starttime)}. "
        f"Since this script was loaded: logins {logins}, chat messages {messages}."
    )
