/**
 * NMDC over TLS ("NMDCS"): the same protocol, encrypted from the first byte on.
 * @packageDocumentation
 */
import type { Socket } from "node:net";
import { createServer, type Server } from "node:tls";

/** A certificate, and the port on which it is shown. */
export interface TlsOptions {
  /** The certificate with its chain, PEM. */
  cert: string | Buffer;
  /** Its private key, PEM. */
  key: string | Buffer;
  /** The TCP port, 0 for any that is free. Default: 4112. */
  port?: number;
}

/**
 * What encrypts accepted sockets: a TLS server that listens nowhere and is handed sockets by its "connection" event. A
 * peer that does not shake hands in time, or not properly, is hung up on and nobody hears of it.
 * @param handshakeMs the time for a handshake, in milliseconds
 * @param onSecure hears of each socket that is encrypted
 * @throws RangeError when certificate and key cannot be used
 */
export function createTlsServer(
  { cert, key }: TlsOptions,
  handshakeMs: number,
  onSecure: (socket: Socket) => void,
): Server {
  try {
    return createServer({ cert, key, handshakeTimeout: handshakeMs }, onSecure).on(
      "tlsClientError",
      (_error, socket) => socket.destroy(),
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RangeError(`The TLS certificate or its key cannot be used: ${why}`, { cause: error });
  }
}
