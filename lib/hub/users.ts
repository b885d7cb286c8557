/**
 * Who is on the hub: users with a connection, and bots without one.
 * @packageDocumentation
 */
import type { Client } from "./client.js";
import { UserClass } from "./constants.js";
import { isPassiveTag, type Info } from "./myinfo.js";
import { nickKey } from "./nick-key.js";

/** One user or bot. */
export interface User {
  readonly nick: string;
  /** The connection; a bot has none. */
  readonly client?: Client;
  /** One of vh.eUC_*. */
  userClass: number;
  /** Whether the user proved to own a registered nick. */
  gavePassword: boolean;
  /** False from the nick's acceptance until the first `$MyINFO`: known by nick, seen by nobody. */
  listed: boolean;
  /** The address that the hub holds for the user, "" for a bot. */
  ip: string;
  /** The looked-up host name. */
  host?: string;
  info?: Info;
  /** What `$MyHubURL` told. */
  hubUrl?: string;
  /** What `$ExtJSON` told, the whole line. */
  extJson?: string;
  /** The last kick that the user announced in chat; the `$Kick` that follows has this reason. */
  announcedKick?: { nick: string; reason: string };
}

/** Whether the user is an operator or above. */
export function isOperator(user: User): boolean {
  return user.userClass >= UserClass.Operator;
}

/** Whether the user's client cannot be connected to. */
export function isPassive(user: User): boolean {
  return isPassiveTag(user.info?.tag ?? "");
}

/** All users and bots, by nick; nicks differ by more than case and spelling. */
export class Users {
  readonly #byKey = new Map<string, User>();
  /** The same, as they are written: most who ask know how. */
  readonly #byNick = new Map<string, User>();

  /** Whoever has the nick, listed or not, whatever its case. */
  get(nick: string): User | undefined {
    return this.#byNick.get(nick) ?? this.#byKey.get(nickKey(nick));
  }

  /** A user with a connection. */
  online(nick: string): (User & { client: Client }) | undefined {
    const user = this.get(nick);
    return user && hasClient(user) ? user : undefined;
  }

  /** @throws Error when the nick is taken: to be checked before */
  add(user: User): void {
    if (this.get(user.nick)) throw new Error(`The nick ${user.nick} is taken`);
    this.#byKey.set(nickKey(user.nick), user);
    this.#byNick.set(user.nick, user);
  }

  remove(user: User): void {
    this.#byKey.delete(nickKey(user.nick));
    this.#byNick.delete(user.nick);
  }

  /** Forgets everybody: nobody hears of those who go now. */
  clear(): void {
    this.#byKey.clear();
    this.#byNick.clear();
  }

  /** Everybody in the user list, bots included. */
  listed(): User[] {
    return [...this.#byKey.values()].filter((user) => user.listed);
  }

  /** Everybody in the user list who has a connection. */
  listening(): (User & { client: Client })[] {
    return this.listed().filter(hasClient);
  }

  /** How many users have a connection: those in the user list, and those about to be. */
  get connected(): number {
    return [...this.#byKey.values()].filter(hasClient).length;
  }

  /** What everybody who is connected shares together, in bytes. */
  get totalShare(): bigint {
    return this.listening().reduce((sum, { info }) => sum + BigInt(info?.share ?? 0), 0n);
  }

  /** The nicks of those in the user list that `filter` takes. */
  nicks(filter: (user: User) => boolean = anybody): string[] {
    return this.listed()
      .filter(filter)
      .map((user) => user.nick);
  }

  /** Sends each in the user list the protocol that `choose` has for them, if any. */
  sendEach(choose: (user: User & { client: Client }) => string | undefined): void {
    for (const user of this.#byKey.values()) {
      if (!user.listed || !hasClient(user)) continue;
      const data = choose(user);
      if (data !== undefined) user.client.connection.write(data);
    }
  }

  /** Sends protocol to those in the user list that `filter` takes. */
  broadcast(data: string, filter: (user: User) => boolean = anybody): void {
    for (const user of this.#byKey.values()) {
      if (user.listed && user.client && filter(user)) user.client.connection.write(data);
    }
  }
}

function anybody(): boolean {
  return true;
}

function hasClient(user: User): user is User & { client: Client } {
  return user.client !== undefined;
}
