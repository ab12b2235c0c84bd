/**
 * TLS: how a connector and a port are opened with it.
 *
 * @module
 */

import type { TCPAddress } from "../addresses.ts";
import type {
  Backend,
  Listener,
  PrepareTLSOptions,
  ReadinessObserver,
  Stream,
  TLSLayer,
} from "../backend.ts";
import type { Dialer } from "./connector.ts";
import { checkTLSOptions } from "./check_tls_options.ts";
import {
  type ConnectTCPOptions,
  type ListenTCPOptions,
  tcpDialer,
  tcpListener,
} from "./tcp.ts";
import { certifiedHost } from "../host_names.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";

/** How to connect with TLS. */
export interface ConnectSSLOptions extends ConnectTCPOptions, ClientTLSOptions {
  /**
   * How long to try, in seconds, looking the host's name up and the handshake
   * included; `null` to let the system and `handshakeTimeout` decide. The factory's
   * attempt is over when there is a connection; where the handshake is not by this
   * time, that is lost with an `SSLError`.
   *
   * @default {30}
   */
  timeout?: number | null | undefined;
}

/** How to listen with TLS. */
export interface ListenSSLOptions extends ListenTCPOptions, ServerTLSOptions {}

/**
 * The layer of TLS, of this backend.
 *
 * @throws {Error} if it has none
 * @throws {TypeError} if a certificate or key is missing, or cannot be read, or
 *   another option is wrong
 * @throws {RangeError} if `handshakeTimeout` is no time
 */
export function tlsLayer(
  backend: Backend,
  options: PrepareTLSOptions,
): TLSLayer {
  if (backend.prepareTLS === undefined) {
    throw new Error(`The backend ${backend.name} has no TLS`);
  }
  const { cert, key, handshakeTimeout } = options.tls;
  checkTLSOptions(options);
  const isHalf = (cert === undefined) !== (key === undefined);
  const isNone = cert === undefined && options.side === "server";
  if (isHalf || isNone) throw missing(options.side, cert);
  const layer = backend.prepareTLS(withCertifiedHost(options));
  return (stream) => {
    const secure = layer(stream);
    secure.handshakeTimeout = handshakeTimeout;
    return secure;
  };
}

/** Names are checked as certificates have them. */
function withCertifiedHost(options: PrepareTLSOptions): PrepareTLSOptions {
  if (options.side === "server") return options;
  const { tls } = options;
  if (tls.hostname === undefined) return options;
  return { ...options, tls: { ...tls, hostname: certifiedHost(tls.hostname) } };
}

/**
 * What a side needs for TLS in the middle of its connection.
 *
 * @param options what it shows and trusts
 * @param connectedTo the host that this side has connected to; the other side
 *   did where there is none
 * @throws {TypeError} if a server has no certificate
 */
export function sideOf(
  options: ClientTLSOptions | ServerTLSOptions,
  connectedTo: string | undefined,
): PrepareTLSOptions {
  if (connectedTo === undefined) {
    const { cert, key } = options;
    if (cert === undefined || key === undefined) throw missing("server", cert);
    return { side: "server", tls: { ...options, cert, key } };
  }
  return { side: "client", tls: clientOptions(options, connectedTo) };
}

/**
 * What a client shows and trusts, with the name that it checks.
 *
 * @param options what was asked for
 * @param host what it connects to; empty where that has no name
 */
function clientOptions(
  options: ClientTLSOptions,
  host: string,
): ClientTLSOptions {
  return { ...options, hostname: options.hostname ?? host };
}

function missing(
  side: PrepareTLSOptions["side"],
  cert: string | undefined,
): TypeError {
  return new TypeError(
    `TLS on the ${side}'s side needs a certificate and its key: there is no ${
      cert === undefined ? "cert" : "key"
    }`,
  );
}

/**
 * Connecting over TCP, with TLS from the start.
 *
 * @throws {RangeError} if `port` is none
 * @throws {TypeError} if a certificate or key cannot be read
 */
export function tlsDialer(
  backend: Backend,
  { host, port }: { readonly host: string; readonly port: number },
  options: ConnectSSLOptions,
): Dialer {
  const { destination, connect } = tcpDialer(host, port, options);
  const tls = clientOptions(options, host);
  const layer = tlsLayer(backend, { side: "client", tls });
  return {
    destination,
    connect: (backend, done) =>
      connect(backend, (outcome) => {
        done(outcome instanceof Error ? outcome : layOver(outcome, layer));
      }),
  };
}

/** Lays TLS over a connection. Where that throws, it is what was to come of it. */
function layOver(stream: Stream, layer: TLSLayer): Stream | Error {
  try {
    return layer(stream);
  } catch (error) {
    stream.abort();
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Listening over TCP, with TLS from the start.
 *
 * @throws {RangeError} if `port` is none
 * @throws {TypeError} if a certificate or key cannot be read
 */
export function tlsListener(
  backend: Backend,
  port: number,
  options: ListenSSLOptions,
): (backend: Backend) => Listener<TCPAddress> {
  const open = tcpListener(port, options);
  const layer = tlsLayer(backend, { side: "server", tls: options });
  return (backend) => new SecureListener(open(backend), layer);
}

/** An open port whose connections begin with TLS. */
class SecureListener implements Listener<TCPAddress> {
  readonly address: TCPAddress;
  readonly #listener: Listener<TCPAddress>;
  readonly #layer: TLSLayer;

  constructor(listener: Listener<TCPAddress>, layer: TLSLayer) {
    this.address = listener.address;
    this.#listener = listener;
    this.#layer = layer;
  }

  pollRead(observer: ReadinessObserver): void {
    this.#listener.pollRead(observer);
  }

  pollWrite(observer: ReadinessObserver): void {
    this.#listener.pollWrite(observer);
  }

  accept(): Stream | Error | undefined {
    const accepted = this.#listener.accept();
    if (accepted === undefined || accepted instanceof Error) return accepted;
    return this.#layer(accepted);
  }

  close(): void | Promise<void> {
    return this.#listener.close();
  }
}
