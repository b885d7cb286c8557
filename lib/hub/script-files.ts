/**
 * The hub's scripts as files: those in its scripts folder, and those that were loaded from wherever.
 * @packageDocumentation
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { PythonError } from "../errors.js";
import type { LoadOptions, Script } from "../script.js";
import type { ScriptHost } from "../script-host.js";
import type { UnloadReport } from "../unload-report.js";

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
  readonly #reloads = new Map<Script, Promise<Reload>>();

  constructor(host: ScriptHost, folder: string) {
    this.#host = host;
    this.folder = path.resolve(folder);
  }

  /** The Python files of the folder, absolute, sorted by name; none when there is no such folder. */
  list(): string[] {
    try {
      const names = readdirSync(this.folder).filter((name) => name.endsWith(".py"));
      return names.sort().map((name) => path.join(this.folder, name));
    } catch {
      return [];
    }
  }

  /** Loads a file. @throws ScriptLoadError or HookTimeoutError */
  load(file: string, options?: LoadOptions): Script {
    const script = this.#host.load(file, options);
    this.#byPath.set(script.path, script);
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

  /** What was loaded from this path last. */
  at(file: string): Script | undefined {
    return this.#byPath.get(path.resolve(file));
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
      script.reload();
      return end;
    } catch (failure) {
      if (failure instanceof PythonError) return { ...end, failure };
      throw failure;
    }
  }
}
