// What endpoints promise, and what they ask of factories.

import type { Deferred } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type { FactoryLike, ProtocolLike } from "../interfaces.ts";
import type { Port } from "../transport/port.ts";

/**
 * What an endpoint asks of the factory of a connection.
 * @category Endpoints
 */
export interface ProtocolFactory {
  /**
   * The connection was made, and needs a protocol.
   * @param address of the other end
   * @returns nothing to close the connection
   */
  buildProtocol(address: Address): ProtocolLike | null | undefined;
  /** An attempt to connect begins. */
  doStart?: (() => void) | undefined;
  /** The attempt failed, or its connection is over. */
  doStop?: (() => void) | undefined;
  /** Its name for the log. */
  logPrefix?: (() => string) | undefined;
}

/**
 * The protocol that a factory builds.
 * @category Endpoints
 */
export type ProtocolOf<F extends ProtocolFactory> = F extends {
  readonly protocol: new () => infer P extends NonNullable<
    ReturnType<F["buildProtocol"]>
  >;
} ? P
  : NonNullable<ReturnType<F["buildProtocol"]>>;

/**
 * Something to connect to: Twisted's `IStreamClientEndpoint`.
 * @category Endpoints
 */
export interface StreamClientEndpoint {
  /**
   * Connects. Every call is a new attempt.
   * @returns fires with the protocol, after its `connectionMade`; fails if there is no
   *   connection, with `NoProtocol` if the factory builds nothing, and with
   *   `ConnectingCancelledError` if cancelling it has ended the attempt
   */
  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>>;
}

/**
 * Something to listen at: Twisted's `IStreamServerEndpoint`.
 * @category Endpoints
 */
export interface StreamServerEndpoint<A extends Address = Address> {
  /**
   * Listens.
   * @returns fires with the port; fails with a `CannotListenError` if it cannot be opened
   */
  listen(factory: FactoryLike): Deferred<Port<A>>;
}
