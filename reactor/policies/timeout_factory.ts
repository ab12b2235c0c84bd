/**
 * A factory whose connections are closed when they are idle.
 *
 * @module
 */

import type { Failure } from "../../defer/mod.ts";
import type { DelayedCall } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { ProtocolLike, ReactorTime } from "../interfaces.ts";
import { ProtocolWrapper } from "./protocol_wrapper.ts";
import { type WrappableFactory, WrappingFactory } from "./wrapping_factory.ts";

/** What a {@linkcode TimeoutFactory} is made with. */
export interface TimeoutFactoryOptions {
  /** Keeps the time: a reactor, or a `Clock`. */
  clock: ReactorTime;
  /**
   * How long a connection may be idle, in seconds; `null` for any time.
   *
   * @default {1800}
   */
  timeoutPeriod?: number | null | undefined;
}

/**
 * Closes connections that are idle, in both directions: Twisted's
 * `policies.TimeoutFactory`. The time begins when the protocol is built, and
 * anew whenever bytes come or are written.
 *
 * A connection that was closed and has not gone when the same time has passed
 * again is aborted: its peer receives nothing, or never ends its handshake, and
 * could keep it open for ever.
 *
 * @example
 * ```ts
 * import { Clock, Factory, IPv4Address, Protocol, TimeoutFactory } from "@deferno/deferno";
 * import { StringTransport } from "@deferno/deferno/testing";
 *
 * const clock = new Clock();
 * const inner = Factory.forProtocol(Protocol);
 * const factory = new TimeoutFactory(inner, { clock, timeoutPeriod: 60 });
 * const peer = new IPv4Address("TCP", "127.0.0.1", 10000);
 * const transport = new StringTransport();
 * factory.buildProtocol(peer)?.makeConnection(transport);
 * clock.advance(60);
 * console.assert(transport.disconnecting);
 * ```
 */
export class TimeoutFactory extends WrappingFactory {
  /** How long a connection may be idle, in seconds; `null` for any time. */
  timeoutPeriod: number | null;
  /** Keeps the time. */
  readonly clock: ReactorTime;

  /**
   * Wraps a factory.
   *
   * @param wrappedFactory the factory of the protocols
   * @param options how long a connection may be idle, by which clock
   */
  constructor(
    wrappedFactory: WrappableFactory,
    options: TimeoutFactoryOptions,
  ) {
    super(wrappedFactory);
    const { clock, timeoutPeriod = 30 * 60 } = options;
    checkPeriod(timeoutPeriod);
    this.clock = clock;
    this.timeoutPeriod = timeoutPeriod;
  }

  /**
   * Makes the wrapper of one protocol.
   *
   * @param wrappedProtocol the protocol
   */
  override wrapProtocol(wrappedProtocol: ProtocolLike): TimeoutProtocol {
    return new TimeoutProtocol(this, wrappedProtocol);
  }
}

/** The wrapper of a {@linkcode TimeoutFactory}: Twisted's `TimeoutProtocol`. */
export class TimeoutProtocol extends ProtocolWrapper {
  /** How long the connection may be idle, in seconds; `null` for any time. */
  #period: number | null = null;
  #clock: ReactorTime;
  /** The end of the time; once that was there, the end of the connection. */
  #call: DelayedCall | undefined;
  /** Whether the time was up: what happens then does not begin it anew. */
  #isUp = false;

  /**
   * Wraps a protocol, and begins to count.
   *
   * @param factory has the clock, and the time
   * @param wrappedProtocol the protocol
   */
  constructor(factory: TimeoutFactory, wrappedProtocol: ProtocolLike) {
    super(factory, wrappedProtocol);
    this.#clock = factory.clock;
    this.setTimeout(factory.timeoutPeriod);
  }

  /** How long the connection may be idle, in seconds; `null` for any time. */
  get timeoutPeriod(): number | null {
    return this.#period;
  }

  /**
   * Chooses how long the connection may be idle, from now on.
   *
   * @param period in seconds; `null` for any time
   * @throws {RangeError} if it is less than 0 or no number
   */
  setTimeout(period: number | null): void {
    checkPeriod(period);
    this.cancelTimeout();
    this.#period = period;
    if (period === null) return;
    this.#call = this.#clock.callLater(period, () => {
      this.#isUp = true;
      return this.timeoutFunc();
    });
  }

  /** Lets the connection be idle for any time. */
  cancelTimeout(): void {
    this.#period = null;
    this.#isUp = false;
    cancelPending(this.#call);
    this.#call = undefined;
  }

  /** Begins to count anew: something has happened. Too late once the time is up. */
  resetTimeout(): void {
    const call = this.#call;
    if (this.#period === null || this.#isUp) return;
    if (call?.active()) call.reset(this.#period);
  }

  /**
   * The time is up. Unless a subclass does otherwise this closes the connection,
   * and aborts it if it has not gone when the same time has passed again;
   * `setTimeout` and `cancelTimeout` take that back.
   */
  timeoutFunc(): void {
    // A protocol that was built and never connected has nothing to close.
    if (!this.connected) return;
    this.loseConnection();
    // It may have gone already, and the time with it.
    if (this.#period === null) return;
    this.#call = this.#clock.callLater(
      this.#period,
      () => this.abortConnection(),
    );
  }

  /**
   * Sends bytes, and begins to count anew.
   *
   * @param data the bytes
   */
  override write(data: Uint8Array): void {
    this.resetTimeout();
    super.write(data);
  }

  /**
   * Sends the bytes of several arrays, and begins to count anew.
   *
   * @param data the arrays
   */
  override writeSequence(data: Iterable<Uint8Array>): void {
    this.resetTimeout();
    super.writeSequence(data);
  }

  /**
   * Passes bytes on, and begins to count anew.
   *
   * @param data the bytes
   */
  override dataReceived(data: Uint8Array): void {
    this.resetTimeout();
    return super.dataReceived(data);
  }

  /**
   * Stops to count, and passes the end on.
   *
   * @param reason why the connection is over
   */
  override connectionLost(reason: Failure): void {
    this.cancelTimeout();
    return super.connectionLost(reason);
  }
}

function checkPeriod(period: number | null): void {
  if (period === null || period >= 0) return;
  throw new RangeError(`A timeout must be 0 or more seconds: it is ${period}`);
}
