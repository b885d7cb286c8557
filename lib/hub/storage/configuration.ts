/**
 * Configuration variables as text, for the next start and for scripts that query them.
 * @packageDocumentation
 */
import type { Database, Statement } from "./database.js";

/** One variable. */
export interface StoredVariable {
  /** The section. */
  readonly file: string;
  readonly var: string;
  readonly val: string;
}

/** The variables of all sections (the table `SetupList`). */
export class StoredConfiguration {
  readonly #db: Database;
  readonly #all: Statement;
  readonly #set: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#all = db.prepare("SELECT file, var, val FROM SetupList");
    this.#set = db.prepare(`
      INSERT INTO SetupList (file, var, val) VALUES (@file, @var, @val)
      ON CONFLICT (file, var) DO UPDATE SET val = @val WHERE val <> @val`);
  }

  all(): StoredVariable[] {
    return this.#all.all() as StoredVariable[];
  }

  /** Stores variables, all or none. */
  set(...variables: StoredVariable[]): void {
    this.#db.transaction(() => {
      for (const variable of variables) this.#set.run(variable);
    })();
  }
}
