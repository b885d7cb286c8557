/**
 * The vh functions that administer: registrations, kicks, restrictions, configuration, the hub itself.
 * @packageDocumentation
 */
import type { HubApi } from "../../hub-api.js";
import { looksLikeCommand, runCommand } from "../commands/index.js";
import { HUB_SECTION } from "../config.js";
import { CloseReason, UserClass } from "../constants.js";
import type { Hub } from "../hub.js";
import { kick } from "../operators.js";
import { changeClass } from "../presence.js";
import { isNick } from "../protocol.js";
import { isRegistrableClass, type Registration } from "../registrations.js";
import { parsePeriod, type Restricted } from "../restrictions.js";
import { SOFTWARE } from "../version.js";
import { clamp } from "./clamp.js";

/** Does something after a delay in milliseconds, 24 days at most; it does not keep the process alive. */
function later(delayMs: number, action: () => void): void {
  setTimeout(action, clamp(delayMs, 0, 2 ** 31 - 1)).unref();
}

/** The functions that administer. */
export function administrationFunctions(hub: Hub) {
  const { users, registrations, restrictions, config } = hub;

  /** A class takes effect at once for who gave the nick's password or needs none, else at the next login. */
  function applyClass({ nick, userClass, password }: Registration): void {
    const user = users.online(nick);
    if (user && (user.gavePassword || password === "")) changeClass(hub, user, userClass);
  }

  return {
    AddRegUser(nick, userClass, password, opNote) {
      if (!isNick(nick) || !isRegistrableClass(userClass) || registrations.get(nick)) return false;
      if (!hub.scripts.dispatch("OnNewReg", hub.botName, nick, userClass).allowed) return false;
      const registration = { nick, userClass, password, opNote };
      registrations.set(registration);
      applyClass(registration);
      return true;
    },
    DelRegUser(nick) {
      if (!registrations.delete(nick)) return false;
      const user = users.online(nick);
      if (user) changeClass(hub, user, UserClass.Normal);
      return true;
    },
    SetRegClass(nick, userClass) {
      const registration = registrations.get(nick);
      if (!registration || !isRegistrableClass(userClass)) return false;
      registration.userClass = userClass;
      applyClass(registration);
      return true;
    },
    // The ban that banTime asks for comes with bans.
    KickUser: (op, nick, reason, note, opNote) => kick(hub, { op, nick, reason, note, opNote }),
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
        .map(([what, period]) => ({ what, ms: parsePeriod(period) }));
      if (!users.online(nick) || wanted.some(({ ms }) => ms === undefined)) return false;
      for (const { what, ms = 0 } of wanted) restrictions.set(nick, what, ms);
      return true;
    },
    ParseCommand(nick, command, isPm) {
      const user = users.online(nick);
      if (!user || !looksLikeCommand(hub, command)) return false;
      return runCommand(hub, user, command, isPm !== 0);
    },
    GetConfig: (section, variable, defaultValue) => config.get(section, variable) ?? defaultValue,
    SetConfig(section, variable, value) {
      const accepted = config.accept(section, variable, value);
      if (accepted === undefined) return false;
      const old = config.get(section, variable) ?? "";
      const type = config.typeOf(section, variable);
      const args = [hub.botName, section, variable, accepted, old, type] as const;
      if (!hub.scripts.dispatch("OnSetConfig", ...args).allowed) return false;
      config.set(section, variable, accepted);
      return true;
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
