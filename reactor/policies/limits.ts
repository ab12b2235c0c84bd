import type { Failure } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import { checkTimeout } from "../checks.ts";
import type { DelayedCall, ProtocolLike, ReactorTime } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import {
  ProtocolWrapper,
  type WrappableFactory,
  type WrapperKeeper,
  WrappingFactory,
} from "./wrapping.ts";
import { type Protocol, ServerFactory } from "../protocol/protocol.ts";

/**
 * Limits the number of connections: Twisted's `policies.LimitTotalConnectionsFactory`.
 * One too many is closed at once, or gets an `overflowProtocol`.
 * @category Policies
 */
export class LimitTotalConnectionsFactory extends ServerFactory
  implements WrapperKeeper {
  /** With those of an `overflowProtocol`. */
  connectionCount = 0;
  /** `undefined` for any number. */
  connectionLimit: number | undefined = undefined;
  /** For connections over the limit. */
  overflowProtocol: (new () => Protocol) | undefined = undefined;

  /** Returns nothing over the limit. */
  override buildProtocol(address: Address): ProtocolWrapper | null | undefined {
    const isFull = this.connectionLimit !== undefined &&
      this.connectionCount >= this.connectionLimit;
    const protocol = isFull
      ? this.#buildOverflow()
      : super.buildProtocol(address);
    if (!protocol) return protocol;
    this.connectionCount++;
    return new ProtocolWrapper(this, protocol);
  }

  /** Nothing: it was counted when built. */
  registerProtocol(_wrapper: ProtocolWrapper): void {}

  unregisterProtocol(_wrapper: ProtocolWrapper): void {
    this.connectionCount--;
  }

  #buildOverflow(): Protocol | null {
    if (this.overflowProtocol === undefined) return null;
    const protocol = new this.overflowProtocol();
    protocol.factory = this;
    return protocol;
  }
}

/**
 * What a {@linkcode TimeoutFactory} needs.
 * @category Policies
 */
export interface TimeoutFactoryOptions {
  /** A reactor, or a `Clock`. */
  clock: ReactorTime;
  /**
   * For an idle connection, in seconds; `null` for ever.
   * @default {1800}
   */
  timeoutPeriod?: number | null | undefined;
}

/**
 * Closes connections idle in both directions: Twisted's `policies.TimeoutFactory`. The
 * time starts when the protocol is built, and anew whenever bytes arrive or are written.
 * One still closing after the same time is aborted: a peer that receives nothing, or
 * never ends its handshake, could keep it open for ever.
 * @category Policies
 */
export class TimeoutFactory extends WrappingFactory {
  /** In seconds; `null` for ever. */
  timeoutPeriod: number | null;
  /** Keeps the time. */
  readonly clock: ReactorTime;

  /** Wraps a factory. */
  constructor(
    wrappedFactory: WrappableFactory,
    options: TimeoutFactoryOptions,
  ) {
    super(wrappedFactory);
    const { clock, timeoutPeriod = 30 * 60 } = options;
    checkTimeout("timeout", timeoutPeriod);
    this.clock = clock;
    this.timeoutPeriod = timeoutPeriod;
  }

  /** Wraps a protocol. */
  override wrapProtocol(wrappedProtocol: ProtocolLike): TimeoutProtocol {
    return new TimeoutProtocol(this, wrappedProtocol);
  }
}

/**
 * A {@linkcode TimeoutFactory}'s wrapper: Twisted's `TimeoutProtocol`.
 * @category Policies
 */
export class TimeoutProtocol extends ProtocolWrapper {
  #period: number | null = null;
  #clock: ReactorTime;
  /** Closes the connection, then aborts it. */
  #call: DelayedCall | undefined;
  /** Bytes do not restart it then. */
  #isUp = false;

  /** Starts the timeout. */
  constructor(factory: TimeoutFactory, wrappedProtocol: ProtocolLike) {
    super(factory, wrappedProtocol);
    this.#clock = factory.clock;
    this.setTimeout(factory.timeoutPeriod);
  }

  /** In seconds; `null` for ever. */
  get timeoutPeriod(): number | null {
    return this.#period;
  }

  /**
   * Restarts the timeout.
   * @param period in seconds; `null` for none
   * @throws {RangeError} if it is less than 0 or `NaN`
   */
  setTimeout(period: number | null): void {
    checkTimeout("timeout", period);
    this.cancelTimeout();
    this.#period = period;
    if (period === null) return;
    this.#call = this.#clock.callLater(period, () => {
      this.#isUp = true;
      return this.timeoutFunc();
    });
  }

  /** Removes the timeout. */
  cancelTimeout(): void {
    this.#period = null;
    this.#isUp = false;
    cancelPending(this.#call);
  }

  /** Restarts the timeout, unless it is over. */
  resetTimeout(): void {
    const call = this.#call;
    if (this.#period === null || this.#isUp) return;
    if (call?.active()) call.reset(this.#period);
  }

  /**
   * Closes the connection, and aborts it after the same time, unless `setTimeout` or
   * `cancelTimeout` is called.
   */
  timeoutFunc(): void {
    // Built, never connected.
    if (!this.connected) return;
    this.loseConnection();
    const period = this.#period;
    // `connectionLost` has removed the timeout.
    if (period === null) return;
    this.#call = this.#clock.callLater(period, () => this.abortConnection());
  }

  /** Restarts the timeout. */
  override write(data: Uint8Array): void {
    this.resetTimeout();
    super.write(data);
  }

  /** Restarts the timeout. */
  override writeSequence(data: Iterable<Uint8Array>): void {
    this.resetTimeout();
    super.writeSequence(data);
  }

  /** Restarts the timeout. */
  override dataReceived(data: Uint8Array): void {
    this.resetTimeout();
    return super.dataReceived(data);
  }

  /** Removes the timeout. */
  override connectionLost(reason: Failure): void {
    this.cancelTimeout();
    return super.connectionLost(reason);
  }
}
