/**
 * Client 4.0's way to a poem, which can be cancelled, for the programs of this folder.
 *
 * @module
 */

import {
  CancelledError,
  ClientFactory,
  ConnectionDone,
  type Connector,
  Deferred,
  type Failure,
  Protocol,
  reactor,
} from "../../../mod.ts";

class PoetryProtocol extends Protocol {
  declare factory: PoetryClientFactory;
  pieces: Uint8Array[] = [];

  override dataReceived(data: Uint8Array): void {
    this.pieces.push(data);
  }

  override connectionLost(reason: Failure): void {
    if (reason.check(ConnectionDone)) this.factory.poemFinished(this.pieces);
    else this.factory.poemFailed(reason);
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  override noisy = false;
  deferred: Deferred<Uint8Array>;

  constructor(deferred: Deferred<Uint8Array>) {
    super();
    this.deferred = deferred;
  }

  poemFinished(pieces: Uint8Array[]): void {
    if (!this.deferred.called) this.deferred.callback(concat(pieces));
  }

  poemFailed(reason: Failure): void {
    if (!this.deferred.called) this.deferred.errback(reason);
  }

  override clientConnectionFailed(_: Connector, reason: Failure): void {
    this.poemFailed(reason);
  }
}

/**
 * Gets the bytes of a poem. The canceller fails the deferred first, so that its error is
 * the `CancelledError` and not what comes of the closed connection.
 */
export function getPoem(host: string, port: number): Deferred<Uint8Array> {
  const d = new Deferred<Uint8Array>(() => {
    d.errback(new CancelledError());
    connector.disconnect();
  });
  const connector = reactor.connectTCP(host, port, new PoetryClientFactory(d));
  return d;
}

/** Gets the text of a poem. To cancel it ends the attempt, or closes the connection. */
export function getPoetry(host: string, port: number): Deferred<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return getPoem(host, port).addCallback((bytes) => decoder.decode(bytes));
}

function concat(pieces: Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
