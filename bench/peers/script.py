"""What the peers call; bench/scripts/hooks.py has the same functions for vh-python."""


def hook(nick, msg):
    return 1


def ask(call, count):
    for _ in range(count):
        call("alice")


def echo(value):
    return value
