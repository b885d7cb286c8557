import json

import vh

DATA = {
    "nick": "SomeNick",
    "share": 123456789012,
    "ratio": 0.75,
    "tags": ["op", "vip", "reg"],
    "note": None,
    "users": [{"nick": "user%d" % i, "class": i, "online": i % 2 == 0, "ip": "10.0.0.%d" % i} for i in range(14)],
}


def OnParsedMsgChat(nick, msg):
    return 1


def ask(count):
    ask = vh.GetUserClass
    for _ in range(count):
        ask("alice")


def add(count):
    call = vh.CallDynamicFunction
    for _ in range(count):
        call("add", 1, 2)


def echo(count):
    call = vh.CallDynamicFunction
    for _ in range(count):
        call("echo", DATA)


def echo_json(count):
    for _ in range(count):
        json.loads(json.dumps(DATA))


def size(count):
    return len(json.dumps(DATA))


# What the floor puts in place of vh's functions.
def floor_ask(call, count):
    for _ in range(count):
        call("alice")


def floor_add(call, count):
    for _ in range(count):
        call("add", 1, 2)
