// The scripts of the soak: what they answer, how they hang, and the threads that they start.
import { HANGS, LIVE } from "../helpers/sections.mjs";

export { HANGS, LIVE };

/** Kinds of threads that take all the time they can get. */
export const BUSY = /busy|short C calls|imports|raises and catches|never awaits|written for ever/;

/** What ends a load. */
export const FAILURES = {
  raises: "raise ValueError(me)",
  "is no Python": "def (",
  exits: "raise SystemExit",
  hangs: "hang()",
};

/** A script that calls itself `me`. The parts that it is made of do not see each other's names. */
export const script = (me, hang, kind, last = "") => `
import vh

me = ${JSON.stringify(me)}
parts = []
armed = False

def start(source):
    part = {"__name__": __name__}
    parts.append(part)
    exec(compile(source, __file__, "exec"), part)

def hang(): parts[0]["hang"]()

def arm():
    global armed
    armed = True

def add(a, b): return a + b

def fail(): raise KeyError(me)

def OnScriptQuery(cmd, data, recipient, sender): return me

def OnParsedMsgChat(nick, msg):
    assert vh.GetUserClass(nick) == len(nick)
    return msg != me

def OnTimer(ms):
    global armed
    if armed:
        armed = False
        hang()

def UnLoad():
    for part in parts:
        if "UnLoad" in part: part["UnLoad"]()

start(${JSON.stringify(HANGS[hang])})
start(${JSON.stringify(LIVE[kind])})
${last}
`;
