/**
 * The hub: listens for clients, keeps who is on it, and lets Python scripts see and decide everything.
 * @packageDocumentation
 */
import { lookupService } from "node:dns/promises";
import { EventEmitter } from "node:events";
import { ScriptHost } from "../script-host.js";
import type { LoadOptions, Script } from "../script.js";
import type { Client } from "./client.js";
import { Config, HUB_SECTION } from "./config.js";
import { UserClass } from "./constants.js";
import { registerDynamicFunctions } from "./dynamic-functions.js";
import { codecFor, type Codec } from "./encoding.js";
import { Entrance } from "./entrance.js";
import { hubFunctions } from "./functions/index.js";
import { limitsFrom, type LimitOptions, type Limits } from "./limits.js";
import { LoopRate } from "./loop-rate.js";
import { PasswordAttempts } from "./password-attempts.js";
import { enter, nameLine, topicLine } from "./presence.js";
import { isNick } from "./protocol.js";
import { Registrations } from "./registrations.js";
import { Restrictions } from "./restrictions.js";
import { Ticker } from "./ticker.js";
import type { TlsOptions } from "./tls.js";
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
  /** The nick of the hub's bot. Default: "Hub-Security". */
  botName?: string;
  /** The nick of the operators' chat. Default: "OpChat". */
  opChatName?: string;
  /** A certificate: then the hub listens on a second port too, for clients that use TLS. */
  tls?: TlsOptions;
  /** What clients may cost. */
  limits?: LimitOptions;
}

/**
 * An NMDC hub.
 *
 * Emits "close" with the exit code once it is down, whether {@link Hub.close} or a script's `vh.StopHub` ended it.
 * @example
 * const hub = new Hub({ port: 4111, hubName: "Home" });
 * hub.load("scripts-py/welcome.py");
 * await hub.listen();
 */
export class Hub extends EventEmitter<{ close: [exitCode: number] }> {
  readonly config: Config;
  readonly codec: Codec;
  readonly users: Users;
  readonly registrations = new Registrations();
  readonly restrictions = new Restrictions();
  readonly scripts: ScriptHost;
  readonly loopRate = new LoopRate();
  readonly startTime = new Date();
  readonly botName: string;
  readonly opChatName: string;
  readonly limits: Limits;
  readonly passwordAttempts: PasswordAttempts;
  readonly #entrance: Entrance;
  readonly #ticker = new Ticker(() => {
    this.loopRate.sample();
    this.scripts.dispatch("OnTimer", Date.now());
  });
  #closed: Promise<void> | undefined;

  /** @throws RangeError for an unknown encoding, an impossible limit, a certificate that cannot be used */
  constructor(options: HubOptions = {}) {
    super();
    this.config = new Config({
      ...(options.host !== undefined && { listen_ip: options.host }),
      ...(options.port !== undefined && { listen_port: String(options.port) }),
      ...(options.hubName !== undefined && { hub_name: options.hubName }),
      ...(options.encoding !== undefined && { hub_encoding: options.encoding }),
      ...(options.botName !== undefined && { hub_security: options.botName }),
      ...(options.opChatName !== undefined && { opchat_name: options.opChatName }),
    });
    this.codec = codecFor(this.config.text("hub_encoding"));
    this.users = new Users(this.codec);
    this.botName = this.config.text("hub_security");
    this.opChatName = this.config.text("opchat_name");
    this.limits = limitsFrom(options.limits);
    this.passwordAttempts = new PasswordAttempts(this.limits);
    this.#entrance = new Entrance(this, this.limits, options.tls);
    this.scripts = new ScriptHost({
      hub: hubFunctions(this),
      botName: this.botName,
      opChatName: this.opChatName,
      baseDir: options.baseDir ?? process.cwd(),
      configName: HUB_SECTION,
      startTime: this.startTime,
    });
    registerDynamicFunctions(this);
    this.addBot({ nick: this.botName, userClass: UserClass.Master, desc: "Hub security" });
    this.addBot({ nick: this.opChatName, userClass: UserClass.Master, desc: "Operators' chat" });
    this.config.onChange("hub_name", () => {
      this.users.broadcast(nameLine(this));
    });
    this.config.onChange("hub_topic", () => {
      this.users.broadcast(topicLine(this));
    });
  }

  /** The TCP port the hub listens on, 0 before it does. */
  get port(): number {
    return this.#entrance.port;
  }

  /** The TCP port for TLS, 0 before the hub listens there, or when it does not. */
  get tlsPort(): number {
    return this.#entrance.tlsPort;
  }

  /** Starts to take clients. @throws Error with the system's code when the address cannot be had (EADDRINUSE) */
  async listen(): Promise<void> {
    await this.#entrance.open(this.config.text("listen_ip"), this.config.number("listen_port"));
    this.#startTicker();
    this.config.onChange("timer_serv_period", () => {
      this.#startTicker();
    });
  }

  /** Loads a script. @throws ScriptLoadError or HookTimeoutError, both PythonErrors with Python's traceback */
  load(path: string, options?: LoadOptions): Script {
    return this.scripts.load(path, options);
  }

  /**
   * Ends the hub: no more clients, OnUnLoad and UnLoad in all scripts, then the clients are disconnected.
   * @param exitCode what the scripts and the "close" event are told
   */
  close(exitCode = 0): Promise<void> {
    this.#closed ??= this.#shutDown(exitCode);
    return this.#closed;
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
    lookupService(user.ip, user.client.port).then(
      ({ hostname }) => {
        if (hostname !== user.ip) user.host = hostname;
      },
      // An address without a name is the usual case.
      () => undefined,
    );
  }

  #startTicker(): void {
    this.#ticker.start(this.config.number("timer_serv_period"));
  }

  async #shutDown(exitCode: number): Promise<void> {
    this.#ticker.stop();
    const closed = this.#entrance.close();
    this.scripts.close(exitCode);
    this.users.clear();
    this.#entrance.disconnectAll();
    await closed;
    this.emit("close", exitCode);
  }
}
