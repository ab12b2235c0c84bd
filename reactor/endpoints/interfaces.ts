import type { Deferred } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type { FactoryLike, ProtocolLike } from "../interfaces.ts";
import type { Port } from "../transport/port.ts";

/**
 * What an endpoint asks of a factory.
 * @category Endpoints
 */
export interface ProtocolFactory {
  /** Builds a connection's protocol; nothing closes it. */
  buildProtocol(address: Address): ProtocolLike | null | undefined;
  /** An attempt begins. */
  doStart?: (() => void) | undefined;
  /** It failed, or its connection is over. */
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
 * Twisted's `IStreamClientEndpoint`.
 * @category Endpoints
 */
export interface StreamClientEndpoint {
  /**
   * Makes a new attempt to connect.
   * @returns fires with the protocol, after its `connectionMade`; fails if there is no
   *   connection, with `NoProtocol` if the factory builds nothing, and with
   *   `ConnectingCancelledError` if cancelled
   */
  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>>;
}

/**
 * Twisted's `IStreamServerEndpoint`.
 * @category Endpoints
 */
export interface StreamServerEndpoint<A extends Address = Address> {
  /**
   * Listens.
   * @returns fires with the port; fails with a `CannotListenError` if it cannot be opened
   */
  listen(factory: FactoryLike): Deferred<Port<A>>;
}
