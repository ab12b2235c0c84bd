/**
 * Listening on a UNIX socket.
 *
 * @module
 */

import { type Deferred, execute } from "../../defer/mod.ts";
import type { UNIXAddress } from "../addresses.ts";
import type { FactoryLike } from "../interfaces.ts";
import type { Reactor } from "../reactor.ts";
import type { Port } from "../transport/port.ts";
import { checkPath } from "../checks.ts";
import type { ListenUNIXOptions } from "../transport/unix.ts";
import type { StreamServerEndpoint } from "./interfaces.ts";

/** A UNIX socket that is listened on: Twisted's `UNIXServerEndpoint`. */
export class UNIXServerEndpoint implements StreamServerEndpoint<UNIXAddress> {
  /** The path of the socket's file. */
  readonly address: string;
  /** Who may connect, and whether to lock the socket. */
  readonly options: Readonly<ListenUNIXOptions>;
  readonly #reactor: Pick<Reactor, "listenUNIX">;

  /**
   * Names a socket.
   *
   * @param reactor what listens
   * @param address the path of the socket's file
   * @param options who may connect, and whether to lock the socket
   * @throws {TypeError} if `address` is empty
   */
  constructor(
    reactor: Pick<Reactor, "listenUNIX">,
    address: string,
    options: ListenUNIXOptions = {},
  ) {
    checkPath(address);
    this.#reactor = reactor;
    this.address = address;
    this.options = options;
  }

  /**
   * Listens.
   *
   * @param factory builds a protocol for each connection
   * @returns fires with the port
   */
  listen(factory: FactoryLike): Deferred<Port<UNIXAddress>> {
    const { address, options } = this;
    return execute(() => this.#reactor.listenUNIX(address, factory, options));
  }
}
