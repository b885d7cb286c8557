/**
 * Commands: text that starts with a command character, in main chat or in private to the hub's bot.
 * The scripts come first; one that has run a command blocks it. Then the hub's own commands are tried.
 * @packageDocumentation
 */
import type { Hub } from "../hub.js";
import { formatChat, formatTo } from "../protocol.js";
import { isOperator, type User } from "../users.js";
import {
  CommandError,
  splitWords,
  UsageError,
  usageOf,
  type Call,
  type Command,
} from "./command.js";
import { findCommand, isOperatorsPrefix, leastClassOf } from "./table.js";

/** Whether the text starts like a command. */
export function looksLikeCommand(hub: Hub, text: string): boolean {
  return isPrefix(hub, text.charAt(0)) && text.length > 1;
}

/**
 * Whether a command that nobody took is told so, not said aloud in main chat: mistyped, it may hold a password.
 * What no command can be ("+1") is said.
 */
export function staysPrivate(hub: Hub, text: string): boolean {
  return /^.\p{L}/su.test(text) && hub.config.text("unknown_cmd_chat") !== "1";
}

/** Tells a user that there is no such command; without its parameters, which nobody needs to see again. */
export function refuseUnknown(hub: Hub, user: User, text: string, inPm: boolean): void {
  const [name = ""] = splitWords(text, 1);
  answer(hub, user, inPm, `Unknown command: ${name}`);
}

/**
 * Runs a command as a user: OnOperatorCommand when an operator used an operators' character, else OnUserCommand; then
 * OnHubCommand; then the hub's own.
 * @returns whether a script or the hub took it
 */
export function runCommand(hub: Hub, user: User, text: string, inPm: boolean): boolean {
  const prefix = text.charAt(0);
  const hook =
    isOperator(user) && isOperatorsPrefix(hub, prefix) ? "OnOperatorCommand" : "OnUserCommand";
  if (!hub.scripts.dispatch(hook, user.nick, text).allowed) return true;
  const args = [user.nick, text.slice(1), user.userClass, inPm ? 1 : 0, prefix] as const;
  if (!hub.scripts.dispatch("OnHubCommand", ...args).allowed) return true;

  const [name = "", rest = ""] = splitWords(text.slice(1).trim(), 1);
  const command = findCommand(hub, prefix, name);
  if (!command) return false;
  const reply = (line: string) => {
    answer(hub, user, inPm, line);
  };
  const leastClass = leastClassOf(hub, command);
  if (user.userClass < leastClass) {
    reply(`You may not use ${prefix}${command.name}: it is for class ${leastClass} and above.`);
  } else {
    void run(command, { hub, user, args: rest, reply }, prefix);
  }
  return true;
}

/** Never throws: what goes wrong is told to the user. */
async function run(command: Command, call: Call, prefix: string): Promise<void> {
  try {
    await command.run(call);
  } catch (error) {
    if (error instanceof UsageError) call.reply(`Usage: ${usageOf(command, prefix)}`);
    else if (error instanceof CommandError) call.reply(error.message);
    else call.reply(`${prefix}${command.name} failed: ${String(error)}`);
  }
}

function answer(hub: Hub, user: User, inPm: boolean, text: string): void {
  const { botName } = hub;
  const line = inPm ? formatTo(user.nick, botName, botName, text) : formatChat(botName, text);
  user.client?.send(line);
}

function isPrefix(hub: Hub, character: string): boolean {
  const { config } = hub;
  return (
    character !== "" &&
    (config.text("cmd_start_op").includes(character) ||
      config.text("cmd_start_user").includes(character))
  );
}
