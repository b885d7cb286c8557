/**
 * `vh-python run`: a hub with scripts, until Ctrl-C or a script's vh.StopHub.
 * @packageDocumentation
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PythonError } from "../errors.js";
import { urlHost } from "../hub/addresses.js";
import { Hub, SetupError, type TlsOptions } from "../hub/index.js";
import { SOFTWARE } from "../hub/version.js";
import { findBaseDir } from "./base-dir.js";
import { UsageError, type RunOptions } from "./options.js";
import { endSignal } from "./signals.js";

const EXAMPLES = fileURLToPath(new URL("../../scripts-py", import.meta.url));

/**
 * Runs a hub; ends the process with the hub's exit code.
 * @throws UsageError when an option's value cannot be; SetupError, StorageError or PythonNotFoundError when the hub
 * cannot start
 */
export async function run(options: RunOptions): Promise<void> {
  const { scripts, tls: tlsFiles, ...hubOptions } = options;
  const tls = tlsFiles && readTls(tlsFiles);
  const baseDir = findBaseDir(options.baseDir);
  const scriptsDir = options.baseDir === undefined ? EXAMPLES : path.join(baseDir, "scripts");
  const hub = createHub({ ...hubOptions, baseDir, scriptsDir, ...(tls && { tls }) });
  await listen(hub);
  void endSignal().then(async () => {
    console.log("Ending: scripts are unloaded, clients disconnected.");
    await hub.close();
  });

  console.log(`${SOFTWARE}, Python ${hub.scripts.pythonVersion}`);
  const files = scripts ?? hub.scriptFiles.list();
  const loaded = files.filter((file) => load(hub, file)).map((file) => path.basename(file));
  console.log(`Loaded: ${loaded.join(", ") || "no scripts"}. Their files are kept in ${baseDir}`);
  const secure = tls ? ` and ${addressOf(hub, "nmdcs", hub.tlsPort)}` : "";
  console.log(
    `"${hub.config.text("hub_name")}" is at ${addressOf(hub)}${secure} (${hub.codec.name})`,
  );
  if (hub.metricsUrl !== undefined) console.log(`Metrics are at ${hub.metricsUrl}`);
  console.log(
    "Log in with any DC client and nick, then type +help or +stats. Ctrl-C ends the hub.",
  );

  hub.scripts.on("load", (script) => {
    console.log(`Loaded: ${script.path}`);
  });

  const [exitCode] = (await once(hub, "close")) as [number];
  process.exit(exitCode);
}

/** The certificate and its key, out of their files. */
function readTls({ certFile, keyFile, ...port }: NonNullable<RunOptions["tls"]>): TlsOptions {
  const read = (file: string) => {
    try {
      return readFileSync(file);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  };
  return { cert: read(certFile), key: read(keyFile), ...port };
}

function createHub(options: ConstructorParameters<typeof Hub>[0]): Hub {
  try {
    return new Hub(options);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

async function listen(hub: Hub): Promise<void> {
  try {
    await hub.listen();
  } catch (error) {
    await hub.close();
    if (error instanceof SetupError) throw error;
    const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
    const isTls = port !== undefined && port !== hub.config.number("listen_port");
    const option = isTls ? "--tls-port" : "--port";
    const why = code === "EADDRINUSE" ? `the port is in use (try ${option} N)` : message;
    const address = isTls ? addressOf(hub, "nmdcs", port) : addressOf(hub);
    throw new SetupError(`cannot listen at ${address}: ${why}`, { cause: error });
  }
}

/** Loads a script; one that fails is reported and skipped. */
function load(hub: Hub, file: string): boolean {
  try {
    hub.load(file);
    return true;
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    console.error(`Skipped ${file}:\n${error.traceback === "" ? error.message : error.traceback}`);
    return false;
  }
}

function addressOf(
  hub: Hub,
  scheme = "dchub",
  port = hub.port || hub.config.number("listen_port"),
): string {
  return `${scheme}://${urlHost(hub.config.text("listen_ip"))}:${port}`;
}
