import { log } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import { callUser } from "../loop/call_user.ts";
import type { ProtocolLike, ReactorTime } from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { Bandwidth } from "./bandwidth.ts";
import type { ProtocolWrapper } from "./protocol_wrapper.ts";
import { ThrottlingProtocol } from "./throttling_protocol.ts";
import { type WrappableFactory, WrappingFactory } from "./wrapping_factory.ts";

/**
 * What a {@linkcode ThrottlingFactory} needs.
 * @category Policies
 */
export interface ThrottlingFactoryOptions {
  /** A reactor, or a `Clock`. */
  clock: ReactorTime;
  /**
   * The most connections.
   * @default {Infinity}
   */
  maxConnectionCount?: number | undefined;
  /**
   * Bytes a second for all connections.
   * @default {Infinity}
   */
  readLimit?: number | undefined;
  /**
   * Bytes a second for all connections. Only producers can be throttled.
   * @default {Infinity}
   */
  writeLimit?: number | undefined;
}

/**
 * Limits the bandwidth and the number of connections: Twisted's
 * `policies.ThrottlingFactory`. After too many bytes in a second, all connections pause
 * until the average is within the limit.
 * @category Policies
 */
export class ThrottlingFactory extends WrappingFactory {
  /** How many there are. */
  connectionCount = 0;
  /** How many there may be. */
  maxConnectionCount: number;
  #wrappers = new Set<ThrottlingProtocol>();
  #reads: Bandwidth;
  #writes: Bandwidth;

  /**
   * Wraps a factory.
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

  /** Wraps a protocol. */
  override wrapProtocol(wrappedProtocol: ProtocolLike): ThrottlingProtocol {
    return new ThrottlingProtocol(this, wrappedProtocol);
  }

  /** Returns nothing over the limit. */
  override buildProtocol(
    address: Address,
  ): ProtocolWrapper | null | undefined {
    if (this.connectionCount >= this.maxConnectionCount) {
      this.#log("Too many connections for");
      return null;
    }
    return super.buildProtocol(address);
  }

  /** A wrapper is connected, and counted. */
  override registerProtocol(wrapper: ProtocolWrapper): void {
    super.registerProtocol(wrapper);
    if (wrapper instanceof ThrottlingProtocol) this.#wrappers.add(wrapper);
    if (this.connectionCount === 0) {
      this.#reads.start();
      this.#writes.start();
    }
    this.connectionCount++;
  }

  /** Removes a wrapper; the last stops the counting. */
  override unregisterProtocol(wrapper: ProtocolWrapper): void {
    if (!this.protocols.has(wrapper)) return;
    super.unregisterProtocol(wrapper);
    if (wrapper instanceof ThrottlingProtocol) this.#wrappers.delete(wrapper);
    this.connectionCount--;
    if (this.connectionCount > 0) return;
    this.#reads.stop();
    this.#writes.stop();
  }

  /** Counts received bytes. */
  registerRead(length: number): void {
    this.#reads.count(length);
  }

  /** Counts written bytes. */
  registerWritten(length: number): void {
    this.#writes.count(length);
  }

  /** Pauses reading on all connections. */
  throttleReads(): void {
    this.#log("Throttling reads of");
    this.#callAll("throttleReads");
  }

  /** Resumes reading on all connections. */
  unthrottleReads(): void {
    this.#log("No longer throttling reads of");
    this.#callAll("unthrottleReads");
  }

  /** Pauses all connections' producers. */
  throttleWrites(): void {
    this.#log("Throttling writes of");
    this.#callAll("throttleWrites");
  }

  /** Resumes all connections' producers. */
  unthrottleWrites(): void {
    this.#log("No longer throttling writes of");
    this.#callAll("unthrottleWrites");
  }

  /** A producer that throws loses its own connection. */
  #callAll(
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

  #log(what: string): void {
    if (this.noisy) log.msg(`${what} ${logPrefixOf(this)}`);
  }
}
