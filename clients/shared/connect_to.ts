/**
 * Connecting to an endpoint, with a factory that expects a connector.
 *
 * @module
 */

import {
  type Address,
  type ClientFactory,
  type Connector,
  type ConnectorState,
  type Deferred,
  type Failure,
  type ProtocolLike,
  ProtocolWrapper,
  type Transport,
  UNIXAddress,
  WrappingFactory,
} from "../../mod.ts";
import type { EndpointAddress } from "../../cli/endpoints.ts";

/**
 * Does for an endpoint what `reactor.connectTCP` does for a host and a port: the factory
 * hears of the attempt, and of the end of the connection.
 */
export function connectTo(
  address: EndpointAddress,
  factory: ClientFactory,
): Connector {
  const connector = new EndpointConnector(address, factory);
  connector.connect();
  return connector;
}

class EndpointConnector implements Connector {
  state: ConnectorState = "disconnected";
  transport: Transport | undefined;
  readonly #address: EndpointAddress;
  readonly #factory: ClientFactory;
  #attempt: Deferred<unknown> | undefined;

  constructor(address: EndpointAddress, factory: ClientFactory) {
    this.#address = address;
    this.#factory = factory;
  }

  connect(): void {
    this.state = "connecting";
    this.#factory.startedConnecting(this);
    const telling = new TellingFactory(
      this.#factory,
      (reason) => this.#lost(reason),
    );
    this.#attempt = this.#address.endpoint.connect(telling).addCallbacks(
      ({ transport }) => {
        this.state = "connected";
        this.transport = transport;
      },
      (reason) => {
        this.state = "disconnected";
        this.#factory.clientConnectionFailed(this, reason);
      },
    );
  }

  disconnect(): void {
    if (this.state === "connecting") this.stopConnecting();
    else this.transport?.loseConnection();
  }

  stopConnecting(): void {
    this.#attempt?.cancel();
  }

  getDestination(): Address {
    return new EndpointName(this.#address.text);
  }

  #lost(reason: Failure): void {
    this.state = "disconnected";
    this.transport = undefined;
    this.#factory.clientConnectionLost(this, reason);
  }
}

/** The string of an endpoint where an address is expected: it is all there is to tell. */
class EndpointName extends UNIXAddress {
  override toString(): string {
    return `${this.name}`;
  }
}

/** Tells when a connection is over, after its protocol was told. */
class TellingFactory extends WrappingFactory {
  override noisy = false;
  readonly #tell: (reason: Failure) => void;

  constructor(wrapped: ClientFactory, tell: (reason: Failure) => void) {
    super(wrapped);
    this.#tell = tell;
  }

  override wrapProtocol(protocol: ProtocolLike): ProtocolWrapper {
    return new TellingProtocol(this, protocol, this.#tell);
  }
}

class TellingProtocol extends ProtocolWrapper {
  readonly #tell: (reason: Failure) => void;

  constructor(
    factory: TellingFactory,
    wrapped: ProtocolLike,
    tell: (reason: Failure) => void,
  ) {
    super(factory, wrapped);
    this.#tell = tell;
  }

  override connectionLost(reason: Failure): void {
    super.connectionLost(reason);
    this.#tell(reason);
  }
}
