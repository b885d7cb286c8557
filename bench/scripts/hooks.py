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


def add(count):
    call = vh.CallDynamicFunction
    for _ in range(count):
        call("add", 1, 2)


def echo(value):
    return value
