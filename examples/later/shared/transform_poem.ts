/**
 * The client of the transform server, for clients 6.0 to 8.1.
 *
 * @module
 */

import {
  CancelledError,
  ClientFactory,
  type Connector,
  Deferred,
  type Failure,
  NetstringReceiver,
  reactor,
} from "../../../mod.ts";
import type { Address } from "../../../cli/addresses.ts";

class TransformClientProtocol extends NetstringReceiver {
  declare factory: TransformClientFactory;

  override connectionMade(): void {
    const { transform, poem } = this.factory;
    this.sendString(new TextEncoder().encode(`${transform}.${poem}`));
  }

  override stringReceived(answer: Uint8Array): void {
    this.transport.loseConnection();
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    this.factory.poemReceived(decoder.decode(answer));
  }
}

class TransformClientFactory extends ClientFactory {
  override protocol = TransformClientProtocol;
  override noisy = false;
  readonly transform: string;
  readonly poem: string;
  readonly deferred: Deferred<string>;

  constructor(transform: string, poem: string, deferred: Deferred<string>) {
    super();
    this.transform = transform;
    this.poem = poem;
    this.deferred = deferred;
  }

  poemReceived(poem: string): void {
    if (!this.deferred.called) this.deferred.callback(poem);
  }

  /** Without an answer, a connection that was closed cleanly is a failure too. */
  override clientConnectionLost(_: Connector, reason: Failure): void {
    if (!this.deferred.called) this.deferred.errback(reason);
  }

  override clientConnectionFailed(_: Connector, reason: Failure): void {
    if (!this.deferred.called) this.deferred.errback(reason);
  }
}

/**
 * Has a poem transformed by a server.
 *
 * @param transform its name, without a dot
 * @returns a deferred of the new poem. To cancel it closes the connection.
 */
export function transformPoem(
  { hostname, port }: Address,
  transform: string,
  poem: string,
): Deferred<string> {
  const d = new Deferred<string>(() => {
    d.errback(new CancelledError());
    connector.disconnect();
  });
  const factory = new TransformClientFactory(transform, poem, d);
  const connector = reactor.connectTCP(hostname, port, factory);
  return d;
}
