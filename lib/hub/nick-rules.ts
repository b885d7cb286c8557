/**
 * Which nicks the hub takes, beyond what the protocol can carry: the variables `min_nick`, `max_nick`, `nick_chars`,
 * `nick_reserved`.
 * @packageDocumentation
 */
import type { Config } from "./config.js";
import { nickKey } from "./nick-key.js";
import { isNick } from "./protocol.js";

/** Why a nick is refused; undefined when it will do. Who registered a nick may have it, whatever the hub's rules. */
export function nickObjection(
  nick: string,
  config: Config,
  isRegistered: boolean,
): string | undefined {
  if (!isNick(nick)) return "The nick is too long or has characters that the protocol needs.";
  if (isRegistered) return undefined;
  const characters = Array.from(nick);
  const [min, max] = [config.number("min_nick"), config.number("max_nick")];
  if (characters.length < min || characters.length > max)
    return `The nick must have ${min} to ${max} characters.`;
  const allowed = config.text("nick_chars");
  const bad = allowed === "" ? undefined : characters.find((one) => !allowed.includes(one));
  if (bad !== undefined) return `The nick may not contain ${bad}`;
  const prefixes = config.text("nick_reserved").split(" ");
  const reserved = prefixes.find(
    (prefix) => prefix !== "" && nickKey(nick).startsWith(nickKey(prefix)),
  );
  return reserved === undefined ? undefined : `Nicks that start with ${reserved} are registered.`;
}
