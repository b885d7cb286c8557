/**
 * The hub: listens for clients, keeps who is on it, and lets Python scripts see and decide everything.
 * @packageDocumentation
 */
import { EventEmitter, once } from "node:events";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import type { ScriptHost } from "../script-host.js";
import type { LoadOptions, Script } from "../script.js";
import { isRefused } from "./banning.js";
import { Client } from "./client.js";
import { Config, HUB_SECTION, PYTHON_SECTION } from "./config.js";
import { Connection, DEFAULT_LIMITS, peerAddress, type Limits } from "./connection.js";
import { CloseReason, UserClass } from "./constants.js";
import { receive } from "./dispatch.js";
import { registerDynamicFunctions } from "./dynamic-functions.js";
import { codecFor, type Codec } from "./encoding.js";
import { hubFunctions } from "./functions/index.js";
import { HostNames } from "./host-names.js";
import { GeoIp } from "./geoip.js";
import { greet, onGone } from "./login.js";
import { LoopRate } from "./loop-rate.js";
import { MetricsServer, type MetricsOptions } from "./metrics-server.js";
import { Metrics } from "./metrics.js";
import { enter, nameLine, topicLine } from "./presence.js";
import { isNick } from "./protocol.js";
import { ScriptFiles } from "./script-files.js";
import { LoggingScriptHost } from "./script-log.js";
import { Storage } from "./storage/index.js";
import type { SqlMode } from "./storage/query.js";
import { Ticker } from "./ticker.js";
import { Users, type User } from "./users.js";

