/**
 * Commands about the configuration.
 * @packageDocumentation
 */
import { HUB_SECTION, PYTHON_SECTION } from "../config.js";
import { configure } from "../configuring.js";
import { UserClass } from "../constants.js";
import {
  CommandError,
  formatTable,
  splitWords,
  UsageError,
  type Call,
  type Command,
} from "./command.js";

/** Commands about the configuration. */
export const CONFIGURATION_COMMANDS: readonly Command[] = [
  {
    name: "topic",
    leastClass: UserClass.Operator,
    usage: '[text, "" for none]',
    help: "the hub's topic, or another one",
    run(call) {
      const { hub, args, reply } = call;
      if (args === "") reply(`Topic: ${hub.config.text("hub_topic")}`);
      else change(call, HUB_SECTION, "hub_topic", args);
    },
  },
  {
    name: "set",
    leastClass: UserClass.Admin,
    usage: '<[section.]variable> <value, "" for none>',
    help: "change the configuration",
    run(call) {
      const [variable = "", value = ""] = splitWords(call.args, 1);
      if (value === "") throw new UsageError();
      change(call, ...parseVariable(variable), value);
    },
  },
  {
    name: "get",
    leastClass: UserClass.Admin,
    usage: "[[section.]variable, or section.]",
    help: "the configuration",
    run({ hub, args, reply }) {
      const [section, name] = parseVariable(args);
      if (name === "") {
        reply(`Configuration ${section}:\n${formatTable(hub.config.entries(section))}`);
        return;
      }
      const value = hub.config.get(section, name);
      if (value === undefined) throw new CommandError(`There is no variable ${section}.${name}.`);
      reply(`${section}.${name}: ${value}`);
    },
  },
];

/** `!pylog`, which belongs to the script console. */
export const PYLOG: Pick<Command, "name" | "usage" | "help" | "run"> = {
  name: "pylog",
  usage: "<0..6>",
  help: "how much of what scripts do is logged: 0 errors, 1 loads, 2 hooks they have, 3 all hooks",
  run(call) {
    if (call.args === "") throw new UsageError();
    change(call, PYTHON_SECTION, "log_level", call.args);
  },
};

/** `section.variable`, of the hub's own section if it names none. */
function parseVariable(text: string): [section: string, name: string] {
  const dot = text.indexOf(".");
  return dot < 0 ? [HUB_SECTION, text] : [text.slice(0, dot), text.slice(dot + 1)];
}

function change({ hub, user, reply }: Call, section: string, name: string, text: string): void {
  const old = hub.config.get(section, name) ?? "";
  const outcome = configure(hub, user.nick, section, name, text === '""' ? "" : text);
  if (outcome === "blocked") throw new CommandError("A script forbids the change.");
  if (outcome === "refused") throw new CommandError(`${section}.${name} cannot be set to ${text}.`);
  reply(
    `Updated configuration ${section}.${name}: ${old} -> ${hub.config.get(section, name) ?? ""}`,
  );
}
