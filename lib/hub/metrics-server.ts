/**
 * Serves the hub's metrics by HTTP, at a port of their own: `GET /metrics`.
 * @packageDocumentation
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { urlHost } from "./addresses.js";
import type { Metrics } from "./metrics.js";
import { SetupError } from "./setup-error.js";

/** Where a hub's metrics are served. */
export interface MetricsOptions {
  /** The TCP port, 0 for any that is free. */
  port: number;
  /** The address to listen on. Default: "127.0.0.1", as nobody is asked for a password. */
  host?: string;
}

const PATH = "/metrics";

/** Who scrapes does so from a few connections, and at once. */
const MOST_CONNECTIONS = 32;
const REQUEST_MS = 10_000;

/** The server; a request that is broken or too slow concerns its own connection alone. */
export class MetricsServer {
  readonly #metrics: Metrics;
  readonly #host: string;
  readonly #port: number;
  readonly #server: Server;

  /** @param warn - told when the metrics cannot be had */
  constructor(
    metrics: Metrics,
    { host = "127.0.0.1", port }: MetricsOptions,
    warn: (message: string) => void,
  ) {
    this.#metrics = metrics;
    this.#host = host;
    this.#port = port;
    const timeouts = { headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS };
    this.#server = createServer(timeouts, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        warn(`Metrics: ${String(error)}`);
        response.writeHead(500).end();
      });
    });
    this.#server.maxConnections = MOST_CONNECTIONS;
    // Failing to listen is told by listen(); failing to accept concerns that connection alone.
    this.#server.on("error", () => undefined);
  }

  /** Where the metrics are: "http://127.0.0.1:9100/metrics". */
  get url(): string {
    const { port = this.#port } = (this.#server.address() as AddressInfo | null) ?? {};
    return `http://${urlHost(this.#host)}:${port}${PATH}`;
  }

  /** @throws SetupError when the address cannot be had */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, this.#host);
    try {
      await once(this.#server, "listening");
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === "EADDRINUSE" ? "the port is in use" : message;
      throw new SetupError(`cannot serve metrics at ${this.url}: ${why}`, { cause: error });
    }
  }

  /** Ends it, with whatever connections there are. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer({ method = "", url = "" }: IncomingMessage, response: ServerResponse) {
    if (url.replace(/\?.*/s, "") !== PATH) {
      response.writeHead(404).end(`The metrics are at ${PATH}\n`);
    } else if (method !== "GET" && method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
    } else {
      const text = await this.#metrics.format();
      response.writeHead(200, { "content-type": this.#metrics.contentType }).end(text);
    }
  }
}
