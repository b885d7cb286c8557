"""What the trials run."""

import vh


def OnParsedMsgChat(nick, msg):
    return 1


def ask(count):
    call = vh.GetUserClass
    for _ in range(count):
        call("alice")


def echo(value):
    return value
