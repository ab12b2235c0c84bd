/**
 * TCP: how a connector and a port are opened over it.
 *
 * @module
 */

import { addressOf, type TCPAddress } from "../addresses.ts";
import type { Backend, Listener } from "../backend.ts";
import type { Dialer } from "./connector.ts";
import { checkPort, DEFAULT_BACKLOG } from "../tcp/ports.ts";

/** How to connect. */
export interface ConnectTCPOptions {
  /**
   * How long to try, in seconds, looking the host's name up included; `null` to
   * let the system decide.
   *
   * @default {30}
   */
  timeout?: number | null | undefined;
  /**
   * The local host and port to connect from; port 0 for any. Not every runtime
   * can choose them: then the attempt fails with a `ConnectBindError`.
   *
   * @default {undefined}
   */
  bindAddress?: readonly [host: string, port: number] | undefined;
}

/** How to listen. */
export interface ListenTCPOptions {
  /**
   * The local address to listen on; the empty string for all of IPv4.
   *
   * @default {""}
   */
  interface?: string | undefined;
  /**
   * How many connections may wait to be accepted.
   *
   * @default {511}
   */
  backlog?: number | undefined;
  /**
   * Whether other processes may listen on the same port, each getting a share of
   * the connections. On Deno that needs `--unstable-net`.
   *
   * @default {false}
   */
  reusePort?: boolean | undefined;
}

/**
 * Connecting over TCP.
 *
 * @throws {RangeError} if `port` is none
 */
export function tcpDialer(
  host: string,
  port: number,
  { bindAddress }: ConnectTCPOptions,
): Dialer {
  checkPort(port, 1);
  return {
    destination: addressOf(host, port),
    connect: (backend, done) =>
      backend.connect({ hostname: host, port, bindAddress }, done),
  };
}

/**
 * Listening over TCP.
 *
 * @throws {RangeError} if `port` is none
 */
export function tcpListener(
  port: number,
  options: ListenTCPOptions,
): (backend: Backend) => Listener<TCPAddress> {
  checkPort(port, 0);
  const {
    interface: hostname = "",
    backlog = DEFAULT_BACKLOG,
    reusePort = false,
  } = options;
  return (backend) =>
    backend.listen({
      hostname: hostname || "0.0.0.0",
      port,
      backlog,
      reusePort,
    });
}
