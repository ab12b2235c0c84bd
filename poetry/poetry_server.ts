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
  type ReactorTime,
  UNIXAddress,
} from "../mod.ts";

/** How long a client that has its whole poem may take to close the connection. */
const PATIENCE_SECONDS = 10;

/** What a server can be told beside its poem. */
export interface PoetryServerOptions {
  /**
   * How many clients it takes at a time.
   *
   * @default {undefined}
   */
  maxClients?: number;
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
    const { maxClients, say = (line) => console.log(line) } = options;
    this.clock = clock;
    this.poem = poem;
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
 */
export class PoetryServerProtocol extends Protocol {
  declare factory: PoetryServerFactory;
  /** Set while the poem is sent and the client has not closed the connection. */
  #givingUp: DelayedCall | undefined;

  /** The end of the poem is on its way. */
  endOfPoem(): void {
    this.transport.loseWriteConnection();
  }

  /** The client has nothing more to say. */
  readConnectionLost(): void {}

  /** Everything is sent, and so is the end. */
  writeConnectionLost(): void {
    this.#givingUp = this.factory.clock.callLater(
      PATIENCE_SECONDS,
      () => this.transport.abortConnection(),
    );
  }

  override connectionLost(): void {
    if (this.#givingUp?.active()) this.#givingUp.cancel();
  }
}

/** How an address is written: `('127.0.0.1', 41234)`. */
export function nameOf(address: Address): string {
  return address instanceof UNIXAddress
    ? "a UNIX socket"
    : `('${address.host}', ${address.port})`;
}
