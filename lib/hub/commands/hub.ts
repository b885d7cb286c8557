/**
 * Commands about the hub itself.
 * @packageDocumentation
 */
import { UserClass } from "../constants.js";
import { SOFTWARE } from "../version.js";
import { formatTable, UsageError, type Command } from "./command.js";

/** Commands about the hub itself. */
export const HUB_COMMANDS: readonly Command[] = [
  {
    name: "hubinfo",
    leastClass: UserClass.Normal,
    usage: "",
    help: "the hub in numbers",
    run({ hub, reply }) {
      const { config, users, scripts, startTime } = hub;
      const upMinutes = Math.floor((Date.now() - startTime.getTime()) / 60_000);
      const rows = [
        ["Name", config.text("hub_name")],
        ["Software", `${SOFTWARE}, Python ${scripts.pythonVersion}`],
        ["Up", `${Math.floor(upMinutes / 60)} h ${upMinutes % 60} min`],
        ["Users", `${users.listening().length} of ${config.text("max_users_total")}`],
        ["Share", `${users.totalShare} bytes`],
        ["Scripts", scripts.scripts.length],
      ];
      reply(`About the hub:\n${formatTable(rows)}`);
    },
  },
  {
    name: "shutdown",
    leastClass: UserClass.Master,
    usage: "[exit code]",
    help: "end the hub",
    run({ hub, args, reply }) {
      const exitCode = Number(args);
      if (!/^\d{0,3}$/.test(args) || exitCode > 255) throw new UsageError();
      reply("The hub is shutting down.");
      // A script may be running: one that used the command by vh.ParseCommand.
      setImmediate(() => void hub.close(exitCode));
    },
  },
];
