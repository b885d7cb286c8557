/**
 * What a command of the hub is, and how its parameters are read.
 * @packageDocumentation
 */
import type { Hub } from "../hub.js";
import type { User } from "../users.js";

/** One use of a command. */
export interface Call {
  readonly hub: Hub;
  /** Who uses it; of the command's class at least. */
  readonly user: User;
  /** What follows the command's name, without the blanks around it. */
  readonly args: string;
  /** Answers where the command came from, for the user alone to see. */
  readonly reply: (text: string) => void;
}

/** A command of the hub. */
export interface Command {
  readonly name: string;
  /** The least class of who may use it. From operators on it wants one of the operators' command characters. */
  readonly leastClass: number | ((hub: Hub) => number);
  /** Its parameters: `<must be given>`, `[may be]`. */
  readonly usage: string;
  readonly help: string;
  /** @throws CommandError to be told to the user */
  run(call: Call): void | Promise<void>;
}

/** Why a command was not done, in words for who gave it. */
export class CommandError extends Error {}

/** A command without what it needs. */
export class UsageError extends CommandError {}

/** How a command is used: `!kick <nick> [reason]`. */
export function usageOf({ name, usage }: Command, prefix: string): string {
  return `${prefix}${name}${usage === "" ? "" : ` ${usage}`}`;
}

/** Nobody acts on someone of their own or a higher class. @throws CommandError */
export function checkBelow(user: User, nick: string, userClass: number): void {
  if (userClass >= user.userClass) {
    throw new CommandError(`You may not do that to ${nick}, who is of class ${userClass}.`);
  }
}

/** The first `count` words, and what follows them as it is: "" where there is no more. */
export function splitWords(args: string, count: number): string[] {
  const words: string[] = [];
  let rest = args;
  for (let i = 0; i < count; i++) {
    const [word = ""] = /^\S*/.exec(rest) ?? [];
    words.push(word);
    rest = rest.slice(word.length).trimStart();
  }
  return [...words, rest];
}

/** Lines of cells as a table that keeps its columns when it is copied: tab-separated, with a tab before each line. */
export function formatTable(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `\t${row.join("\t")}`).join("\n");
}
