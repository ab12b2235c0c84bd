/**
 * How an endpoint connects with what the reactor has: a connector, and a factory
 * that is told of its attempt.
 *
 * @module
 */

import { CancelledError, Deferred, fail, Failure } from "../../defer/mod.ts";
import type { Address, HostnameAddress } from "../addresses.ts";
import { ConnectingCancelledError, NoProtocol } from "../errors.ts";
import type {
  ClientFactoryLike,
  Connector,
  ProtocolLike,
  Transport,
} from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import type { ProtocolFactory, ProtocolOf } from "./interfaces.ts";
import { ForwardingProtocol } from "./passing_protocol.ts";

/**
 * Makes one attempt to connect.
 *
 * @param factory builds the protocol
 * @param start begins the attempt: a call of `connectTCP`, or of its like
 * @returns what the `connect` of an endpoint does; what `start` throws is a
 *   failure as well
 */
export function connectWith<F extends ProtocolFactory>(
  factory: F,
  start: (factory: ClientFactoryLike) => Connector,
): Deferred<ProtocolOf<F>> {
  const connecting = new ConnectingFactory(factory);
  try {
    start(connecting);
  } catch (error) {
    return fail(error as Error);
  }
  return connecting.connected;
}

/**
 * An errback for what an endpoint does before there is an attempt, like looking a
 * name up: being cancelled has a name of its own with endpoints.
 *
 * @param address where the endpoint connects to
 */
export function explainCancelling(
  address: HostnameAddress,
): (failure: Failure) => Failure {
  return (failure) => {
    if (!failure.check(CancelledError)) return failure;
    return new Failure(new ConnectingCancelledError(address));
  };
}

/** The factory of one attempt, around the one whose protocol is to be connected. */
class ConnectingFactory<F extends ProtocolFactory>
  implements ClientFactoryLike {
  /** Fires with the protocol. */
  readonly connected: Deferred<ProtocolOf<F>> = new Deferred(() =>
    this.#cancel()
  );
  readonly #factory: F;
  #connector: Connector | undefined;
  #wasCancelled = false;

  constructor(factory: F) {
    this.#factory = factory;
  }

  doStart(): void {
    return this.#factory.doStart?.();
  }

  doStop(): void {
    return this.#factory.doStop?.();
  }

  startedConnecting(connector: Connector): void {
    this.#connector = connector;
  }

  buildProtocol(address: Address): ProtocolLike | undefined {
    const built = Failure.capture(() => {
      const protocol = this.#factory.buildProtocol(address);
      if (protocol) return protocol as ProtocolOf<F>;
      throw new NoProtocol(
        `The factory built no protocol for the connection to ${address}`,
      );
    });
    // It can have been cancelled by the very factory.
    if (this.#wasCancelled) return undefined;
    if (!(built instanceof Failure)) return this.#announced(built);
    this.connected.errback(built);
    return undefined;
  }

  clientConnectionFailed(_connector: Connector, reason: Failure): void {
    if (!this.#wasCancelled) this.connected.errback(reason);
  }

  clientConnectionLost(): void {}

  /** Nobody knows this factory. */
  logPrefix(): string {
    return logPrefixOf(this.#factory);
  }

  /** The protocol, with the deferred told when it is connected. */
  #announced(protocol: ProtocolOf<F>): ProtocolLike {
    return new ForwardingProtocol(protocol, (transport: Transport) => {
      const made = Failure.capture(() => protocol.makeConnection(transport));
      if (!this.#wasCancelled) {
        if (made instanceof Failure) this.connected.errback(made);
        else this.connected.callback(protocol);
      }
      return made instanceof Failure ? made.raiseException() : made;
    });
  }

  #cancel(): void {
    this.#wasCancelled = true;
    const connector = this.#connector;
    connector?.disconnect();
    // Without a connector there has been no attempt, and the reason is no matter.
    if (connector === undefined) return;
    const address = connector.getDestination();
    this.connected.errback(new ConnectingCancelledError(address));
  }
}
