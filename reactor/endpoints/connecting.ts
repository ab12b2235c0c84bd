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
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";

/**
 * Connects a protocol without a factory: Twisted's `connectProtocol`. Its `factory` is
 * not set.
 * @returns fires with it, after its `connectionMade`
 * @category Endpoints
 */
export function connectProtocol<P extends ProtocolLike>(
  endpoint: StreamClientEndpoint,
  protocol: P,
): Deferred<P> {
  return endpoint.connect({ buildProtocol: () => protocol })
    .addCallback(() => protocol);
}

/** Turns one attempt's notifications, and what `start` throws, into a deferred. */
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

/** For a look-up, which is cancelled before there is an attempt. */
export function explainCancelling(
  address: HostnameAddress,
): (failure: Failure) => Failure {
  return (failure) => {
    if (!failure.check(CancelledError)) return failure;
    return new Failure(new ConnectingCancelledError(address));
  };
}

class ConnectingFactory<F extends ProtocolFactory>
  implements ClientFactoryLike {
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
    // By `buildProtocol` itself.
    if (this.#wasCancelled) return undefined;
    if (!(built instanceof Failure)) return this.#forwardingTo(built);
    this.connected.errback(built);
    return undefined;
  }

  clientConnectionFailed(_connector: Connector, reason: Failure): void {
    if (!this.#wasCancelled) this.connected.errback(reason);
  }

  clientConnectionLost(): void {}

  logPrefix(): string {
    return logPrefixOf(this.#factory);
  }

  #forwardingTo(protocol: ProtocolOf<F>): ProtocolLike {
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
    // No attempt has begun, and the reason is not seen.
    if (connector === undefined) return;
    connector.disconnect();
    const address = connector.getDestination();
    this.connected.errback(new ConnectingCancelledError(address));
  }
}

/** Forwards all but `makeConnection` to a protocol that has the transport itself. */
export class ForwardingProtocol implements ProtocolLike {
  readonly #protocol: ProtocolLike;
  readonly #connect: (transport: Transport) => void;

  /** @param connect calls the protocol's `makeConnection`, or ends the connection */
  constructor(protocol: ProtocolLike, connect: (transport: Transport) => void) {
    this.#protocol = protocol;
    this.#connect = connect;
  }

  makeConnection(transport: Transport): void {
    return this.#connect(transport);
  }

  dataReceived(data: Uint8Array): void {
    return this.#protocol.dataReceived(data);
  }

  get releasesData(): boolean {
    return this.#protocol.releasesData === true;
  }

  handshakeCompleted(): void {
    return this.#protocol.handshakeCompleted?.();
  }

  get bufferedBytes(): number {
    return this.#protocol.bufferedBytes ?? 0;
  }

  get readConnectionLost(): (() => void) | undefined {
    const protocol = this.#protocol;
    if (protocol.readConnectionLost === undefined) return undefined;
    return () => protocol.readConnectionLost?.();
  }

  get writeConnectionLost(): (() => void) | undefined {
    const protocol = this.#protocol;
    if (protocol.writeConnectionLost === undefined) return undefined;
    return () => protocol.writeConnectionLost?.();
  }

  connectionLost(reason: Failure): void {
    return this.#protocol.connectionLost(reason);
  }

  logPrefix(): string {
    return logPrefixOf(this.#protocol);
  }
}
