/**
 * Two protocols that are connected to each other, and what moves their bytes.
 *
 * @module
 */

import { Failure } from "../../defer/mod.ts";
import { IPv4Address } from "../addresses.ts";
import type {
  DescriptorStatus,
  ProtocolLike,
  Transport,
} from "../interfaces.ts";
import { Connection } from "../transport/connection.ts";
import { ManualReactor } from "./manual_reactor.ts";
import { LoopbackStream } from "./loopback_stream.ts";

/** As much as a connection gives out at once. */
const WHOLE_READ = 64 * 1024;

/** After so many steps two protocols that are still busy will be for ever. */
const MOST_STEPS = 1_000_000;

/** One of the two sides. */
class Side {
  readonly connection: Connection;
  readonly wire: LoopbackStream;
  #loop: ManualReactor;

  constructor(
    loop: ManualReactor,
    wire: LoopbackStream,
    protocol: ProtocolLike,
  ) {
    this.#loop = loop;
    this.wire = wire;
    this.connection = new Connection(loop, wire, protocol);
  }

  /** Sends what may be sent in this step. */
  send(): void {
    while (this.#loop.writers.has(this.connection)) {
      const { used } = this.wire;
      this.#end(this.connection.doWrite());
      if (this.wire.used === used) return;
    }
  }

  /** Receives what has arrived. */
  receive(): void {
    while (this.wire.canReceive && this.#loop.readers.has(this.connection)) {
      this.#end(this.connection.doRead());
    }
  }

  #end(status: DescriptorStatus): void {
    if (status) this.connection.connectionLost(new Failure(status));
  }
}

/**
 * Moves bytes between two connected protocols, as far as a test wants it:
 * Twisted's `IOPump`. {@linkcode connectProtocols} makes one.
 */
export class IOPump<C extends ProtocolLike, S extends ProtocolLike> {
  /** The protocol that has made the connection. */
  readonly client: C;
  /** The protocol that the connection was made to. */
  readonly server: S;
  #loop: ManualReactor = new ManualReactor();
  #clientSide: Side;
  #serverSide: Side;

  /**
   * Connects two protocols.
   *
   * @param client the one that makes the connection
   * @param server the one that it is made to
   */
  constructor(client: C, server: S) {
    this.client = client;
    this.server = server;
    const [clientEnd, serverEnd] = LoopbackStream.pair(
      new IPv4Address("TCP", "192.168.1.1", 54321),
      new IPv4Address("TCP", "10.0.0.1", 12345),
    );
    this.#clientSide = new Side(this.#loop, clientEnd, client);
    this.#serverSide = new Side(this.#loop, serverEnd, server);
    this.#loop.turn(() => {
      this.#serverSide.connection.start();
      this.#clientSide.connection.start();
    });
  }

  /** The connection as the client sees it. */
  get clientTransport(): Transport {
    return this.#clientSide.connection;
  }

  /** The connection as the server sees it. */
  get serverTransport(): Transport {
    return this.#serverSide.connection;
  }

  /**
   * Takes one step: what was written moves in both directions, but no more than
   * so many bytes, and what has arrived is received.
   *
   * @param size how many bytes
   * @returns whether anything has happened
   * @throws what a protocol has thrown; its connection is lost, as it would be
   *   otherwise
   */
  pump(size: number = WHOLE_READ): boolean {
    if (!(size >= 1)) {
      throw new RangeError(`A pump moves 1 byte or more: not ${size}`);
    }
    const sides = [this.#clientSide, this.#serverSide];
    const usedBefore = this.#used();
    return this.#loop.turn(() => {
      const called = this.#loop.makeCalls();
      for (const { wire } of sides) wire.allow(Math.floor(size));
      for (const side of sides) side.send();
      for (const side of sides) side.receive();
      return called || this.#used() > usedBefore;
    });
  }

  /**
   * Takes steps until nothing happens any more.
   *
   * @param size how many bytes a step moves, or what says so for each step
   * @returns whether anything has happened
   * @throws {Error} if there is no end to it
   */
  flush(size: number | (() => number) = WHOLE_READ): boolean {
    for (let step = 0; step < MOST_STEPS; step++) {
      const moved = this.pump(typeof size === "number" ? size : size());
      if (!moved) return step > 0;
    }
    throw new Error(
      `The protocols are still busy with each other after ${MOST_STEPS} steps`,
    );
  }

  #used(): number {
    return this.#clientSide.wire.used + this.#serverSide.wire.used;
  }
}

/**
 * Connects two protocols with each other. What they write waits until the pump
 * moves it, in pieces of any size; apart from that their transports are those of
 * real connections.
 *
 * @param client the one that makes the connection
 * @param server the one that it is made to
 *
 * @example
 * ```ts
 * import { Protocol } from "@deferno/deferno";
 * import { AccumulatingProtocol, connectProtocols } from "@deferno/deferno/testing";
 *
 * class Echo extends Protocol {
 *   override dataReceived(data: Uint8Array): void {
 *     this.transport.write(data);
 *   }
 * }
 * const pump = connectProtocols(new AccumulatingProtocol(), new Echo());
 * pump.client.transport.write(new Uint8Array([1, 2, 3]));
 * pump.flush(1);
 * console.assert(pump.client.data.join() === "1,2,3");
 * ```
 */
export function connectProtocols<
  C extends ProtocolLike,
  S extends ProtocolLike,
>(
  client: C,
  server: S,
): IOPump<C, S> {
  return new IOPump(client, server);
}
