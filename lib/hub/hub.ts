/**
 * The hub: listens for clients, keeps who is on it, and lets Python scripts see and decide everything.
 * @packageDocumentation
 */
import { EventEmitter } from "node:events";
import path from "node:path";
import type { Duplex } from "node:stream";
import type { LoadOptions, Script } from "../script.js";
import { oneForm } from "./addresses.js";
import { Config, HUB_SECTION, PYTHON_SECTION } from "./config.js";
import { UserClass } from "./constants.js";
import { registerDynamicFunctions } from "./dynamic-functions.js";
import { codecFor, type Codec } from "./encoding.js";
import { Entrance, type Peer } from "./entrance.js";
import { hubFunctions } from "./functions/index.js";
import { Broadcasts } from "./flood.js";
import { GeoIp } from "./geoip.js";
import { HostNames } from "./host-names.js";
import { limitsFrom, type Limits } from "./limits.js";
import { LoopRate } from "./loop-rate.js";
import { MetricsServer } from "./metrics-server.js";
import { Metrics } from "./metrics.js";
import { givenVariables, type HubOptions } from "./options.js";
import { PasswordAttempts } from "./password-attempts.js";
import { addBot, nameLine, topicLine } from "./presence.js";
import { ScriptFiles } from "./script-files.js";
import { LoggingScriptHost } from "./script-log.js";
import { Storage } from "./storage/index.js";
import { Ticker } from "./ticker.js";
import { Users } from "./users.js";

/**
 * An NMDC hub.
 *
 * Emits "close" with the exit code once it is down, whether {@link Hub.close} or a script's `vh.StopHub` ended it, and
 * "warning" with what its owner should know (a query of a script that failed, a fault of the disk); what nobody listens
 * to goes to stderr.
 * @example
 * const hub = new Hub({ port: 4111, hubName: "Home" });
 * hub.load("scripts-py/welcome.py");
 * await hub.listen();
 */
