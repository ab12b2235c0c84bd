/**
 * Listening over TCP, with TLS from the start.
 *
 * @module
 */

import { type Deferred, execute } from "../../defer/mod.ts";
import type { TCPAddress } from "../addresses.ts";
import type { FactoryLike } from "../interfaces.ts";
import type { Reactor } from "../reactor.ts";
import type { Port } from "../transport/port.ts";
import { checkPort } from "../checks.ts";
import type { ListenSSLOptions } from "../transport/tls.ts";
import type { StreamServerEndpoint } from "./interfaces.ts";

/** A port that is listened on with TLS: Twisted's `SSL4ServerEndpoint`. */
export class SSL4ServerEndpoint implements StreamServerEndpoint<TCPAddress> {
  /** The port; 0 for any that is free. */
  readonly port: number;
  /** The certificate and its key, on which addresses, and how. */
  readonly options: Readonly<ListenSSLOptions>;
  readonly #reactor: Pick<Reactor, "listenSSL">;

  /**
   * Names a port.
   *
   * @param reactor what listens
   * @param port 0 to 65535; 0 for any that is free
   * @param options the certificate and its key, on which addresses, and how
   * @throws {RangeError} if `port` is none
   */
  constructor(
    reactor: Pick<Reactor, "listenSSL">,
    port: number,
    options: ListenSSLOptions,
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
   * @returns fires with the port; fails with a `TypeError` if a certificate or key
   *   cannot be read
   */
  listen(factory: FactoryLike): Deferred<Port<TCPAddress>> {
    const { port, options } = this;
    return execute(() => this.#reactor.listenSSL(port, factory, options));
  }
}
