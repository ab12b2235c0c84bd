/**
 * Connecting over a UNIX socket.
 *
 * @module
 */

import type { Deferred } from "../../defer/mod.ts";
import type { Reactor } from "../reactor.ts";
import { checkPath } from "../checks.ts";
import type { ConnectUNIXOptions } from "../transport/unix.ts";
import { connectWith } from "./connecting.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";

/** A UNIX socket that is connected to: Twisted's `UNIXClientEndpoint`. */
export class UNIXClientEndpoint implements StreamClientEndpoint {
  /** The path of the socket's file. */
  readonly path: string;
  /** How long to try, and whether the server must be there. */
  readonly options: Readonly<ConnectUNIXOptions>;
  readonly #reactor: Pick<Reactor, "connectUNIX">;

  /**
   * Names a socket.
   *
   * @param reactor what connects
   * @param path the path of the socket's file
   * @param options how long to try, and whether the server must be there
   * @throws {TypeError} if `path` is empty
   */
  constructor(
    reactor: Pick<Reactor, "connectUNIX">,
    path: string,
    options: ConnectUNIXOptions = {},
  ) {
    checkPath(path);
    this.#reactor = reactor;
    this.path = path;
    this.options = options;
  }

  /**
   * Connects.
   *
   * @param factory builds the protocol
   * @returns fires with the protocol, after its `connectionMade`
   */
  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
    const { path, options } = this;
    return connectWith(
      factory,
      (connecting) => this.#reactor.connectUNIX(path, connecting, options),
    );
  }
}
