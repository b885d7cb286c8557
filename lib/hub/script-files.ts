/**
 * The hub's scripts as files: those in its scripts folder, and those that were loaded from wherever.
 * @packageDocumentation
 */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { PythonError, ScriptLoadError } from "../errors.js";
import type { LoadOptions, Script } from "../script.js";
import type { ScriptHost } from "../script-host.js";
import type { UnloadReport } from "../unload-report.js";
import { FileWatcher } from "./file-watcher.js";

/** How a reload went. */
export interface Reload {
  /** How the script's end went; absent when it was not loaded. */
  readonly ended?: UnloadReport;
  /** Why the file did not load again; the script is unloaded then, and can be reloaded later. */
  readonly failure?: PythonError;
}

/** Finds, loads and reloads script files. */
export class ScriptFiles {
  /** Where scripts are looked for, absolute. */
  readonly folder: string;
  readonly #host: ScriptHost;
  /** What was loaded from each path last; it may have been unloaded since, or be unable to load again. */
  readonly #byPath = new Map<string, Script>();
  /** The paths whose last load failed. */
  readonly #failed = new Set<string>();
  readonly #reloads = new Map<Script, Promise<Reload>>();
  readonly #watcher: FileWatcher | undefined;
  readonly #warn: (message: string) => void;

  /**
   * @param watch - whether a script is reloaded when its file changes
   * @param warn - told of a file that cannot be watched, or not be reloaded for no fault of its own
   */
  constructor(host: ScriptHost, folder: string, watch: boolean, warn: (message: string) => void) {
    this.#host = host;
    this.folder = path.resolve(folder);
    this.#warn = warn;
    if (!watch) return;
    this.#watcher = new FileWatcher((file) => {
      this.#onChange(file).catch((error: unknown) => {
        warn(`${file} is not reloaded: ${String(error)}`);
      });
    });
  }

  close(): void {
    this.#watcher?.close();
  }

  /** The Python files of the folder, absolute, sorted by name; none when there is no such folder. */
  list(): string[] {
    try {
      const names = readdirSync(this.folder).filter((name) => name.endsWith(".py"));
      return names
        .sort()
        .map((name) => path.join(this.folder, name))
        .filter((file) => !isEndless(file));
    } catch {
      return [];
    }
  }

  /** Loads a file. @throws ScriptLoadError or HookTimeoutError */
  load(file: string, options?: LoadOptions): Script {
    const absolute = path.resolve(file);
    this.#watch(absolute);
    const script = this.#noteFailure(absolute, () => this.#host.load(absolute, options));
    this.#byPath.set(absolute, script);
    return script;
  }

  /**
   * Unloads a script in the background, then loads its file anew: at the same place in the order, with a new id. Of
   * several calls for one script at a time there comes one reload.
   */
  reload(script: Script): Promise<Reload> {
    const known = this.#reloads.get(script);
    if (known) return known;
    const reload = this.#reload(script).finally(() => this.#reloads.delete(script));
    this.#reloads.set(script, reload);
    return reload;
  }

  /**
   * The script that is meant by an id (a number), a path, a file name with or without `.py`, or the name that it gave
   * itself: a loaded one if there is such, else one that was loaded before.
   */
  find(which: string): Script | undefined {
    const wanted = path.resolve(this.folder, which);
    const { scripts } = this.#host;
    const all = [...scripts, ...[...this.#byPath.values()].filter(({ loaded }) => !loaded)];
    if (/^\d+$/.test(which)) return all.find(({ id }) => id === Number(which));
    return (
      all.find((script) => script.path === wanted) ??
      all.find((script) => [which, `${which}.py`].includes(path.basename(script.path))) ??
      all.find(({ name }) => name === which)
    );
  }

  async #reload(script: Script): Promise<Reload> {
    const end = script.loaded ? { ended: await script.unloadAsync() } : {};
    // Meanwhile somebody may have loaded it, or another from the same file.
    const isNext = !script.loaded && this.#byPath.get(script.path) === script;
    if (!isNext || this.#host.closed) return end;
    try {
      this.#noteFailure(script.path, () => script.reload());
      return end;
    } catch (failure) {
      if (failure instanceof PythonError) return { ...end, failure };
      throw failure;
    }
  }

  /** A script is worth more than the watch of its file. */
  #watch(file: string): void {
    try {
      this.#watcher?.add(file);
    } catch (error) {
      const { message } = error as Error;
      this.#warn(`Scripts of ${path.dirname(file)} are not reloaded when they change: ${message}`);
    }
  }

  #noteFailure<T>(file: string, load: () => T): T {
    this.#failed.add(file);
    if (isEndless(file)) throw notAFile(file);
    const result = load();
    this.#failed.delete(file);
    return result;
  }

  /** A script that somebody unloaded stays so; one that could not be loaded is tried again. */
  async #onChange(file: string): Promise<void> {
    const script = this.#byPath.get(file);
    if (!script?.loaded && !this.#failed.has(file)) return;
    if (script) {
      const { failure } = await this.reload(script);
      if (failure) this.#report(failure, script);
      return;
    }
    try {
      this.load(file);
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      this.#report(error);
    }
  }

  /** As an error in a hook is reported. */
  #report(error: PythonError, script?: Script): void {
    if (this.#host.listenerCount("error") > 0) {
      this.#host.emit("error", error, script ? { script } : {});
    } else {
      process.stderr.write(error.traceback === "" ? `${error.message}\n` : error.traceback);
    }
  }
}

/** As Python says of a folder. */
function notAFile(file: string): ScriptLoadError {
  const message = `OSError: not a regular file: '${file}'`;
  return new ScriptLoadError("OSError", message, `${message}\n`, file);
}

/** Whether reading a file may never end: a pipe, a device. */
function isEndless(file: string): boolean {
  try {
    const stats = statSync(file);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false;
  }
}
