/**
 * Commands to the hub: text that starts with a command character, in main chat or in private to the hub's bot.
 * The scripts run them; a script that has run one blocks it.
 * @packageDocumentation
 */
import type { Hub } from "./hub.js";
import { isOperator, type User } from "./users.js";

/** Whether the text starts like a command. */
export function looksLikeCommand(hub: Hub, text: string): boolean {
  return isPrefix(hub, text.charAt(0)) && text.length > 1;
}

/**
 * Offers a command to the scripts: OnOperatorCommand when an operator used an operators' character, else
 * OnUserCommand; then OnHubCommand.
 * @returns whether one took it. What nobody takes is no command: in main chat it is said aloud ("+1").
 */
export function runCommand(hub: Hub, user: User, text: string, inPm: boolean): boolean {
  const prefix = text.charAt(0);
  const hook =
    isOperator(user) && hub.config.text("cmd_start_op").includes(prefix)
      ? "OnOperatorCommand"
      : "OnUserCommand";
  if (!hub.scripts.dispatch(hook, user.nick, text).allowed) return true;
  const args = [user.nick, text.slice(1), user.userClass, inPm ? 1 : 0, prefix] as const;
  return !hub.scripts.dispatch("OnHubCommand", ...args).allowed;
}

function isPrefix(hub: Hub, character: string): boolean {
  const { config } = hub;
  return (
    character !== "" &&
    (config.text("cmd_start_op") + config.text("cmd_start_user")).includes(character)
  );
}
