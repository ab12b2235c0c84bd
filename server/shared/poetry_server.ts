/**
 * The factory and the protocol that the poetry servers under the reactor share: limits on
 * clients, and the end of a connection.
 *
 * @module
 */

import {
  type Address,
  Deferred,
  type DelayedCall,
  LimitTotalConnectionsFactory,
  Protocol,
  type ProtocolWrapper,
  type PullProducer,
  type ReactorTime,
  UNIXAddress,
} from "../../mod.ts";

/** The time that a client has to close the connection after the end of the poem. */
const CLOSE_SECONDS = 10;

/** The bytes that a client has to take within the send timeout. */
const PIECE_SIZE = 64 * 1024;

const NOTHING = new Uint8Array(0);

export interface PoetryServerOptions {
  /**
   * The clients that it serves at a time; any number if undefined.
   *
   * @default {undefined}
   */
  maxClients?: number | undefined;
  /**
   * The seconds that a client may take nothing; any time if undefined.
   *
   * @default {undefined}
   */
  sendTimeout?: number | undefined;
  /**
   * Prints what the server does.
   *
   * @default {console.log}
   */
  log?: (line: string) => void;
}

/** What the connections of a server share. */
export class PoetryServerFactory extends LimitTotalConnectionsFactory {
  override noisy = false;
  /** Every client is sent these bytes; none gets a copy. */
  readonly poem: Uint8Array;
  readonly clock: ReactorTime;
  readonly sendTimeout: number | undefined;
  log: (line: string) => void;
  #waiting: Deferred<void>[] = [];

  constructor(
    clock: ReactorTime,
    poem: Uint8Array,
    options: PoetryServerOptions = {},
  ) {
    super();
    const { maxClients, sendTimeout, log = (line) => console.log(line) } =
      options;
    this.clock = clock;
    this.poem = poem;
    this.sendTimeout = sendTimeout;
    this.connectionLimit = maxClients;
    this.log = log;
  }

  /** Builds nothing for a client above the limit, which closes its connection. */
  override buildProtocol(
    address: Address,
  ): ProtocolWrapper | null | undefined {
    const protocol = super.buildProtocol(address);
    this.log(
      protocol
        ? `Somebody at ${nameOf(address)} wants poetry!`
        : `Somebody at ${nameOf(address)} is one too many.`,
    );
    return protocol;
  }

  override unregisterProtocol(wrapper: ProtocolWrapper): void {
    super.unregisterProtocol(wrapper);
    if (this.connectionCount > 0) return;
    for (const waiting of this.#waiting.splice(0)) waiting.callback();
  }

  whenEmpty(): Deferred<void> {
    const empty = new Deferred<void>();
    if (this.connectionCount === 0) empty.callback();
    else this.#waiting.push(empty);
    return empty;
  }
}

/**
 * One client. The client closes the connection, after the end of the poem: if the server
 * closed it with bytes of the client left unread, that would be a reset, which can discard
 * the end of the poem. A client that closes only its own half gets the whole poem; if it
 * has closed all of it, the next write fails.
 *
 * A client that reads nothing would stay for ever. So bytes are sent in pieces, each with
 * a time limit, and a slow reader is not cut off.
 */
export class PoetryServerProtocol extends Protocol implements PullProducer {
  declare factory: PoetryServerFactory;
  /** Given to `send`, and not to the transport yet. */
  #unsent: Uint8Array = NOTHING;
  #isProducing = false;
  #isEnding = false;
  /** Set while the client has to read, or to close the connection. */
  #limit: DelayedCall | undefined;

  /** Makes the transport ask for each piece, by `bytesSent`. */
  startProducing(): void {
    this.#isProducing = true;
    this.transport.registerProducer(this, false);
  }

  /** Sends bytes, unless the client stops reading. */
  send(bytes: Uint8Array): void {
    this.#unsent = bytes;
    if (bytes.length <= PIECE_SIZE || this.#isProducing) this.#sendPiece();
    else this.startProducing();
  }

  /** Ends the poem after what was given to `send`. */
  endOfPoem(): void {
    this.#isEnding = true;
    if (this.#unsent.length === 0) this.#end();
  }

  /** Called when everything given to `send` is written. */
  bytesSent(): void {}

  resumeProducing(): void {
    if (this.#unsent.length > 0) return this.#sendPiece();
    this.#forgetLimit();
    if (this.#isEnding) this.#end();
    else this.bytesSent();
  }

  stopProducing(): void {}

  /** Half-closed by the client, which still gets its poem. */
  readConnectionLost(): void {}

  /** Everything is written, the end as well. */
  writeConnectionLost(): void {
    this.#setLimit(CLOSE_SECONDS, () => this.transport.abortConnection());
  }

  override connectionLost(): void {
    this.#forgetLimit();
  }

  #sendPiece(): void {
    const piece = this.#unsent.subarray(0, PIECE_SIZE);
    this.#unsent = this.#unsent.subarray(piece.length);
    this.#expectReader();
    this.transport.write(piece);
  }

  #end(): void {
    // A transport that cannot half-close waits until its last bytes are written.
    this.#expectReader();
    if (this.#isProducing) this.transport.unregisterProducer();
    this.transport.loseWriteConnection();
  }

  #expectReader(): void {
    const { sendTimeout, log } = this.factory;
    if (sendTimeout === undefined) return;
    this.#setLimit(sendTimeout, () => {
      log(
        `Somebody at ${
          nameOf(this.transport.getPeer())
        } has read nothing for ${sendTimeout} seconds: disconnecting.`,
      );
      this.transport.abortConnection();
    });
  }

  #setLimit(seconds: number, giveUp: () => void): void {
    this.#forgetLimit();
    this.#limit = this.factory.clock.callLater(seconds, giveUp);
  }

  #forgetLimit(): void {
    if (this.#limit?.active()) this.#limit.cancel();
    this.#limit = undefined;
  }
}

/** Formats an address as Python does: `('127.0.0.1', 41234)`. */
export function nameOf(address: Address): string {
  return address instanceof UNIXAddress
    ? "a UNIX socket"
    : `('${address.host}', ${address.port})`;
}
