/**
 * The hub's configuration: typed variables, and free text under every other name outside the section "config".
 * @packageDocumentation
 */
import { ItemType } from "./constants.js";
import type { StoredConfiguration, StoredVariable } from "./storage/configuration.js";

interface Variable {
  readonly type: number;
  readonly initial: string;
  /** The least and the greatest value of a number. */
  readonly range?: readonly [number, number];
  /** Set when the hub starts, not to be changed while it runs. */
  readonly fixed?: boolean;
}

const text = (initial: string): Variable => ({ type: ItemType.String, initial });
const fixedText = (initial: string): Variable => ({ ...text(initial), fixed: true });
const int = (initial: number, min: number, max: number): Variable => ({
  type: ItemType.Int,
  initial: String(initial),
  range: [min, max],
});

const VARIABLES = {
  hub_name: text("vh-python hub"),
  hub_desc: text(""),
  hub_topic: text(""),
  hub_host: text(""),
  hub_owner: text(""),
  hub_security: fixedText("Hub-Security"),
  opchat_name: fixedText("OpChat"),
  hub_encoding: fixedText("UTF-8"),
  listen_ip: fixedText("127.0.0.1"),
  listen_port: { ...int(4111, 0, 65535), fixed: true },
  max_users_total: int(5000, 1, 1_000_000),
  /** The length of a nick, in characters. */
  min_nick: int(1, 1, 64),
  max_nick: int(64, 1, 64),
  /** The characters that a nick may have, "" for all. */
  nick_chars: text(""),
  /** What only a registered nick may start with, separated by blanks. */
  nick_reserved: text(""),
  /** MiB that a user must share. */
  min_share: int(0, 0, 1_000_000_000),
  /** Whether a client may hide its tag. */
  tag_allow_none: { type: ItemType.Bool, initial: "1" },
  /** On how many hubs a user may be, 0 for any number. */
  tag_max_hubs: int(0, 0, 1000),
  tag_min_slots: int(0, 0, 1000),
  /** How many users of the same address and share there may be, 0 for any number. */
  clone_detect_count: int(0, 0, 1000),
  /** Seconds between two searches of a user. */
  int_search: int(3, 0, 86_400),
  /** Milliseconds between two OnTimer. */
  timer_serv_period: int(1000, 10, 3_600_000),
  /** The characters that start an operator's command, each one by itself. */
  cmd_start_op: text("!"),
  /** The characters that start a user's command, each one by itself. */
  cmd_start_user: text("+"),
  /** Whether a command that nobody knows is said in main chat, as any other text. */
  unknown_cmd_chat: { type: ItemType.Bool, initial: "0" },
  /** Whether the hub looks up the host names of users; GetUserHost has nothing to say without. */
  dns_lookup: { type: ItemType.Bool, initial: "1" },
} satisfies Record<string, Variable>;

/** The name of a variable of the section "config". */
export type ConfigName = keyof typeof VARIABLES;

/** The section whose variables the hub itself uses. */
export const HUB_SECTION = "config";

/** The section of the variables about Python. */
export const PYTHON_SECTION = "pi_python";

const SECTIONS: Record<string, Record<string, Variable>> = {
  [HUB_SECTION]: VARIABLES,
  [PYTHON_SECTION]: {
    /** How much of what scripts do is logged: see LoggingScriptHost. */
    log_level: int(0, 0, 6),
    /** The least class of who may use the script console (!pyload and the like). */
    console_class: int(5, 0, 10),
  },
};

/** The configuration, read from memory and written through to the database. */
export class Config {
  readonly #sections = new Map<string, Map<string, string>>();
  /** Those of {@link HUB_SECTION}. */
  readonly #own: ReadonlyMap<string, string>;
  /** By section and name. */
  readonly #listeners = new Map<string, (value: string) => void>();
  readonly #stored: StoredConfiguration | undefined;

  /**
   * @param initial - values that differ from the defaults, fixed ones too
   * @param stored - where values are kept; `initial` takes precedence. What scripts can query there is what is in force.
   */
  constructor(initial: Partial<Record<ConfigName, string>> = {}, stored?: StoredConfiguration) {
    for (const [section, variables] of Object.entries(SECTIONS)) {
      const values = Object.entries(variables).map(([name, variable]) => [name, variable.initial]);
      this.#sections.set(section, new Map(values as [string, string][]));
    }
    this.#own = this.#section(HUB_SECTION);
    for (const { file, var: name, val } of stored?.all() ?? []) {
      const value = this.accept(file, name, val);
      if (value !== undefined) this.#keep(file, name, value);
    }
    for (const [name, value] of Object.entries(initial)) this.#keep(HUB_SECTION, name, value);
    this.#stored = stored;
    stored?.set(...this.#all());
  }

  /** A variable as text; undefined when there is none. */
  get(section: string, name: string): string | undefined {
    return this.#sections.get(section)?.get(name);
  }

  /** A variable of the hub. */
  text(name: ConfigName): string {
    return this.#own.get(name) ?? "";
  }

  /** A number (or 0 and 1) of the hub. */
  number(name: ConfigName): number {
    return Number(this.text(name));
  }

  /** All variables of a section. */
  entries(section: string): [name: string, value: string][] {
    return [...(this.#sections.get(section) ?? [])];
  }

  /** The type of a variable (vh.eIT_*). */
  typeOf(section: string, name: string): number {
    return this.#variable(section, name)?.type ?? ItemType.String;
  }

  /**
   * The value as it would be stored, undefined when it cannot be: unknown in the section "config", fixed, of the wrong
   * type, out of range.
   */
  accept(section: string, name: string, value: string): string | undefined {
    const variable = this.#variable(section, name);
    if (!variable) return section === HUB_SECTION ? undefined : value;
    if (variable.fixed) return undefined;
    if (variable.type === ItemType.String) return value;
    if (variable.type === ItemType.Bool) {
      return { "0": "0", "1": "1", false: "0", true: "1" }[value.toLowerCase()];
    }
    const [min, max] = variable.range ?? [-Infinity, Infinity];
    return /^-?\d+$/.test(value) && Number(value) >= min && Number(value) <= max
      ? String(Number(value))
      : undefined;
  }

  /** Stores a value that {@link accept} gave. */
  set(section: string, name: string, value: string): void {
    this.#stored?.set({ file: section, var: name, val: value });
    this.#keep(section, name, value);
    this.#listeners.get(`${section}.${name}`)?.(value);
  }

  /** Calls `listener` with each new value of a variable of the hub; one listener a variable. */
  onChange(name: ConfigName, listener: (value: string) => void): void {
    this.#listeners.set(`${HUB_SECTION}.${name}`, listener);
  }

  /** Calls `listener` with the value of a variable of any section, and with each new one. */
  follow(section: string, name: string, listener: (value: string) => void): void {
    listener(this.get(section, name) ?? "");
    this.#listeners.set(`${section}.${name}`, listener);
  }

  #keep(section: string, name: string, value: string): void {
    this.#section(section).set(name, value);
  }

  #section(name: string): Map<string, string> {
    const variables = this.#sections.get(name) ?? new Map<string, string>();
    if (variables.size === 0) this.#sections.set(name, variables);
    return variables;
  }

  #all(): StoredVariable[] {
    return [...this.#sections].flatMap(([file, variables]) =>
      [...variables].map(([name, val]) => ({ file, var: name, val })),
    );
  }

  #variable(section: string, name: string): Variable | undefined {
    const variables = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
    return variables && Object.hasOwn(variables, name) ? variables[name] : undefined;
  }
}
