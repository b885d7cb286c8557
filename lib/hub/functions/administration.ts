/**
 * The vh functions that administer: registrations, kicks, restrictions, configuration, the hub itself.
 * @packageDocumentation
 */
import type { HubApi } from "../../hub-api.js";
import { oneForm } from "../addresses.js";
import { ban } from "../banning.js";
import { looksLikeCommand, runCommand } from "../commands/index.js";
import { HUB_SECTION } from "../config.js";
import { configure } from "../configuring.js";
import { CloseReason } from "../constants.js";
import type { Hub } from "../hub.js";
import { kick } from "../operators.js";
import { parsePeriod } from "../periods.js";
import { reclassify, register, unregister } from "../registering.js";
import { ALL_TYPES } from "../storage/bans.js";
import { hashPasswordNow } from "../storage/index.js";
import { parseRestriction, type Restricted } from "../storage/restrictions.js";
import { SOFTWARE } from "../version.js";
import { clamp } from "./clamp.js";

/** A thousand years, in seconds: what is longer is no less for ever. */
const LONGEST_BAN = 1000 * 365 * 24 * 3600;

/** A period, or a number of seconds; "" is none. */
function parseBanTime(text: string): number | undefined {
  return /^\d{0,9}$/.test(text) ? Number(text) : parsePeriod(text);
}

/** Does something after a delay in milliseconds, 24 days at most; it does not keep the process alive. */
function later(delayMs: number, action: () => void): void {
  setTimeout(action, clamp(delayMs, 0, 2 ** 31 - 1)).unref();
}

/** The functions that administer. */
export function administrationFunctions(hub: Hub) {
  const { users, bans, restrictions, config } = hub;

  return {
    AddRegUser(nick, userClass, password, opNote) {
      if (hub.registrations.get(nick)) return false;
      // The script is told when it is done: no time to compute it aside.
      const passwordHash = hashPasswordNow(password);
      return register(hub, { nick, userClass, passwordHash, op: hub.botName, opNote });
    },
    DelRegUser: (nick) => unregister(hub, nick),
    SetRegClass: (nick, userClass) => reclassify(hub, nick, userClass),
    KickUser(op, nick, reason, note, opNote, banTime) {
      const banSeconds = parseBanTime(banTime);
      if (banSeconds === undefined) return false;
      return kick(hub, { op, nick, reason, note, opNote, banSeconds });
    },
    Ban(op, target, reason, duration, type) {
      // Less than nothing is a mistake, which 0 (for ever) would hide; so is a type that does not exist.
      if (duration < 0 || type < 0 || type > ALL_TYPES) return false;
      const seconds = clamp(duration, 0, LONGEST_BAN);
      return ban(hub, { op, target, reason, seconds, type }).length > 0;
    },
    DelNickTempBan: (nick) => bans.deleteTemporary("nick", nick),
    DelIPTempBan: (ip) => bans.deleteTemporary("ip", oneForm(ip) ?? ip),
    CloseConnection(nick, reasonCode, delay) {
      const connection = users.online(nick)?.client.connection;
      if (!connection) return false;
      // The wild passes other things than a reason.
      const reason = clamp(reasonCode, 0, CloseReason.Plugin);
      const close = () => {
        connection.close(reason);
      };
      if (delay > 0) later(delay, close);
      else close();
      return true;
    },
    UserRestrictions(nick, noChat, noPm, noSearch, noCtm) {
      const fields: Record<Restricted, string> = {
        chat: noChat,
        pm: noPm,
        search: noSearch,
        ctm: noCtm,
      };
      const wanted = (Object.entries(fields) as [Restricted, string][])
        .filter(([, period]) => period !== "")
        .map(([what, period]) => [what, parseRestriction(period)] as const);
      if (!users.online(nick) || wanted.some(([, length]) => length === undefined)) return false;
      restrictions.set(nick, Object.fromEntries(wanted));
      return true;
    },
    ParseCommand(nick, command, isPm) {
      const user = users.online(nick);
      if (!user || !looksLikeCommand(hub, command)) return false;
      return runCommand(hub, user, command, isPm !== 0);
    },
    GetConfig: (section, variable, defaultValue) => config.get(section, variable) ?? defaultValue,
    SetConfig: (section, variable, value) =>
      configure(hub, hub.botName, section, variable, value) === "done",
    SQL(query, limit) {
      const result = hub.storage.sql.query(query, clamp(limit, 0, 2 ** 31));
      hub.restrictions.forget();
      if ("rows" in result) return [true, result.rows];
      hub.warn(`vh.SQL: ${result.error}: ${query.slice(0, 200)}`);
      return [false, []];
    },
    Topic(newTopic) {
      if (newTopic !== null) config.set(HUB_SECTION, "hub_topic", newTopic);
      return config.text("hub_topic");
    },
    GetServFreq: () => hub.loopRate.perSecond,
    name_and_version: () => SOFTWARE,
    StopHub(exitCode, delay) {
      later(clamp(delay, 0, 1e6) * 1000, () => void hub.close(clamp(exitCode, 0, 255)));
      return true;
    },
  } satisfies Partial<HubApi>;
}
