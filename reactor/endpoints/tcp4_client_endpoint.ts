/**
 * Connecting over TCP.
 *
 * @module
 */

import type { Deferred } from "../../defer/mod.ts";
import type { Reactor } from "../reactor.ts";
import { checkPort } from "../checks.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";
import { connectWith } from "./connecting.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";

/**
 * A port that is connected to over TCP: Twisted's `TCP4ClientEndpoint`.
 *
 * @example
 * ```ts
 * import { Factory, Protocol, TCP4ClientEndpoint } from "@deferno/deferno";
 * import { MemoryReactor } from "@deferno/deferno/testing";
 *
 * const reactor = new MemoryReactor();
 * const endpoint = new TCP4ClientEndpoint(reactor, "poems.test", 10000);
 * endpoint.connect(Factory.forProtocol(Protocol))
 *   .addCallback((protocol) => protocol.transport.loseConnection());
 * console.assert(reactor.tcpClients[0]?.host === "poems.test");
 * ```
 */
export class TCP4ClientEndpoint implements StreamClientEndpoint {
  /** The name or the address of the host. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** How long to try, and from where. */
  readonly options: Readonly<ConnectTCPOptions>;
  readonly #reactor: Pick<Reactor, "connectTCP">;

  /**
   * Names a port.
   *
   * @param reactor what connects
   * @param host a name or an address
   * @param port 1 to 65535
   * @param options how long to try, and from where
   * @throws {RangeError} if `port` is none
   */
  constructor(
    reactor: Pick<Reactor, "connectTCP">,
    host: string,
    port: number,
    options: ConnectTCPOptions = {},
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
      (connecting) => this.#reactor.connectTCP(host, port, connecting, options),
    );
  }
}
