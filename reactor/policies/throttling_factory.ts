/**
 * A factory whose connections have only so much bandwidth.
 *
 * @module
 */

import { log } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import { callUser } from "../loop/call_user.ts";
import type { ProtocolLike, ReactorTime } from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { Bandwidth } from "./bandwidth.ts";
import type { ProtocolWrapper } from "./protocol_wrapper.ts";
import { ThrottlingProtocol } from "./throttling_protocol.ts";
import { type WrappableFactory, WrappingFactory } from "./wrapping_factory.ts";

/** What a {@linkcode ThrottlingFactory} is made with. */
export interface ThrottlingFactoryOptions {
  /** Keeps the time: a reactor, or a `Clock`. */
  clock: ReactorTime;
  /**
   * How many connections there may be at a time.
   *
   * @default {Infinity}
   */
  maxConnectionCount?: number | undefined;
  /**
   * How many bytes may be received in a second, by all connections together.
   *
   * @default {Infinity}
   */
  readLimit?: number | undefined;
  /**
   * How many bytes may be written in a second, by all connections together.
   * Only what comes from producers can be slowed down.
   *
   * @default {Infinity}
   */
  writeLimit?: number | undefined;
}

/**
 * Limits the bandwidth and the number of connections: Twisted's
 * `policies.ThrottlingFactory`. Once a second it looks how many bytes there
 * were; after too many, all connections pause until the average fits again.
 *
 * @example
 * ```ts
 * import { Clock, Factory, IPv4Address, Protocol, ThrottlingFactory } from "@deferno/deferno";
 * import { StringTransport } from "@deferno/deferno/testing";
 *
 * const clock = new Clock();
 * const inner = Factory.forProtocol(Protocol);
 * const factory = new ThrottlingFactory(inner, { clock, readLimit: 10 });
 * const protocol = factory.buildProtocol(new IPv4Address("TCP", "::1", 10000));
 * const transport = new StringTransport();
 * protocol?.makeConnection(transport);
 * protocol?.dataReceived(new Uint8Array(15));
 * clock.advance(1);
 * console.assert(transport.producerState === "paused");
 * clock.advance(0.5);
 * console.assert(transport.producerState === "producing");
 * ```
 */
export class ThrottlingFactory extends WrappingFactory {
  /** How many connections there are. */
  connectionCount = 0;
  /** How many connections there may be. */
  maxConnectionCount: number;
  #wrappers = new Set<ThrottlingProtocol>();
  #reads: Bandwidth;
  #writes: Bandwidth;

  /**
   * Wraps a factory.
   *
   * @param wrappedFactory the factory of the protocols
   * @param options what the limits are, by which clock
   * @throws {RangeError} if a limit is not more than 0
   */
  constructor(
    wrappedFactory: WrappableFactory,
    options: ThrottlingFactoryOptions,
  ) {
    super(wrappedFactory);
    const { clock, maxConnectionCount = Infinity } = options;
    const { readLimit = Infinity, writeLimit = Infinity } = options;
    this.maxConnectionCount = maxConnectionCount;
    this.#reads = new Bandwidth(clock, readLimit, {
      exceeded: () => this.throttleReads(),
      fits: () => this.unthrottleReads(),
    });
    this.#writes = new Bandwidth(clock, writeLimit, {
      exceeded: () => this.throttleWrites(),
      fits: () => this.unthrottleWrites(),
    });
  }

  /**
   * Makes the wrapper of one protocol.
   *
   * @param wrappedProtocol the protocol
   */
  override wrapProtocol(wrappedProtocol: ProtocolLike): ThrottlingProtocol {
    return new ThrottlingProtocol(this, wrappedProtocol);
  }

  /**
   * Has the wrapped factory build a protocol, if there is room for one.
   *
   * @param address the address of the other end
   * @returns the wrapper; nothing, where there are too many connections
   */
  override buildProtocol(
    address: Address,
  ): ProtocolWrapper | null | undefined {
    if (this.connectionCount >= this.maxConnectionCount) {
      this.#say("Too many connections for");
      return null;
    }
    const wrapper = super.buildProtocol(address);
    if (!wrapper) return wrapper;
    if (this.connectionCount === 0) {
      this.#reads.start();
      this.#writes.start();
    }
    this.connectionCount++;
    return wrapper;
  }

  /**
   * A wrapper is connected.
   *
   * @param wrapper the wrapper
   */
  override registerProtocol(wrapper: ProtocolWrapper): void {
    super.registerProtocol(wrapper);
    if (wrapper instanceof ThrottlingProtocol) this.#wrappers.add(wrapper);
  }

  /**
   * A wrapper's connection is over. After the last one nothing is counted.
   *
   * @param wrapper the wrapper
   */
  override unregisterProtocol(wrapper: ProtocolWrapper): void {
    super.unregisterProtocol(wrapper);
    if (wrapper instanceof ThrottlingProtocol) this.#wrappers.delete(wrapper);
    this.connectionCount--;
    if (this.connectionCount > 0) return;
    this.#reads.stop();
    this.#writes.stop();
  }

  /**
   * Bytes were received.
   *
   * @param length how many
   */
  registerRead(length: number): void {
    this.#reads.count(length);
  }

  /**
   * Bytes were written.
   *
   * @param length how many
   */
  registerWritten(length: number): void {
    this.#writes.count(length);
  }

  /** Lets nothing come on any connection. */
  throttleReads(): void {
    this.#say("Throttling reads of");
    this.#tellAll("throttleReads");
  }

  /** Lets bytes come again. */
  unthrottleReads(): void {
    this.#say("No longer throttling reads of");
    this.#tellAll("unthrottleReads");
  }

  /** Lets the producers of all connections wait. */
  throttleWrites(): void {
    this.#say("Throttling writes of");
    this.#tellAll("throttleWrites");
  }

  /** Lets the producers go on. */
  unthrottleWrites(): void {
    this.#say("No longer throttling writes of");
    this.#tellAll("unthrottleWrites");
  }

  /**
   * Tells all connections, whatever their producers make of it: one that throws
   * costs its own connection, and no other its turn.
   */
  #tellAll(
    what:
      | "throttleReads"
      | "unthrottleReads"
      | "throttleWrites"
      | "unthrottleWrites",
  ): void {
    for (const wrapper of this.#wrappers) {
      callUser(
        log,
        `${what} of ${wrapper.logPrefix()}`,
        () => wrapper[what](),
        () => wrapper.abortConnection(),
      );
    }
  }

  #say(what: string): void {
    if (this.noisy) log.msg(`${what} ${logPrefixOf(this)}`);
  }
}
