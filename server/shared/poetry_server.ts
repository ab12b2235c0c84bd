/**
 * What the poetry servers under the reactor have in common: who may come in, and how
 * a client is parted from.
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

/** How long a client that has its whole poem may take to close the connection. */
const PATIENCE_SECONDS = 10;

/** What a client is given at a time: when it has taken this much, it is reading. */
const PIECE_SIZE = 64 * 1024;

const NOTHING = new Uint8Array(0);

/** What a server can be told beside its poem. */
export interface PoetryServerOptions {
  /**
   * How many clients it takes at a time.
   *
   * @default {undefined}
   */
  maxClients?: number | undefined;
  /**
   * How long a client may take nothing of what is sent to it, in seconds; any time
   * unless given.
   *
   * @default {undefined}
   */
  sendTimeout?: number | undefined;
  /**
   * Where it says what it does.
   *
   * @default {console.log}
   */
  say?: (line: string) => void;
}

/** What all connections of a server share: the poem, the time, and their number. */
export class PoetryServerFactory extends LimitTotalConnectionsFactory {
  override noisy = false;
  /** The poem. Every client is sent these very bytes, and no copy is made for any. */
  readonly poem: Uint8Array;
  /** Keeps the time. */
  readonly clock: ReactorTime;
  /** How long a client may take nothing, in seconds. */
  readonly sendTimeout: number | undefined;
  /** Says what the server does. Another can be put here while there is no client. */
  say: (line: string) => void;
  /** Those who wait for the last client to go. */
  #waiting: Deferred<void>[] = [];

  /** Makes a factory for the connections of one server. */
  constructor(
    clock: ReactorTime,
    poem: Uint8Array,
    options: PoetryServerOptions = {},
  ) {
    super();
    const { maxClients, sendTimeout, say = (line) => console.log(line) } =
      options;
    this.clock = clock;
    this.poem = poem;
    this.sendTimeout = sendTimeout;
    this.connectionLimit = maxClients;
    this.say = say;
  }

  /** Lets a client in. Nothing is built for one too many, which closes its connection. */
  override buildProtocol(
    address: Address,
  ): ProtocolWrapper | null | undefined {
    const protocol = super.buildProtocol(address);
    this.say(
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

  /** Fires when there is no client, now or later. */
  whenEmpty(): Deferred<void> {
    const empty = new Deferred<void>();
    if (this.connectionCount === 0) empty.callback();
    else this.#waiting.push(empty);
    return empty;
  }
}

/**
 * One client. It is for the client to close the connection, when it has seen the end
 * of the poem: to close it from here with something left unread, even a "Hello?", is to
 * reset it, and that can take the end of the poem away from a client still reading. A
 * client that has closed its own half, having nothing to say, gets its poem like all
 * others; if it has closed all of it, the next bytes cannot be sent, and that tells.
 *
 * A client that takes nothing would keep its place for ever. What is sent goes out in
 * pieces, so that one that reads slowly can be told from one that does not read.
 */
export class PoetryServerProtocol extends Protocol implements PullProducer {
  declare factory: PoetryServerFactory;
  /** What was given to `send`, and not to the transport yet. */
  #unsent: Uint8Array = NOTHING;
  #isProducing = false;
  /** Set once nothing will be given to `send` any more. */
  #isEnding = false;
  /** Set while the client has to do something: to read, or to close the connection. */
  #limit: DelayedCall | undefined;

  /** Has the transport ask for each piece, which is when `bytesSent` is called. */
  startProducing(): void {
    this.#isProducing = true;
    this.transport.registerProducer(this, false);
  }

  /** Sends bytes, for as long as the client takes some of them in time. */
  send(bytes: Uint8Array): void {
    this.#unsent = bytes;
    if (bytes.length <= PIECE_SIZE || this.#isProducing) this.#sendPiece();
    else this.startProducing();
  }

  /** Everything was given to `send`, and the end of the poem follows it. */
  endOfPoem(): void {
    this.#isEnding = true;
    if (this.#unsent.length === 0) this.#end();
  }

  /** What was given to `send` is on its way: the next can follow. */
  bytesSent(): void {}

  /** The transport has got rid of the last piece. */
  resumeProducing(): void {
    if (this.#unsent.length > 0) return this.#sendPiece();
    this.#forgetLimit();
    if (this.#isEnding) this.#end();
    else this.bytesSent();
  }

  /** The client has gone away. */
  stopProducing(): void {}

  /** The client has nothing more to say. */
  readConnectionLost(): void {}

  /** Everything is sent, and so is the end. */
  writeConnectionLost(): void {
    this.#setLimit(PATIENCE_SECONDS, () => this.transport.abortConnection());
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
    // Where the transport has no halves, it waits for its last bytes to be taken.
    this.#expectReader();
    if (this.#isProducing) this.transport.unregisterProducer();
    this.transport.loseWriteConnection();
  }

  #expectReader(): void {
    const { sendTimeout, say } = this.factory;
    if (sendTimeout === undefined) return;
    this.#setLimit(sendTimeout, () => {
      say(
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

/** How an address is written: `('127.0.0.1', 41234)`. */
export function nameOf(address: Address): string {
  return address instanceof UNIXAddress
    ? "a UNIX socket"
    : `('${address.host}', ${address.port})`;
}
