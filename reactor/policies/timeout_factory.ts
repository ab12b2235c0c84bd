// An idle timeout for the connections of a factory.

import type { Failure } from "../../defer/mod.ts";
import type { DelayedCall } from "../interfaces.ts";
import { checkTimeout } from "../checks.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { ProtocolLike, ReactorTime } from "../interfaces.ts";
import { ProtocolWrapper } from "./protocol_wrapper.ts";
import { type WrappableFactory, WrappingFactory } from "./wrapping_factory.ts";

/**
 * What a {@linkcode TimeoutFactory} is made with.
 * @category Policies
 */
export interface TimeoutFactoryOptions {
  /** Keeps the time: a reactor, or a `Clock`. */
  clock: ReactorTime;
  /**
   * How long a connection may be idle, in seconds; `null` for ever.
   * @default {1800}
   */
  timeoutPeriod?: number | null | undefined;
}

/**
 * Closes connections that are idle in both directions: Twisted's
 * `policies.TimeoutFactory`. The time starts when the protocol is built, and anew
 * whenever bytes arrive or are written.
 *
 * A connection that is still closing when the same time has passed again is aborted: a
 * peer that receives nothing, or never ends its handshake, could keep it open for ever.
 * @example
 * ```ts
 * import { Clock, Factory, Protocol, TimeoutFactory } from "@deferno/deferno";
 *
 * const clock = new Clock(); // usually a reactor
 * const poems = Factory.forProtocol(Protocol);
 * const impatient = new TimeoutFactory(poems, { clock, timeoutPeriod: 60 });
 * console.assert(impatient.timeoutPeriod === 60);
 * ```
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

  /** Makes the wrapper of one protocol. */
  override wrapProtocol(wrappedProtocol: ProtocolLike): TimeoutProtocol {
    return new TimeoutProtocol(this, wrappedProtocol);
  }
}

/**
 * The wrapper of a {@linkcode TimeoutFactory}: Twisted's `TimeoutProtocol`.
 * @category Policies
 */
export class TimeoutProtocol extends ProtocolWrapper {
  #period: number | null = null;
  #clock: ReactorTime;
  /** Closes the connection; once it has, aborts it. */
  #call: DelayedCall | undefined;
  /** Whether the time is over: bytes do not restart it then. */
  #isUp = false;

  /** Wraps a protocol, and starts the timeout. */
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
    this.#call = undefined;
  }

  /** Restarts the timeout, unless it is over. */
  resetTimeout(): void {
    const call = this.#call;
    if (this.#period === null || this.#isUp) return;
    if (call?.active()) call.reset(this.#period);
  }

  /**
   * The time is over. Closes the connection, and aborts it when the same time has passed
   * again, unless `setTimeout` or `cancelTimeout` is called.
   */
  timeoutFunc(): void {
    // Built, but never connected.
    if (!this.connected) return;
    this.loseConnection();
    // Closed at once: `connectionLost` has removed the timeout.
    if (this.#period === null) return;
    this.#call = this.#clock.callLater(
      this.#period,
      () => this.abortConnection(),
    );
  }

  /** Sends bytes, and restarts the timeout. */
  override write(data: Uint8Array): void {
    this.resetTimeout();
    super.write(data);
  }

  /** Sends the bytes of several arrays, and restarts the timeout. */
  override writeSequence(data: Iterable<Uint8Array>): void {
    this.resetTimeout();
    super.writeSequence(data);
  }

  /** Forwards bytes, and restarts the timeout. */
  override dataReceived(data: Uint8Array): void {
    this.resetTimeout();
    return super.dataReceived(data);
  }

  /** Removes the timeout, and forwards the end. */
  override connectionLost(reason: Failure): void {
    this.cancelTimeout();
    return super.connectionLost(reason);
  }
}