/** How a hub is set up; what is left out has the default. */
export interface HubOptions {
  /** The address to listen on. Default: "127.0.0.1". */
  host?: string;
  /** The TCP port, 0 for any that is free. Default: 4111. */
  port?: number;
  /** The hub's name. Default: "vh-python hub". */
  hubName?: string;
  /** What the clients' bytes mean: "UTF-8" (default), "CP1251", "CP1252" … */
  encoding?: string;
  /** The hub's configuration folder, `vh.basedir`. Default: the current directory. */
  baseDir?: string;
  /** Where users, bans and configuration are kept: in `hub.sqlite` in `baseDir` (default), or only while the hub runs. */
  storage?: "file" | "memory";
  /**
   * What scripts may do to the database by `vh.SQL`. Default: "read-write", as scripts keep tables of their own there.
   * (A script is no stranger: it could open the file as well.) The hub's own tables keep their shape in any case.
   */
  sql?: SqlMode;
  /** The folder that the script console finds scripts in. Default: `scripts` in `baseDir`. */
  scriptsDir?: string;
  /** Whether a script is reloaded when its file changes. Default: false. */
  watch?: boolean;
  /** A folder of geographic databases (*.mmdb) of MaxMind's format. Default: none. */
  geoIpDir?: string;
  /** Where `GET /metrics` tells what the hub does, for Prometheus. Default: nowhere. */
  metrics?: MetricsOptions;
  /** The nick of the hub's bot. Default: "Hub-Security". */
  botName?: string;
  /** The nick of the operators' chat. Default: "OpChat". */
  opChatName?: string;
  /** What one connection may cost. */
  limits?: Partial<Limits>;
}

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
  readonly users: Users;
  readonly storage: Storage;
  readonly scripts: ScriptHost;
  readonly scriptFiles: ScriptFiles;
  readonly loopRate = new LoopRate();
  readonly geoIp: GeoIp | undefined;
  readonly metrics: Metrics | undefined;
  readonly startTime = new Date();
  readonly botName: string;
  readonly opChatName: string;
  readonly #limits: Limits;
  readonly #server = createServer();
  readonly #metricsServer: MetricsServer | undefined;
  readonly #hostNames = new HostNames();
  readonly #clients = new Set<Client>();
  readonly #ticker = new Ticker(() => {
    this.loopRate.sample();
    this.scripts.dispatch("OnTimer", Date.now());
  });
  #closed: Promise<void> | undefined;

  /** @throws RangeError for an unknown encoding, StorageError or SetupError when something that an option needs is missing */
  constructor(options: HubOptions = {}) {
    super();
    const baseDir = options.baseDir ?? process.cwd();
    this.storage = new Storage(options.storage === "memory" ? undefined : baseDir, options.sql);
    try {
      const given = {
        ...(options.host !== undefined && { listen_ip: options.host }),
        ...(options.port !== undefined && { listen_port: String(options.port) }),
        ...(options.hubName !== undefined && { hub_name: options.hubName }),
        ...(options.encoding !== undefined && { hub_encoding: options.encoding }),
        ...(options.botName !== undefined && { hub_security: options.botName }),
        ...(options.opChatName !== undefined && { opchat_name: options.opChatName }),
      };
      this.config = new Config(given, this.storage.configuration);
      this.codec = codecFor(this.config.text("hub_encoding"));
      this.users = new Users(this.codec);
      this.botName = this.config.text("hub_security");
      this.opChatName = this.config.text("opchat_name");
      this.geoIp = options.geoIpDir === undefined ? undefined : new GeoIp(options.geoIpDir);
      this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
      this.scripts = new LoggingScriptHost(
        {
          hub: hubFunctions(this),
          botName: this.botName,
          opChatName: this.opChatName,
          baseDir,
          configName: HUB_SECTION,
          startTime: this.startTime,
        },
        () => Number(this.config.get(PYTHON_SECTION, "log_level")),
      );
      this.scriptFiles = new ScriptFiles(
        this.scripts,
        options.scriptsDir ?? path.join(baseDir, "scripts"),
        options.watch ?? false,
      );
      if (options.metrics) {
        this.metrics = new Metrics(this);
        this.#metricsServer = new MetricsServer(this.metrics, options.metrics, (message) => {
          this.warn(message);
        });
      }
      registerDynamicFunctions(this);
      this.addBot({ nick: this.botName, userClass: UserClass.Master, desc: "Hub security" });
      this.addBot({ nick: this.opChatName, userClass: UserClass.Master, desc: "Operators' chat" });
      this.config.onChange("hub_name", () => {
        this.users.broadcast(nameLine(this));
      });
      this.config.onChange("hub_topic", () => {
        this.users.broadcast(topicLine(this));
      });
      // Failing to listen is told by listen(); failing to accept concerns that connection alone.
      this.#server.on("error", () => undefined);
      this.#server.on("connection", (socket) => {
        this.#accept(socket);
      });
    } catch (error) {
      this.storage.close();
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
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
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
    this.#server.listen(this.config.number("listen_port"), this.config.text("listen_ip"));
    await once(this.#server, "listening");
    this.#startTicker();
    this.config.onChange("timer_serv_period", () => {
      this.#startTicker();
    });
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

  /** Puts a bot into the user list. @throws RangeError for a nick that the protocol cannot carry */
  addBot(bot: {
    nick: string;
    userClass: number;
    desc: string;
    speed?: string;
    email?: string;
    share?: string;
  }): void {
    const { nick, userClass, desc, speed = "", email = "", share = "0" } = bot;
    if (!isNick(nick)) throw new RangeError(`No nick: ${nick}`);
    const info = { nick, desc, tag: "", speed, flag: 1, email, share };
    const user: User = { nick, userClass, gavePassword: false, listed: false, ip: "", info };
    this.users.add(user);
    enter(this, user);
  }

  /** Finds the host name of a user in the background, if the configuration wants it. */
  lookUpHost(user: User & { client: Client }): void {
    if (this.config.text("dns_lookup") !== "1") return;
    const { ip, client } = user;
    this.#hostNames
      .find(ip)
      .then((name) => {
        if (name === undefined || user.ip !== ip || !client.connection.isOpen()) return;
        user.host = name;
        isRefused(client, { host: name }, user.userClass);
      })
      .catch((error: unknown) => {
        client.fail(error);
      });
  }

  #startTicker(): void {
    this.#ticker.start(this.config.number("timer_serv_period"));
  }

  #accept(socket: Socket): void {
    const ip = peerAddress(socket);
    const connection = new Connection(socket, this.#limits, {
      onLine: (line) => {
        try {
          receive(client, line);
        } catch (error) {
          client.fail(error);
        }
      },
      onClose: (reason) => {
        clearTimeout(deadline);
        this.#clients.delete(client);
        try {
          onGone(client, reason);
        } catch (error) {
          this.warn(String(error));
        }
      },
    });
    const client = new Client(this, connection, { ip, port: socket.remotePort ?? 0 });
    const deadline = setTimeout(() => {
      if (!client.user?.listed) client.expel(CloseReason.Timeout, "Your login took too long.");
    }, this.#limits.loginMs).unref();
    this.#clients.add(client);
    try {
      if (client.require("OnNewConn", ip) && !isRefused(client, { ip })) greet(client);
    } catch (error) {
      client.fail(error);
    }
  }

  async #shutDown(exitCode: number): Promise<void> {
    this.scriptFiles.close();
    this.#hostNames.close();
    const down = this.#server.listening ? once(this.#server, "close") : undefined;
    this.#server.close();
    const metricsDown = this.#metricsServer?.close();
    this.scripts.close(exitCode);
    // Not before: a script that sets its period starts it.
    this.#ticker.stop();
    this.users.clear();
    for (const { connection } of this.#clients) connection.close(CloseReason.Default);
    await Promise.all([down, metricsDown]);
    this.storage.close();
    this.emit("close", exitCode);
  }
}
