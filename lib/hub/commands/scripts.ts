/**
 * The script console: commands that load, unload and list scripts. Tools match on what these answer.
 * @packageDocumentation
 */
import { statSync } from "node:fs";
import path from "node:path";
import { PythonError } from "../../errors.js";
import type { Script } from "../../script.js";
import type { ScriptThread } from "../../unload-report.js";
import { PYTHON_SECTION } from "../config.js";
import type { Hub } from "../hub.js";
import type { ScriptFiles } from "../script-files.js";
import { CommandError, formatTable, UsageError, type Command } from "./command.js";
import { PYLOG } from "./configuration.js";

const leastClass = (hub: Hub): number => Number(hub.config.get(PYTHON_SECTION, "console_class"));

/** The console. */
export const SCRIPT_COMMANDS: readonly Command[] = [
  {
    name: "pyload",
    leastClass,
    usage: "<number in !pyfiles, name or path>",
    help: "load a script",
    run({ hub, args, reply }) {
      if (args === "") throw new UsageError();
      const file = findFile(hub.scriptFiles, args);
      if (file === undefined) {
        throw new CommandError(notLoaded(path.resolve(hub.scriptFiles.folder, args)));
      }
      const known = hub.scripts.scripts.find((script) => script.path === file);
      if (known) throw new CommandError(`Script #${known.id} is already loaded: ${file}`);
      try {
        reply(loaded(hub.scriptFiles.load(file)));
      } catch (error) {
        if (!(error instanceof PythonError)) throw error;
        reply(notLoaded(file, error));
      }
    },
  },
  {
    name: "pyunload",
    leastClass,
    usage: "<id, name or path>",
    help: "unload a script",
    run({ hub, args, reply }) {
      const script = findLoaded(hub.scriptFiles, args);
      const { id } = script;
      return script.unloadAsync().then(({ threads }) => {
        reply(stopped(id, script.path, threads));
      });
    },
  },
  {
    name: "pyreload",
    leastClass,
    usage: "<id, name or path>",
    help: "unload a script and load it anew",
    run({ hub, args, reply }) {
      if (args === "") throw new UsageError();
      const script = hub.scriptFiles.find(args) ?? findLoaded(hub.scriptFiles, args);
      const { id } = script;
      return hub.scriptFiles.reload(script).then(({ ended, failure }) => {
        if (ended) reply(stopped(id, script.path, ended.threads));
        if (failure) reply(notLoaded(script.path, failure));
        else if (script.loaded) reply(loaded(script));
      });
    },
  },
  {
    name: "pylist",
    leastClass,
    usage: "",
    help: "the loaded scripts",
    run({ hub, reply }) {
      const rows = hub.scripts.scripts.map(({ id, name, path, stats }) => [
        id,
        name,
        stats.calls,
        stats.errors,
        path,
      ]);
      const table = formatTable([["ID", "Name", "Calls", "Errors", "Path"], ...rows]);
      const zombies = hub.scripts.zombies.map(
        (zombie) => `\n${stopped(zombie.id, zombie.path, zombie.threads)}`,
      );
      reply(`Loaded Python scripts:\n${table}${zombies.join("")}`);
    },
  },
  {
    name: "pyfiles",
    leastClass,
    usage: "",
    help: "the script files that can be loaded",
    run({ hub, reply }) {
      const { folder } = hub.scriptFiles;
      const rows = hub.scriptFiles.list().map((file, number) => {
        const loaded = hub.scripts.scripts.find((script) => script.path === file);
        return [number, loaded ? `#${loaded.id}` : "-", path.basename(file)];
      });
      const table = formatTable([["Number", "ID", "File"], ...rows]);
      reply(`Python scripts found in: ${folder}\n${table}`);
    },
  },
  { ...PYLOG, leastClass },
];

/** The file that `!pyload` means. */
function findFile(files: ScriptFiles, which: string): string | undefined {
  if (/^\d+$/.test(which)) return files.list()[Number(which)];
  const file = path.resolve(files.folder, which);
  return [file, `${file}.py`].find((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
}

function findLoaded(files: ScriptFiles, which: string): Script {
  if (which === "") throw new UsageError();
  const script = files.find(which);
  if (script?.loaded) return script;
  const what = /^\d+$/.test(which) ? `#${which}` : which;
  throw new CommandError(`Script not stopped because it's not loaded: ${what}`);
}

function loaded({ id, path }: Script): string {
  return `Script #${id} is now loaded: ${path}`;
}

function notLoaded(path: string, error?: PythonError): string {
  const why = error?.traceback.trimEnd().split("\n").at(-1) ?? "";
  const text = `Script not found or couldn't be parsed: ${path}`;
  return error ? `${text}\n${why === "" ? error.message : why}` : text;
}

function stopped(id: number, path: string, threads: readonly ScriptThread[]): string {
  const living = threads.map(({ name, where }) => `\n\tThread ${name} did not end: ${where}`);
  return `Script #${id} stopped: ${path}${living.join("")}`;
}
