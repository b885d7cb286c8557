/**
 * All commands of the hub, and `!help`, which tells them.
 * @packageDocumentation
 */
import { UserClass } from "../constants.js";
import type { Hub } from "../hub.js";
import { CommandError, usageOf, type Command } from "./command.js";
import { BAN_COMMANDS } from "./bans.js";
import { CONFIGURATION_COMMANDS } from "./configuration.js";
import { HUB_COMMANDS } from "./hub.js";
import { REGISTRATION_COMMANDS } from "./registrations.js";
import { SCRIPT_COMMANDS } from "./scripts.js";
import { USER_COMMANDS } from "./users.js";

const HELP: Command = {
  name: "help",
  leastClass: UserClass.Normal,
  usage: "[command]",
  help: "the hub's commands",
  run({ hub, user, args, reply }) {
    const usable = COMMANDS.filter((each) => leastClassOf(hub, each) <= user.userClass);
    const wanted = args.toLowerCase();
    const found = usable.filter(({ name }) => wanted === "" || name === wanted);
    if (found.length === 0) throw new CommandError(`There is no command ${args} for you.`);
    const lines = found.map((each) => {
      const starts = isForOperators(hub, each) ? "cmd_start_op" : "cmd_start_user";
      return `${usageOf(each, hub.config.text(starts).charAt(0))}: ${each.help}`;
    });
    reply(["The hub's commands:", ...lines].join("\n"));
  },
};

/** All of them, in the order in which `!help` tells them. */
export const COMMANDS: readonly Command[] = [
  HELP,
  ...HUB_COMMANDS,
  ...USER_COMMANDS,
  ...BAN_COMMANDS,
  ...REGISTRATION_COMMANDS,
  ...CONFIGURATION_COMMANDS,
  ...SCRIPT_COMMANDS,
];

/** The least class of who may use a command now. */
export function leastClassOf(hub: Hub, { leastClass }: Command): number {
  return typeof leastClass === "number" ? leastClass : leastClass(hub);
}

/** Whether commands for operators may start so. */
export function isOperatorsPrefix(hub: Hub, prefix: string): boolean {
  return hub.config.text("cmd_start_op").includes(prefix);
}

/** The command of that name, whatever its case, unless it cannot start with this character. */
export function findCommand(hub: Hub, prefix: string, name: string): Command | undefined {
  const command = COMMANDS.find((each) => each.name === name.toLowerCase());
  if (!command) return undefined;
  return isForOperators(hub, command) && !isOperatorsPrefix(hub, prefix) ? undefined : command;
}

function isForOperators(hub: Hub, command: Command): boolean {
  return leastClassOf(hub, command) >= UserClass.Operator;
}
