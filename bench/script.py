"""What the trials run."""

import vh


def OnParsedMsgChat(nick, msg):
    return 1


def OnUserCommand(nick, command):
    for _ in range(3):
        vh.GetUserClass(nick)


def ask(count):
    call = vh.GetUserClass
    for _ in range(count):
        call("alice")


def echo(value):
    return value
