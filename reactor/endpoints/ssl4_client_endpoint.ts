/**
 * Connecting over TCP, with TLS from the start.
 *
 * @module
 */

import type { Deferred } from "../../defer/mod.ts";
import type { Reactor } from "../reactor.ts";
import { checkPort } from "../checks.ts";
import type { ConnectSSLOptions } from "../transport/tls.ts";
import { connectWith } from "./connecting.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";

/**
 * A port that is connected to over TLS: Twisted's `SSL4ClientEndpoint`. It fires
 * when there is a connection, before both ends have agreed: what a protocol writes
 * by then waits, and its `handshakeCompleted` tells.
 */
export class SSL4ClientEndpoint implements StreamClientEndpoint {
  /** The name or the address of the host. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** What to show and to trust, how long to try, and from where. */
  readonly options: Readonly<ConnectSSLOptions>;
  readonly #reactor: Pick<Reactor, "connectSSL">;

  /**
   * Names a port.
   *
   * @param reactor what connects
   * @param host a name or an address, which the server's certificate must be for
   *   unless `hostname` says otherwise
   * @param port 1 to 65535
   * @param options what to show and to trust, how long to try, and from where
   * @throws {RangeError} if `port` is none
   */
  constructor(
    reactor: Pick<Reactor, "connectSSL">,
    host: string,
    port: number,
    options: ConnectSSLOptions = {},
  ) {
    checkPort(port, 1);
    this.#reactor = reactor;
    this.host = host;
    this.port = port;
    this.options = options;
  }

  /**
   * Connects.
   *
   * @param factory builds the protocol
   * @returns fires with the protocol, after its `connectionMade`
   */
  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
    const { host, port, options } = this;
    return connectWith(
      factory,
      (connecting) => this.#reactor.connectSSL(host, port, connecting, options),
    );
  }
}
