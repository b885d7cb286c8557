/**
 * The vh functions about users and bots: what the hub knows of them, and what it changes.
 * @packageDocumentation
 */
import type { HubApi } from "../../hub-api.js";
import { oneForm } from "../addresses.js";
import { BotStatus } from "../constants.js";
import type { Hub } from "../hub.js";
import { infoArgs } from "../info.js";
import { isFlag } from "../myinfo.js";
import { addBot, leave, showInfo } from "../presence.js";
import { escapeField, isNick } from "../protocol.js";
import { lookUpHost } from "../user-host.js";
import { showAddress } from "../user-ip.js";
import { isOperator } from "../users.js";
import { clamp } from "./clamp.js";

/** The functions about users and bots. */
export function userFunctions(hub: Hub) {
  const { users } = hub;

  /** Changes a user's flag byte by a function of it, if the outcome can be sent. */
  function changeFlag(nick: string, bits: number, change: (flag: number) => number): boolean {
    const user = users.get(nick);
    if (!user?.info || bits < 0 || bits > 0xff) return false;
    const flag = change(user.info.flag);
    if (!isFlag(flag)) return false;
    user.info = user.info.with({ flag });
    showInfo(hub, user);
    return true;
  }

  function botStatus(nick: string): number {
    if (nick === "") return BotStatus.WithoutNick;
    if (!isNick(nick)) return BotStatus.BadChars;
    if ([hub.botName, hub.opChatName].includes(nick)) return BotStatus.ReservedNick;
    return users.get(nick) ? BotStatus.Exists : BotStatus.Ok;
  }

  return {
    GetUserClass: (nick) => users.get(nick)?.userClass ?? -2,
    GetUserHost: (nick) => users.get(nick)?.host ?? null,
    GetUserIP: (nick) => users.online(nick)?.ip ?? null,
    GetUserHubURL: (nick) => users.get(nick)?.hubUrl ?? null,
    GetUserExtJSON: (nick) => users.get(nick)?.extJson ?? null,
    GetMyINFO(nick) {
      const info = users.get(nick)?.info;
      return info ? infoArgs(info) : null;
    },
    SetMyINFO(nick, desc, tag, speed, email, share) {
      const user = users.get(nick);
      if (!user?.info || (share !== null && !/^\d+$/.test(share))) return false;
      const { info } = user;
      const field = (text: string | null, old: string): string =>
        text === null ? old : escapeField(text);
      user.info = info.with({
        desc: field(desc, info.desc),
        tag: field(tag, info.tag),
        speed: field(speed, info.speed),
        email: field(email, info.email),
        share: share ?? info.share,
      });
      showInfo(hub, user);
      return true;
    },
    SetMyINFOFlag: (nick, flag) => changeFlag(nick, flag, (old) => old | flag),
    UnsetMyINFOFlag: (nick, flag) => changeFlag(nick, flag, (old) => old & ~flag),
    SetUserIP(nick, address) {
      const user = users.online(nick);
      const ip = oneForm(address);
      if (!user || ip === undefined) return false;
      user.ip = ip;
      delete user.host;
      lookUpHost(user);
      showAddress(hub, user);
      return true;
    },
    GetNickList: () => users.nicks(),
    GetOpList: () => users.nicks(isOperator),
    GetBotList: () => users.nicks((user) => !user.client),
    GetUsersCount: () => users.listening().length,
    GetTotalShareSize: () => users.totalShare.toString(),
    AddRobot(nick, userClass, desc, speed, email, share) {
      if (botStatus(nick) !== BotStatus.Ok || !/^\d+$/.test(share)) return false;
      addBot(hub, { nick, userClass: clamp(userClass, -1, 10), desc, speed, email, share });
      return true;
    },
    DelRobot(nick) {
      const bot = users.get(nick);
      if (!bot || bot.client || [hub.botName, hub.opChatName].includes(bot.nick)) return false;
      leave(hub, bot);
      return true;
    },
    IsRobotNickBad: botStatus,
  } satisfies Partial<HubApi>;
}
