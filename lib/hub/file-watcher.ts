/**
 * Notices when files change: however an editor writes them, and if they are gone in between.
 * @packageDocumentation
 */
import { existsSync, statSync, watch, type FSWatcher } from "node:fs";
import path from "node:path";

/** How long a file must have been left alone, in milliseconds: what is half written is not yet changed. */
const QUIET_MS = 100;

/** Watches files by their folders: an editor that replaces a file leaves a watch of the file itself with the old one. */
export class FileWatcher {
  readonly #onChange: (file: string) => void;
  /** Undefined: it cannot be watched, which is told once. */
  readonly #folders = new Map<string, FSWatcher | undefined>();
  /** What each watched file was like when it was last told of; "": it was not there. */
  readonly #stamps = new Map<string, string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param onChange told of each file that has another content, or another time */
  constructor(onChange: (file: string) => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches a file (an absolute path), there or not.
   * @throws Error with the system's code when its folder cannot be watched (ENOSPC: the system watches too much), once
   */
  add(file: string): void {
    this.#stamps.set(file, stampOf(file));
    const folder = path.dirname(file);
    if (this.#folders.has(folder) || !existsSync(folder)) return;
    this.#folders.set(folder, undefined);
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name !== null) this.#touch(path.join(folder, name));
    });
    // The folder is gone: there is nothing left to notice.
    watcher.on("error", () => undefined);
    this.#folders.set(folder, watcher);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const watcher of this.#folders.values()) watcher?.close();
    this.#folders.clear();
    this.#stamps.clear();
  }

  #touch(file: string): void {
    if (!this.#stamps.has(file)) return;
    clearTimeout(this.#timers.get(file));
    this.#timers.set(
      file,
      setTimeout(() => {
        this.#look(file);
      }, QUIET_MS).unref(),
    );
  }

  #look(file: string): void {
    this.#timers.delete(file);
    const stamp = stampOf(file);
    if (stamp === "" || stamp === this.#stamps.get(file)) return;
    this.#stamps.set(file, stamp);
    this.#onChange(file);
  }
}

/** "" for what is no file to read (a folder, a pipe, a device), or not to be had (a link to itself). */
function stampOf(file: string): string {
  try {
    const stats = statSync(file, { bigint: true });
    return stats.isFile() ? [stats.ino, stats.size, stats.mtimeNs].join(" ") : "";
  } catch {
    return "";
  }
}
