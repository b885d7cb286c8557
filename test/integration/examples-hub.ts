/** A hub that keeps what scripts ask of it: users by nick and class, and every call that would have sent something. */
import type { HubApi, MyInfo } from "../../lib/index.js";

/** One call of a vh function: its name, then its arguments. */
export type Call = [name: string, ...args: unknown[]];

export class RecordingHub {
  readonly users = new Map<string, number>();
  readonly infos = new Map<string, MyInfo>();
  readonly config = new Map<string, string>();
  /** Answers of SQL, by query. */
  readonly tables = new Map<string, (string | null)[][]>();
  topic = "";
  #calls: Call[] = [];

  constructor(users: Record<string, number>) {
    for (const [nick, userClass] of Object.entries(users)) this.users.set(nick, userClass);
  }

  /** What scripts called since the last time, in order. */
  take(): Call[] {
    return this.#calls.splice(0);
  }

  /** Keeps the call, and answers true when `nick`, if it is given, is online. */
  #sent(call: Call, nick?: string): boolean {
    this.#calls.push(call);
    return nick === undefined || this.users.has(nick);
  }

  readonly api: Partial<HubApi> = {
    mc: (...args) => this.#sent(["mc", ...args]),
    usermc: (...args) => this.#sent(["usermc", ...args], args[1]),
    classmc: (...args) => this.#sent(["classmc", ...args]),
    pm: (...args) => this.#sent(["pm", ...args], args[1]),
    SendToOpChat: (...args) => this.#sent(["SendToOpChat", ...args]),
    SendPMToAll: (...args) => this.#sent(["SendPMToAll", ...args]),
    SendDataToUser: (...args) => this.#sent(["SendDataToUser", ...args], args[1]),
    SendDataToAll: (...args) => this.#sent(["SendDataToAll", ...args]),
    CloseConnection: (...args) => this.#sent(["CloseConnection", ...args], args[0]),
    KickUser: (...args) => this.#sent(["KickUser", ...args], args[1]),
    Ban: (...args) => this.#sent(["Ban", ...args]),
    AddRobot: (...args) => this.#sent(["AddRobot", ...args]),
    DelRobot: (...args) => this.#sent(["DelRobot", ...args]),
    UserRestrictions: (...args) => this.#sent(["UserRestrictions", ...args], args[0]),
    SetMyINFO: (...args) => this.#sent(["SetMyINFO", ...args], args[0]),
    IsRobotNickBad: (nick) => (this.users.has(nick) ? 1 : 0),
    GetUserClass: (nick) => this.users.get(nick) ?? -2,
    GetUserIP: (nick) => (this.users.has(nick) ? "10.0.0.1" : null),
    GetNickList: () => [...this.users.keys()],
    GetOpList: () => [...this.users].filter(([, cls]) => cls >= 3).map(([nick]) => nick),
    GetMyINFO: (nick) => this.infos.get(nick) ?? null,
    GetUsersCount: () => this.users.size,
    GetTotalShareSize: () => "5368709120",
    GetConfig: (type, name, fallback) => this.config.get(`${type}.${name}`) ?? fallback,
    SetConfig: (type, name, value) => {
      this.config.set(`${type}.${name}`, value);
      return true;
    },
    Topic: (topic) => {
      if (topic !== null) this.topic = topic;
      return this.topic;
    },
    SQL: (query, limit) => {
      this.#calls.push(["SQL", query, limit]);
      const rows = this.tables.get(query);
      return [rows !== undefined, rows?.slice(0, limit) ?? []];
    },
  };
}