export class Hub extends EventEmitter<{ close: [exitCode: number]; warning: [message: string] }> {
  readonly config: Config;
  readonly codec: Codec;
  readonly users = new Users();
  readonly storage: Storage;
  readonly scripts: LoggingScriptHost;
  readonly scriptFiles: ScriptFiles;
  readonly loopRate = new LoopRate();
  readonly hostNames = new HostNames();
  readonly geoIp: GeoIp | undefined;
  readonly metrics: Metrics | undefined;
  readonly startTime = new Date();
  readonly botName: string;
  readonly opChatName: string;
  readonly limits: Limits;
  readonly passwordAttempts: PasswordAttempts;
  readonly broadcasts: Broadcasts;
  readonly #entrance: Entrance;
  readonly #metricsServer: MetricsServer | undefined;
  readonly #ticker = new Ticker(() => {
    this.loopRate.sample();
    this.scripts.dispatch("OnTimer", Date.now());
  });
  #closed: Promise<void> | undefined;

  /**
   * @throws RangeError for an unknown encoding, an impossible limit, a bot's nick that cannot be, a certificate that
   * cannot be used; StorageError when the database cannot be used; SetupError when a package, or what an option names,
   * is missing
   */
  constructor(options: HubOptions = {}) {
    super();
    this.limits = limitsFrom(options.limits);
    this.passwordAttempts = new PasswordAttempts(this.limits);
    this.broadcasts = new Broadcasts(this.limits);
    this.#entrance = new Entrance(this, this.limits, options.tls);
    const baseDir = options.baseDir ?? process.cwd();
    this.storage = new Storage(options.storage === "memory" ? undefined : baseDir, options.sql);
    const opened: { close(): void }[] = [this.storage];
    const warn = (message: string) => {
      this.warn(message);
    };
    try {
      this.config = new Config(givenVariables(options), this.storage.configuration);
      this.codec = codecFor(this.config.text("hub_encoding"));
      this.botName = this.config.text("hub_security");
      this.opChatName = this.config.text("opchat_name");
      this.geoIp = options.geoIpDir === undefined ? undefined : new GeoIp(options.geoIpDir);
      const scripts = new LoggingScriptHost({
        hub: hubFunctions(this),
        botName: this.botName,
        opChatName: this.opChatName,
        baseDir,
        configName: HUB_SECTION,
        startTime: this.startTime,
      });
      this.scripts = scripts;
      opened.unshift(scripts);
      this.config.follow(PYTHON_SECTION, "log_level", (level) => {
        scripts.level = Number(level);
      });
      this.scriptFiles = new ScriptFiles(
        this.scripts,
        options.scriptsDir ?? path.join(baseDir, "scripts"),
        options.watch ?? false,
        warn,
      );
      if (options.metrics) {
        this.metrics = new Metrics(this);
        this.#metricsServer = new MetricsServer(this.metrics, options.metrics, warn);
      }
      registerDynamicFunctions(this);
      addBot(this, { nick: this.botName, userClass: UserClass.Master, desc: "Hub security" });
      addBot(this, { nick: this.opChatName, userClass: UserClass.Master, desc: "Operators' chat" });
      this.config.onChange("hub_name", () => {
        this.users.broadcast(nameLine(this));
      });
      this.config.onChange("hub_topic", () => {
        this.users.broadcast(topicLine(this));
      });
    } catch (error) {
      for (const each of opened) each.close();
      throw error;
    }
  }

  /** Who is registered. */
  get registrations() {
    return this.storage.registrations;
  }

  /** Who may not come in. */
  get bans() {
    return this.storage.bans;
  }

  /** Who may not do what for a while. */
  get restrictions() {
    return this.storage.restrictions;
  }

  /** The TCP port the hub listens on, 0 before it does. */
  get port(): number {
    return this.#entrance.port;
  }

  /** The TCP port for TLS, 0 before the hub listens there, or when it does not. */
  get tlsPort(): number {
    return this.#entrance.tlsPort;
  }

  /** Where the hub's metrics are, undefined when they are not served. */
  get metricsUrl(): string | undefined {
    return this.#metricsServer?.url;
  }

  /**
   * Starts to take clients. After a failure the hub is there still, to be closed.
   * @throws Error with the system's code when the address cannot be had (EADDRINUSE), SetupError when that of the
   * metrics cannot
   */
  async listen(): Promise<void> {
    await this.#metricsServer?.listen();
    await this.#entrance.open(this.config.text("listen_ip"), this.config.number("listen_port"));
    this.#startTicker();
    this.config.onChange("timer_serv_period", () => {
      this.#startTicker();
    });
  }

  /**
   * Takes a client that came by another way than the hub's own ports: a WebSocket, a tunnel, another thread, a test.
   * The protocol and all limits are the same, except that the hub does not ping it. It is gone when the stream emits
   * `close`.
   * @throws RangeError when `peer.ip` is no IP address, TypeError when the stream gives anything but bytes
   * @example hub.accept(createWebSocketStream(socket), { ip: request.socket.remoteAddress, port: 0 });
   */
  accept(stream: Duplex, peer: Peer): void {
    const ip = oneForm(peer.ip);
    if (ip === undefined) throw new RangeError(`No IP address: ${peer.ip}`);
    if (stream.readableObjectMode || stream.readableEncoding !== null)
      throw new TypeError("The stream of a client has to give bytes, not strings or objects");
    if (this.#closed) stream.destroy();
    else if (!stream.destroyed) this.#entrance.enter(stream, { ...peer, ip });
  }

  /** Loads a script. @throws ScriptLoadError or HookTimeoutError, both PythonErrors with Python's traceback */
  load(file: string, options?: LoadOptions): Script {
    return this.scriptFiles.load(file, options);
  }

  /**
   * Ends the hub: no more clients, OnUnLoad and UnLoad in all scripts, then the clients are disconnected.
   * @param exitCode what the scripts and the "close" event are told
   */
  close(exitCode = 0): Promise<void> {
    this.#closed ??= this.#shutDown(exitCode);
    return this.#closed;
  }

  /** Tells the hub's owner something. */
  warn(message: string): void {
    if (!this.emit("warning", message)) process.stderr.write(`vh-python: ${message}\n`);
  }

  #startTicker(): void {
    this.#ticker.start(this.config.number("timer_serv_period"));
  }

  async #shutDown(exitCode: number): Promise<void> {
    this.scriptFiles.close();
    this.hostNames.close();
    const closed = this.#entrance.close();
    const metricsDown = this.#metricsServer?.close();
    this.scripts.close(exitCode);
    // Not before: a script that sets its period starts it.
    this.#ticker.stop();
    this.users.clear();
    this.#entrance.disconnectAll();
    await Promise.all([closed, metricsDown]);
    this.storage.close();
    this.emit("close", exitCode);
  }
}
