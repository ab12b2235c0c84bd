import type { TCPAddress } from "../addresses.ts";
import type { Backend, Listener, Stream, TLSLayer } from "../backend.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import type { Dialer } from "./dialer.ts";
import {
  type ConnectTCPOptions,
  type ListenTCPOptions,
  tcpDialer,
  tcpListener,
} from "./tcp.ts";
import { clientSide, tlsLayer } from "./tls_layer.ts";

/**
 * How to connect with TLS.
 * @category TLS
 */
export interface ConnectSSLOptions extends ConnectTCPOptions, ClientTLSOptions {
  /**
   * In seconds, look-up and handshake included; `null` to let the system and
   * `handshakeTimeout` decide. A connection whose handshake takes longer is lost with an
   * `SSLError`.
   * @default {30}
   */
  timeout?: number | null | undefined;
}

/**
 * How to listen with TLS.
 * @category TLS
 */
export interface ListenSSLOptions extends ListenTCPOptions, ServerTLSOptions {}

export function tlsDialer(
  backend: Backend,
  where: { readonly host: string; readonly port: number },
  options: ConnectSSLOptions,
): Dialer {
  const { destination, connect } = tcpDialer(backend, where, options);
  const layer = tlsLayer(backend, clientSide(options, where.host));
  return {
    destination,
    connect: (done) =>
      connect((outcome) => {
        done(outcome instanceof Error ? outcome : layOver(outcome, layer));
      }),
  };
}

function layOver(stream: Stream, layer: TLSLayer): Stream | Error {
  try {
    return layer(stream);
  } catch (error) {
    stream.abort();
    return error instanceof Error ? error : new Error(String(error));
  }
}

export function tlsListener(
  backend: Backend,
  port: number,
  options: ListenSSLOptions,
): () => Listener<TCPAddress> {
  const listen = tcpListener(backend, port, options);
  const layer = tlsLayer(backend, { side: "server", tls: options });
  return () => secureListener(listen(), layer);
}

function secureListener(
  listener: Listener<TCPAddress>,
  layer: TLSLayer,
): Listener<TCPAddress> {
  return {
    address: listener.address,
    pollRead: (observer) => listener.pollRead(observer),
    pollWrite: (observer) => listener.pollWrite(observer),
    accept() {
      const accepted = listener.accept();
      if (accepted === undefined || accepted instanceof Error) return accepted;
      return layer(accepted);
    },
    close: () => listener.close(),
  };
}
