"""Blocks invitations to other hubs by users who are not registered."""

import re

import vh

ADDRESS = re.compile(r"\b(?:dchub|nmdcs?|adcs?)://\S+", re.IGNORECASE)


def OnParsedMsgChat(nick: str, msg: str) -> int:
    if vh.GetUserClass(nick) >= vh.eUC_REG or not ADDRESS.search(msg):
        return 1
    vh.usermc("Please do not invite people to other hubs.", nick)
    return 0
