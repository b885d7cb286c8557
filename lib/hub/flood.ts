/**
 * How much one client may send: of each kind of message, and of bytes.
 * @packageDocumentation
 */
import type { Client } from "./client.js";
import { CloseReason } from "./constants.js";
import type { Limits, MessageKind } from "./limits.js";
import { TokenBucket } from "./token-bucket.js";
import { isOperator } from "./users.js";

const KIND_OF_COMMAND = new Map<string, MessageKind>([
  ["To:", "pm"],
  ["MCTo:", "mcTo"],
  ["MCTo", "mcTo"],
  ["Search", "search"],
  ["SA", "search"],
  ["SP", "search"],
  ["SR", "result"],
  ["ConnectToMe", "connect"],
  ["RevConnectToMe", "connect"],
  ["MyINFO", "info"],
  ["ExtJSON", "info"],
  ["MyHubURL", "info"],
  ["GetNickList", "list"],
  ["GetINFO", "query"],
  ["UserIP", "query"],
]);

const NAMES: Record<MessageKind, string> = {
  chat: "chat messages",
  pm: "private messages",
  mcTo: "private chat messages",
  search: "searches",
  result: "search results",
  connect: "requests to connect",
  info: "changes of your $MyINFO",
  list: "requests for the user list",
  query: "requests for users' data",
  other: "commands",
};

/** One client's account of messages. */
export class MessageBuckets {
  readonly #limits: Limits["messages"];
  readonly #buckets = new Map<MessageKind, TokenBucket>();

  constructor(limits: Limits["messages"]) {
    this.#limits = limits;
  }

  /**
   * Counts a message. One too many, or too long, is dropped and the client told; one who goes on is disconnected.
   * @param command the word after the `$`, undefined for main chat
   * @returns whether the message is to be processed
   */
  admit(client: Client, command: string | undefined, bytes: number): boolean {
    if (client.user && isOperator(client.user)) return true;
    const kind = command === undefined ? "chat" : (KIND_OF_COMMAND.get(command) ?? "other");
    const limit = this.#limits[kind];
    let bucket = this.#buckets.get(kind);
    if (!bucket) this.#buckets.set(kind, (bucket = new TokenBucket(limit)));
    const verdict = bucket.take();
    if (verdict === "cut") {
      client.expel(CloseReason.Kicked, `You were disconnected: too many ${NAMES[kind]}.`);
    } else if (verdict === "warn") {
      client.tell(`Too many ${NAMES[kind]}: they are not passed on until you slow down.`);
    } else if (verdict === "pass" && bytes > limit.bytes) {
      const why = `Your message was not passed on: ${bytes} bytes, ${limit.bytes} are allowed.`;
      // A login cannot go on without the message.
      if (client.user?.listed) client.tell(why);
      else client.expel(CloseReason.Syntax, why);
    } else {
      return verdict === "pass";
    }
    return false;
  }
}
