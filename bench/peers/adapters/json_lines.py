"""The Python end of json-lines.mjs."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import script

read = sys.stdin.buffer.readline
write = sys.stdout.buffer.write
flush = sys.stdout.buffer.flush


def send(value):
    write(json.dumps(value).encode() + b"\n")
    flush()


def call(*args):
    send({"called": args})
    return json.loads(read())


functions = {
    "hook": script.hook,
    "ask": lambda count: script.ask(call, count),
    "echo": script.echo,
}
while line := read():
    name, *args = json.loads(line)
    send({"result": functions[name](*args)})
