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

const WHOLE_READ = 64 * 1024;

/** After so many steps they would be busy for ever. */
const MAX_STEPS = 1_000_000;

class Side {
  readonly connection: Connection;
  readonly stream: LoopbackStream;
  #loop: ManualReactor;

  constructor(
    loop: ManualReactor,
    stream: LoopbackStream,
    protocol: ProtocolLike,
  ) {
    this.#loop = loop;
    this.stream = stream;
    this.connection = new Connection(loop.core, stream, protocol);
  }

  /** Until nothing is left, or the step's budget is used up. */
  send(): void {
    while (this.#loop.writers.has(this.connection)) {
      const { used } = this.stream;
      this.#end(this.connection.doWrite());
      if (this.stream.used === used) return;
    }
  }

  receive(): void {
    while (this.stream.canReceive && this.#loop.readers.has(this.connection)) {
      this.#end(this.connection.doRead());
    }
  }

  #end(status: DescriptorStatus): void {
    if (status) this.connection.connectionLost(new Failure(status));
  }
}

/**
 * Moves bytes between two connected protocols, step by step: Twisted's `IOPump`, from
 * {@linkcode connectProtocols}.
 * @category Testing
 */
export class IOPump<C extends ProtocolLike, S extends ProtocolLike> {
  /** The client side. */
  readonly client: C;
  /** The server side. */
  readonly server: S;
  #loop: ManualReactor = new ManualReactor();
  #clientSide: Side;
  #serverSide: Side;

  /** Connects two protocols. */
  constructor(client: C, server: S) {
    this.client = client;
    this.server = server;
    const end = new LoopbackStream(
      new IPv4Address("TCP", "192.168.1.1", 54321),
      new IPv4Address("TCP", "10.0.0.1", 12345),
    );
    this.#clientSide = new Side(this.#loop, end, client);
    this.#serverSide = new Side(this.#loop, end.peer, server);
    this.#loop.turn(() => {
      this.#serverSide.connection.start();
      this.#clientSide.connection.start();
    });
  }

  /** The client's transport. */
  get clientTransport(): Transport {
    return this.#clientSide.connection;
  }

  /** The server's transport. */
  get serverTransport(): Transport {
    return this.#serverSide.connection;
  }

  /**
   * Moves up to `size` written bytes in each direction, and delivers them.
   * @returns whether anything has happened
   * @throws what a protocol has thrown, whose connection is lost as in a reactor
   */
  pump(size: number = WHOLE_READ): boolean {
    if (!(size >= 1)) {
      throw new RangeError(`size must be 1 byte or more, got ${size}`);
    }
    const sides = [this.#clientSide, this.#serverSide];
    const usedBefore = this.#used();
    return this.#loop.turn(() => {
      const called = this.#loop.makeCalls();
      for (const { stream } of sides) stream.allow(Math.floor(size));
      for (const side of sides) side.send();
      for (const side of sides) side.receive();
      return called || this.#used() > usedBefore;
    });
  }

  /**
   * Takes steps until nothing happens; as `pump`.
   * @throws {Error} if that never ends
   */
  flush(size: number | (() => number) = WHOLE_READ): boolean {
    for (let step = 0; step < MAX_STEPS; step++) {
      const moved = this.pump(typeof size === "number" ? size : size());
      if (!moved) return step > 0;
    }
    throw new Error(
      `The protocols are still busy with each other after ${MAX_STEPS} steps`,
    );
  }

  #used(): number {
    return this.#clientSide.stream.used + this.#serverSide.stream.used;
  }
}

/**
 * Connects two protocols. Their writes wait for the pump; else their transports are real
 * connections.
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
 * @category Testing
 */
export function connectProtocols<
  C extends ProtocolLike,
  S extends ProtocolLike,
>(client: C, server: S): IOPump<C, S> {
  return new IOPump(client, server);
}
