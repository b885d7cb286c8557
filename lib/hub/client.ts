/**
 * One client of the hub: its connection, and how far its login is.
 * @packageDocumentation
 */
import { randomBytes } from "node:crypto";
import { hookName, type HookName, type HookNumber, type Hooks } from "../hooks.js";
import { subscriberOf } from "./addresses.js";
import type { Connection } from "./connection.js";
import { CloseReason } from "./constants.js";
import { MessageBuckets } from "./flood.js";
import type { Hub } from "./hub.js";
import { formatChat } from "./protocol.js";
import type { User } from "./users.js";

/** A client, from its connection on. */
export class Client {
  readonly hub: Hub;
  readonly connection: Connection;
  readonly ip: string;
  readonly port: number;
  /** Whom its address stands for when connections are counted. */
  readonly subscriber: string;
  /** What the client must answer with the right key. */
  readonly lock = `EXTENDEDPROTOCOL_${randomBytes(12).toString("hex")}`;
  /** The extensions that `$Supports` named. */
  supports: ReadonlySet<string> = new Set();
  keyGiven = false;
  /** A registered nick whose password is awaited. */
  claimedNick?: string;
  /** The nick that a client told by `$MyNick`, taking the hub for a peer. */
  peerNick?: string;
  /** Whether `$GetNickList` came, to be answered at login at the latest. */
  wantsNickList = false;
  /** How much it has sent lately. */
  readonly messages: MessageBuckets;
  /** When it searched last, by the clock of `performance.now()`. */
  searchedAt = -Infinity;
  /** Known by nick: set when the nick is accepted. */
  user?: User & { client: Client };

  constructor(hub: Hub, connection: Connection, peer: { ip: string; port: number }) {
    this.hub = hub;
    this.connection = connection;
    this.ip = peer.ip;
    this.port = peer.port;
    this.subscriber = subscriberOf(peer.ip);
    this.messages = new MessageBuckets(hub.limits.messages);
  }

  /** Sends protocol. */
  send(data: string): void {
    this.connection.write(data);
  }

  /** Sends what the client has asked for and what may be longer than all that may wait for it otherwise. */
  answer(data: string): void {
    this.connection.write(data, true);
  }

  /**
   * Sends what another client has for this one alone. A client that lags behind gets nothing of that kind: or others
   * could have it disconnected as a slow reader.
   * @returns whether it was sent
   */
  relay(data: string): boolean {
    if (this.connection.lags()) return false;
    this.send(data);
    return true;
  }

  /** Tells the client something, as the hub's bot in main chat. */
  tell(text: string): void {
    this.send(formatChat(this.hub.botName, text));
  }

  /** Tells why, and disconnects. */
  expel(reason: number, why: string): void {
    this.tell(why);
    this.connection.close(reason);
  }

  /** The hub itself failed this client (a full disk): that costs this connection, not the hub its life. */
  fail(error: unknown): void {
    this.hub.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.expel(CloseReason.LoginError, "The hub has a fault; its owner is told.");
  }

  /**
   * Asks the scripts about an event of this client; about one that is gone, nobody.
   * @returns whether to go on: no script blocked the event, and the connection is still open
   */
  ask<H extends HookName>(hook: HookNumber<H>, ...args: Hooks[H]): boolean {
    if (!this.connection.isOpen()) return false;
    const { scripts } = this.hub;
    if (!scripts.isHeard(hook)) return true;
    return scripts.dispatch(hookName(hook), ...args).allowed && this.connection.isOpen();
  }

  /** The same for an event whose block means that the client is disconnected. */
  require<H extends HookName>(hook: HookNumber<H>, ...args: Hooks[H]): boolean {
    const allowed = this.ask(hook, ...args);
    if (!allowed) this.connection.close(CloseReason.Plugin);
    return allowed;
  }

  /**
   * Asks about an event whose arguments the scripts may substitute.
   * @returns the arguments to go on with, undefined when not to
   */
  amend<H extends HookName>(hook: HookNumber<H>, ...args: Hooks[H]): Hooks[H] | undefined {
    if (!this.connection.isOpen()) return undefined;
    const { scripts } = this.hub;
    if (!scripts.isHeard(hook)) return args;
    const verdict = scripts.dispatch(hookName(hook), ...args);
    return verdict.allowed && this.connection.isOpen() ? verdict.args : undefined;
  }
}
