/**
 * Listening over TCP.
 *
 * @module
 */

import { type Deferred, execute } from "../../defer/mod.ts";
import type { TCPAddress } from "../addresses.ts";
import type { FactoryLike } from "../interfaces.ts";
import type { Reactor } from "../reactor.ts";
import type { Port } from "../transport/port.ts";
import { checkPort } from "../checks.ts";
import type { ListenTCPOptions } from "../transport/tcp.ts";
import type { StreamServerEndpoint } from "./interfaces.ts";

/**
 * A port that is listened on: Twisted's `TCP4ServerEndpoint`.
 *
 * @example
 * ```ts
 * import { Factory, Protocol, TCP4ServerEndpoint } from "@deferno/deferno";
 * import { MemoryReactor } from "@deferno/deferno/testing";
 *
 * const endpoint = new TCP4ServerEndpoint(new MemoryReactor(), 0);
 * endpoint.listen(Factory.forProtocol(Protocol))
 *   .addCallback((port) => console.assert(port.getHost().port > 0));
 * ```
 */
export class TCP4ServerEndpoint implements StreamServerEndpoint<TCPAddress> {
  /** The port; 0 for any that is free. */
  readonly port: number;
  /** On which addresses, and how. */
  readonly options: Readonly<ListenTCPOptions>;
  readonly #reactor: Pick<Reactor, "listenTCP">;

  /**
   * Names a port.
   *
   * @param reactor what listens
   * @param port 0 to 65535; 0 for any that is free
   * @param options on which addresses, and how
   * @throws {RangeError} if `port` is none
   */
  constructor(
    reactor: Pick<Reactor, "listenTCP">,
    port: number,
    options: ListenTCPOptions = {},
  ) {
    checkPort(port, 0);
    this.#reactor = reactor;
    this.port = port;
    this.options = options;
  }

  /**
   * Listens.
   *
   * @param factory builds a protocol for each connection
   * @returns fires with the port
   */
  listen(factory: FactoryLike): Deferred<Port<TCPAddress>> {
    const { port, options } = this;
    return execute(() => this.#reactor.listenTCP(port, factory, options));
  }
}

/**
 * A port that is listened on over IPv6: Twisted's `TCP6ServerEndpoint`. All local
 * addresses are meant, unless an `interface` is given.
 */
export class TCP6ServerEndpoint extends TCP4ServerEndpoint {
  /**
   * Names a port.
   *
   * @param reactor what listens
   * @param port 0 to 65535; 0 for any that is free
   * @param options on which addresses, and how
   * @throws {RangeError} if `port` is none
   */
  constructor(
    reactor: Pick<Reactor, "listenTCP">,
    port: number,
    options: ListenTCPOptions = {},
  ) {
    super(reactor, port, { interface: "::", ...options });
  }
}
