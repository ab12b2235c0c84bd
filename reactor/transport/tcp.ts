// How connectors and ports are opened over TCP.

import { addressOf, type TCPAddress } from "../addresses.ts";
import type { Backend, Listener } from "../backend.ts";
import { checkBacklog, checkPort } from "../checks.ts";
import { DEFAULT_BACKLOG, type Dialer } from "./dialer.ts";

/**
 * How to connect.
 * @category Transports
 */
export interface ConnectTCPOptions {
  /**
   * How long to try, in seconds, looking up the host included; `null` to let the system
   * decide.
   * @default {30}
   */
  timeout?: number | null | undefined;
  /**
   * The local host and port to connect from; port 0 for any. Where the runtime cannot
   * choose them, the attempt fails with a `ConnectBindError`.
   * @default {undefined}
   */
  bindAddress?: readonly [host: string, port: number] | undefined;
}

/**
 * How to listen.
 * @category Transports
 */
export interface ListenTCPOptions {
  /**
   * The local address to listen on; empty for all of IPv4.
   * @default {""}
   */
  interface?: string | undefined;
  /**
   * How many connections may wait to be accepted.
   * @default {511}
   */
  backlog?: number | undefined;
  /**
   * Whether other processes may listen on the same port, and share its connections. On
   * Deno that needs `--unstable-net`.
   * @default {false}
   */
  reusePort?: boolean | undefined;
}

export function tcpDialer(
  backend: Backend,
  { host, port }: { readonly host: string; readonly port: number },
  { bindAddress }: ConnectTCPOptions,
): Dialer {
  checkPort(port, 1);
  const options = { hostname: host, port, bindAddress };
  return {
    destination: addressOf(host, port),
    connect: (done) => backend.connect(options, done),
  };
}

export function tcpListener(
  backend: Backend,
  port: number,
  options: ListenTCPOptions,
): () => Listener<TCPAddress> {
  checkPort(port, 0);
  const { backlog = DEFAULT_BACKLOG, reusePort = false } = options;
  checkBacklog(backlog);
  const hostname = options.interface || "0.0.0.0";
  return () => backend.listen({ hostname, port, backlog, reusePort });
}
