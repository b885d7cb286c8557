/**
 * A script host that logs what its scripts do, as much as `pi_python.log_level` asks for: 0 errors alone, 1 also loads
 * and slow hooks, 2 also what the hooks that a script has are called with and answer, 3 and above all hooks.
 * @packageDocumentation
 */
import type { HookName, HookNumber, Hooks, Verdict } from "../hooks.js";
import { ScriptHost, type ScriptHostOptions } from "../script-host.js";

/** Hooks whose second argument may hold a password: of these the first word is logged. */
const SECRET = new Set<HookName>([
  "OnParsedMsgAny",
  "OnParsedMsgAnyEx",
  "OnParsedMsgMyPass",
  "OnUnknownMsg",
  "OnOperatorCommand",
  "OnUserCommand",
  "OnHubCommand",
]);

/** A script host that logs, to stderr. */
export class LoggingScriptHost extends ScriptHost {
  /** How much is logged. */
  level = 0;

  constructor(options: ScriptHostOptions) {
    super(options);
    this.on("load", ({ id, path }) => {
      this.#log(1, `Script #${id} is now loaded: ${path}`);
    });
    this.on("unload", ({ id, path }) => {
      this.#log(1, `Script #${id} stopped: ${path}`);
    });
    this.on("slow", ({ script, hook, timeMs }) => {
      this.#log(
        1,
        `Script #${script.id} took ${Math.round(timeMs)} ms for ${hook}: ${script.path}`,
      );
    });
  }

  /** Whether anybody hears of a hook at this moment: a script, or the log. @internal */
  isHeard(hook: HookNumber): boolean {
    return this.level >= 3 || this.hasHook(hook);
  }

  override dispatch<H extends HookName>(hook: H, ...args: Hooks[H]): Verdict<H> {
    const verdict = super.dispatch(hook, ...args);
    if (this.level >= 2) {
      const answer = verdict.allowed ? format(hook, verdict.args) : "blocked";
      this.#log(this.has(hook) ? 2 : 3, `${hook}${format(hook, args)} -> ${answer}`);
    }
    return verdict;
  }

  #log(level: number, line: string): void {
    if (this.level >= level) process.stderr.write(`${line}\n`);
  }
}

function format(hook: HookName, args: readonly unknown[]): string {
  const shown = args.map((arg, i) =>
    i === 1 && typeof arg === "string" && SECRET.has(hook) ? arg.replace(/\s[^]*/, " …") : arg,
  );
  return `(${shown.map((arg) => JSON.stringify(arg)).join(", ")})`;
}
