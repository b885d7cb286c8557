"""Calls each function of the C++ plugin when somebody says !plugin in main chat."""

import vh

call = vh.CallDynamicFunction


def answers(nick):
    yield "1 + 2 = %d" % call("add", 1, 2)
    yield "%s backwards is %s" % (nick, call("reverse", nick))
    yield "counting down: %s" % call("reverse_list", [1, 2.5, ["three", None]])
    yield "one field more: %s" % call("add_field", {"nick": nick}, "mood", "fine")
    users = [{"nick": nick, "class": vh.GetUserClass(nick), "share": 2**40}, {"nick": "bob", "class": 0}]
    yield "counted: %s" % call("process_user_data", {"users": users})
    try:
        call("add", 1, "2")
    except vh.HubError as error:
        yield "refused: %s" % error
    calls, seconds, name = call("get_stats")
    yield "%s was called %d times" % (name, calls)


def OnParsedMsgChat(nick, msg):
    if msg != "!plugin":
        return 1
    for answer in answers(nick):
        vh.usermc(answer, nick)
    return 0
