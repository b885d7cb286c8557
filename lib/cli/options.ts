/**
 * The command line, parsed and checked.
 * @packageDocumentation
 */
import { parseArgs } from "node:util";
import type { Limits, MetricsOptions, SqlMode } from "../hub/index.js";
import { DEFAULT_LIMITS, limitsFrom, type LimitOptions } from "../hub/limits.js";
import { isNick } from "../hub/protocol.js";
import { isRegistrableClass } from "../hub/storage/registrations.js";

/** What `vh-python run` was told; what it was not told is absent. */
export interface RunOptions {
  host?: string;
  port?: number;
  hubName?: string;
  encoding?: string;
  baseDir?: string;
  /** Files of a certificate and its key, for a second port. */
  tls?: { certFile: string; keyFile: string; port?: number };
  limits?: Limits;
  sql?: SqlMode;
  /** The scripts to load instead of the default ones. */
  scripts?: string[];
  watch?: boolean;
  geoIpDir?: string;
  metrics?: MetricsOptions;
}

/** What `vh-python register` was told. */
export interface RegisterOptions {
  nick: string;
  userClass: number;
  baseDir?: string;
}

/** What is to be done. */
export type Task =
  | { command: "run"; options: RunOptions }
  | { command: "register"; options: RegisterOptions }
  | { command: "help" | "version" };

/** A command line that makes no sense; the message says why. */
export class UsageError extends Error {}

/** @throws UsageError saying what is wrong */
export function parseOptions(args: string[]): Task {
  const { values, positionals } = parse(args);
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const [command, ...operands] = positionals;
  if (command === undefined) throw new UsageError("A command is missing: run or register");
  if (command === "run") return { command, options: runOptions(values, operands) };
  if (command === "register") return { command, options: registerOptions(values, operands) };
  throw new UsageError(`Unknown command: ${command}`);
}

type Values = ReturnType<typeof parse>["values"];

function runOptions(values: Values, [extra]: string[]): RunOptions {
  if (extra !== undefined) throw new UsageError(`Unexpected argument: ${extra}`);
  const tls = parseTls(values["tls-cert"], values["tls-key"], values["tls-port"]);
  const metrics = parseMetrics(values["metrics-port"], values["metrics-host"]);
  return {
    ...(tls && { tls }),
    ...(metrics && { metrics }),
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: parsePort(values.port) }),
    ...(values["hub-name"] !== undefined && { hubName: values["hub-name"] }),
    ...(values.encoding !== undefined && { encoding: values.encoding }),
    ...(values.limit !== undefined && { limits: parseLimits(values.limit) }),
    ...(values["base-dir"] !== undefined && { baseDir: values["base-dir"] }),
    ...(values.sql !== undefined && { sql: parseSqlMode(values.sql) }),
    ...(values.script !== undefined && { scripts: values.script }),
    ...(values.geoip !== undefined && { geoIpDir: values.geoip }),
    ...(values.watch !== undefined && { watch: values.watch }),
  };
}

function registerOptions(values: Values, operands: string[]): RegisterOptions {
  const { "base-dir": baseDir, ...others } = values;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new UsageError(`register takes no --${other}`);
  const [nick, userClass, extra] = operands;
  if (nick === undefined || userClass === undefined) {
    throw new UsageError("register needs a nick and a class");
  }
  // Not repeated: it may be a password.
  if (extra !== undefined) throw new UsageError("register takes a nick and a class alone");
  if (!isNick(nick)) throw new UsageError(`Not a nick: ${nick}`);
  if (!/^\d+$/.test(userClass) || !isRegistrableClass(Number(userClass))) {
    throw new UsageError(`Not one of the classes 0 to 5 and 10: ${userClass}`);
  }
  return { nick, userClass: Number(userClass), ...(baseDir !== undefined && { baseDir }) };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: "string" },
        host: { type: "string" },
        "hub-name": { type: "string" },
        encoding: { type: "string" },
        "tls-cert": { type: "string" },
        "tls-key": { type: "string" },
        "tls-port": { type: "string" },
        limit: { type: "string", multiple: true },
        "base-dir": { type: "string" },
        sql: { type: "string" },
        script: { type: "string", multiple: true },
        watch: { type: "boolean" },
        geoip: { type: "string" },
        "metrics-port": { type: "string" },
        "metrics-host": { type: "string" },
        help: { type: "boolean" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parseTls(certFile?: string, keyFile?: string, port?: string): RunOptions["tls"] {
  if (certFile === undefined || keyFile === undefined) {
    if (certFile === undefined && keyFile === undefined && port === undefined) return undefined;
    throw new UsageError("TLS needs both --tls-cert and --tls-key");
  }
  return { certFile, keyFile, ...(port !== undefined && { port: parsePort(port) }) };
}

/** The defaults, with each of "messages.chat.burst=5" changed. */
function parseLimits(changes: string[]): Limits {
  return changes.reduce((limits, change) => {
    const [, name = "", number] = /^([^=]+)=(\d+(?:\.\d+)?|Infinity)$/.exec(change) ?? [];
    if (number === undefined) throw new UsageError(`Not NAME=NUMBER: ${change}`);
    const option = name
      .split(".")
      .reduceRight<unknown>((inner, part) => ({ [part]: inner }), Number(number));
    try {
      return limitsFrom(option as LimitOptions, limits);
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message);
      throw error;
    }
  }, DEFAULT_LIMITS);
}

function parseMetrics(port?: string, host?: string): MetricsOptions | undefined {
  if (port === undefined) {
    if (host !== undefined) throw new UsageError("--metrics-host needs --metrics-port");
    return undefined;
  }
  return { port: parsePort(port), ...(host !== undefined && { host }) };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UsageError(`Not a TCP port: ${text}`);
  return port;
}

function parseSqlMode(text: string): SqlMode {
  if (text !== "read-write" && text !== "read-only" && text !== "off") {
    throw new UsageError(`Not read-write, read-only or off: ${text}`);
  }
  return text;
}
