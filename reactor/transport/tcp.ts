import { addressOf, type TCPAddress } from "../addresses.ts";
import type { Backend, Listener } from "../backend.ts";
import { checkBacklog, checkPort, DEFAULT_BACKLOG } from "../checks.ts";
import type { Dialer } from "./dialer.ts";

/**
 * How to connect.
 * @category Transports
 */
export interface ConnectTCPOptions {
  /**
   * In seconds, the look-up included; `null` to let the system decide.
   * @default {30}
   */
  timeout?: number | null | undefined;
  /**
   * Where to connect from; port 0 for any. A runtime that cannot choose it fails with a
   * `ConnectBindError`.
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
   * Empty for all of IPv4.
   * @default {""}
   */
  interface?: string | undefined;
  /**
   * The most that wait to be accepted.
   * @default {511}
   */
  backlog?: number | undefined;
  /**
   * Whether other processes may listen as well, and share connections. On Deno that needs
   * `--unstable-net`.
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
