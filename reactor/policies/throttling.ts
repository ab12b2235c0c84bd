import { log } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type {
  DelayedCall,
  ProtocolLike,
  PullProducer,
  PushProducer,
  ReactorTime,
} from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { callUser } from "../loop/call_user.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import {
  ProtocolWrapper,
  type WrappableFactory,
  type WrapperKeeper,
  WrappingFactory,
} from "./wrapping.ts";
import type { Factory } from "../protocol/protocol.ts";

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
    this.#reads = new Bandwidth(
      clock,
      readLimit,
      (on) => on ? this.throttleReads() : this.unthrottleReads(),
    );
    this.#writes = new Bandwidth(
      clock,
      writeLimit,
      (on) => on ? this.throttleWrites() : this.unthrottleWrites(),
    );
  }

  /** Wraps a protocol. */
  override wrapProtocol(wrappedProtocol: ProtocolLike): ThrottlingProtocol {
    return new ThrottlingProtocol(this, wrappedProtocol);
  }

  /** Returns nothing over the limit. */
  override buildProtocol(address: Address): ProtocolWrapper | null | undefined {
    if (this.connectionCount >= this.maxConnectionCount) {
      this.#log("Too many connections for");
      return null;
    }
    return super.buildProtocol(address);
  }

  /** Counts a wrapper. */
  override registerProtocol(wrapper: ProtocolWrapper): void {
    super.registerProtocol(wrapper);
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
  #callAll(what: `${"" | "un"}throttle${"Reads" | "Writes"}`): void {
    for (const wrapper of this.protocols) {
      if (!(wrapper instanceof ThrottlingProtocol)) continue;
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

/** Compares bytes with a limit once a second. */
class Bandwidth {
  #clock: ReactorTime;
  #limit: number;
  /** `true` after an excess, `false` when the average fits again. */
  #throttle: (on: boolean) => void;
  #thisSecond = 0;
  /** The second's end, while bytes are counted. */
  #check: DelayedCall | undefined;
  /** The pause's end, if any. */
  #release: DelayedCall | undefined;

  constructor(
    clock: ReactorTime,
    limit: number,
    throttle: (on: boolean) => void,
  ) {
    if (!(limit > 0)) {
      throw new RangeError(
        `limit must be more than 0 bytes a second, got ${limit}`,
      );
    }
    this.#clock = clock;
    this.#limit = limit;
    this.#throttle = throttle;
  }

  start(): void {
    this.#thisSecond = 0;
    if (this.#limit !== Infinity) this.#checkLater();
  }

  stop(): void {
    cancelPending(this.#check);
    cancelPending(this.#release);
  }

  count(bytes: number): void {
    this.#thisSecond += bytes;
  }

  #checkLater(): void {
    this.#check = this.#clock.callLater(1, () => this.#compare());
  }

  #compare(): void {
    const excess = this.#thisSecond / this.#limit - 1;
    this.#thisSecond = 0;
    this.#checkLater();
    if (excess <= 0) return;
    this.#releaseIn(excess);
    return this.#throttle(true);
  }

  #releaseIn(seconds: number): void {
    if (this.#release?.active()) {
      // A pause may get longer, never shorter.
      const time = this.#clock.seconds() + seconds;
      if (time > this.#release.getTime()) this.#release.reset(seconds);
      return;
    }
    this.#release = this.#clock.callLater(seconds, () => this.#throttle(false));
  }
}

/**
 * A factory that counts bytes.
 * @category Policies
 */
export interface BandwidthKeeper extends WrapperKeeper {
  /** Counts received bytes. */
  registerRead(length: number): void;
  /** Counts written bytes. */
  registerWritten(length: number): void;
}

/**
 * A `ThrottlingFactory`'s wrapper: Twisted's `ThrottlingProtocol`.
 * @category Policies
 */
export class ThrottlingProtocol extends ProtocolWrapper {
  #keeper: BandwidthKeeper;
  #pausedByProtocol = false;
  #pausedByLimit = false;
  #producer: GatedProducer | undefined;

  /** Wraps a protocol. */
  constructor(
    factory: Factory & BandwidthKeeper,
    wrappedProtocol: ProtocolLike,
  ) {
    super(factory, wrappedProtocol);
    this.#keeper = factory;
  }

  /** Sends bytes, and counts them. */
  override write(data: Uint8Array): void {
    super.write(data);
    this.#keeper.registerWritten(data.length);
  }

  /** Sends several arrays, and counts them. */
  override writeSequence(data: Iterable<Uint8Array>): void {
    const pieces = [...data];
    super.writeSequence(pieces);
    const size = pieces.reduce((sum, { length }) => sum + length, 0);
    this.#keeper.registerWritten(size);
  }

  /** Counts bytes, and forwards them. */
  override dataReceived(data: Uint8Array): void {
    this.#keeper.registerRead(data.length);
    return super.dataReceived(data);
  }

  /** Pauses reading. */
  override pauseProducing(): void {
    this.#pausedByProtocol = true;
    super.pauseProducing();
  }

  /** Resumes reading, once the limit allows it. */
  override resumeProducing(): void {
    this.#pausedByProtocol = false;
    if (!this.#pausedByLimit) super.resumeProducing();
  }

  /** Pauses reading for the limit. */
  throttleReads(): void {
    this.#pausedByLimit = true;
    super.pauseProducing();
  }

  /** Resumes reading, unless the protocol has paused it. */
  unthrottleReads(): void {
    this.#pausedByLimit = false;
    if (!this.#pausedByProtocol) super.resumeProducing();
  }

  /** Registers it for the limit to pause. */
  override registerProducer(
    producer: PullProducer | PushProducer,
    streaming: boolean,
  ): void {
    const before = this.#producer;
    const gated = new GatedProducer(producer, streaming);
    // First: a pull producer may write everything, and be unregistered, at once.
    this.#producer = gated;
    try {
      super.registerProducer(gated, streaming);
    } catch (error) {
      this.#producer = before;
      throw error;
    }
  }

  /** Unregisters the producer. */
  override unregisterProducer(): void {
    this.#producer = undefined;
    super.unregisterProducer();
  }

  /** Pauses the producer for the limit. */
  throttleWrites(): void {
    return this.#producer?.close();
  }

  /** Resumes the producer, unless the transport has paused it. */
  unthrottleWrites(): void {
    return this.#producer?.open();
  }
}

/**
 * Runs while transport and limit allow it. Returns what its methods return: the caller
 * handles a promise's rejection.
 */
class GatedProducer implements PushProducer {
  #producer: PullProducer | PushProducer;
  #streaming: boolean;
  #isOpen = true;
  /** A pull producer's lasts for one call. */
  #wanted: boolean;

  constructor(producer: PullProducer | PushProducer, streaming: boolean) {
    this.#producer = producer;
    this.#streaming = streaming;
    this.#wanted = streaming;
  }

  resumeProducing(): void {
    this.#wanted = true;
    if (this.#isOpen) return this.#resume();
  }

  pauseProducing(): void {
    this.#wanted = false;
    return this.#pause();
  }

  stopProducing(): void {
    this.#wanted = false;
    return this.#producer.stopProducing();
  }

  close(): void {
    this.#isOpen = false;
    if (this.#wanted) return this.#pause();
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    if (this.#wanted) return this.#resume();
  }

  #resume(): void {
    this.#wanted = this.#streaming;
    return this.#producer.resumeProducing();
  }

  #pause(): void {
    if (this.#streaming && "pauseProducing" in this.#producer) {
      return this.#producer.pauseProducing();
    }
  }
}
