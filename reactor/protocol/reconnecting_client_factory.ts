import { type Failure, log } from "../../defer/mod.ts";
import { checkClock } from "../checks.ts";
import type { Connector, DelayedCall, ReactorTime } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import { followConnectors, lastConnectorOf } from "../transport/connector.ts";
import { ClientFactory } from "./protocol.ts";

/**
 * Reconnects when the connection is lost or cannot be made, after growing delays
 * (exponential backoff): Twisted's `ReconnectingClientFactory`. Call `resetDelay()` when
 * a connection works, so that they start anew.
 * @example
 * ```ts
 * import { Clock, Protocol, ReconnectingClientFactory } from "@deferno/deferno";
 *
 * class Patient extends ReconnectingClientFactory {
 *   override protocol = Protocol;
 *   override initialDelay = 5;
 * }
 * const reactor = new Clock(); // usually a reactor
 * console.assert(new Patient(reactor).delay === 5);
 * ```
 * @category Protocols
 */
export class ReconnectingClientFactory extends ClientFactory {
  /**
   * In seconds.
   * @default {3600}
   */
  maxDelay = 3600;
  /**
   * In seconds.
   * @default {1}
   */
  initialDelay = 1;
  /**
   * How much each delay is longer than the last.
   * @default {Math.E}
   */
  factor: number = Math.E;
  /**
   * The delays' standard deviation, as a fraction, so that one server's clients do not
   * all reconnect at once; `undefined` for none. The number is Twisted's: the molar
   * Planck constant times c, in J·m/mol.
   * @default {0.119626565582}
   */
  jitter: number | undefined = 0.119626565582;
  /**
   * `undefined` for no limit.
   * @default {undefined}
   */
  maxRetries: number | undefined = undefined;
  /** Since `resetDelay()`. */
  retries = 0;
  /** Whether to try again at all. */
  continueTrying = true;
  /** For the delays. */
  clock: ReactorTime;
  /** From 0 up to 1, for the jitter. */
  random: () => number = Math.random;
  /** The last connector. */
  connector: Connector | undefined = undefined;
  /**
   * The next delay, in seconds, without jitter. Set, it is the first one's alone.
   * @default {initialDelay}
   */
  declare delay: number;
  #delay: number | undefined;
  #pending: DelayedCall | undefined;

  /** Makes a factory. */
  constructor(clock: ReactorTime) {
    super();
    checkClock(new.target.name, clock);
    this.clock = clock;
    followConnectors(this);
    // A subclass's field cannot override an accessor.
    Object.defineProperty(this, "delay", {
      configurable: true,
      enumerable: true,
      get: () => this.#delay ?? this.initialDelay,
      set: (seconds: number) => this.#delay = seconds,
    });
  }

  /** Keeps the connector. */
  override startedConnecting(connector: Connector): void {
    this.connector = connector;
  }

  /** Tries again later. */
  override clientConnectionFailed(
    connector: Connector,
    _reason: Failure,
  ): void {
    if (this.continueTrying) this.retry(connector);
  }

  /** Reconnects later. */
  override clientConnectionLost(connector: Connector, _reason: Failure): void {
    if (this.continueTrying) this.retry(connector);
  }

  /**
   * Reconnects after the delay, unless stopped or tried too often.
   * @param connector by default the last one
   * @throws {Error} if there never was one
   */
  retry(connector: Connector | undefined = this.#lastConnector()): void {
    if (!this.continueTrying) return;
    if (connector === undefined) {
      throw new Error(
        `${this.constructor.name} cannot connect again: it has never been connecting`,
      );
    }
    const destination = connector.getDestination();
    this.connector = connector;
    this.retries++;
    if (this.maxRetries !== undefined && this.retries > this.maxRetries) {
      return this.#log(`Giving ${destination} up`);
    }
    const seconds = this.#nextDelay();
    const rounded = seconds.toFixed(1);
    this.#log(`Connecting to ${destination} again in ${rounded} seconds`);
    cancelPending(this.#pending);
    this.#pending = this.clock.callLater(seconds, () => {
      // It may have connected otherwise.
      if (connector.state === "disconnected") connector.connect();
    });
  }

  /** Stops reconnecting, and an attempt under way. */
  stopTrying(): void {
    this.continueTrying = false;
    cancelPending(this.#pending);
    for (const connector of [this.connector, lastConnectorOf(this)]) {
      if (connector?.state === "connecting") connector.stopConnecting();
    }
  }

  /** Resets delay and retries, undoes `stopTrying()`; moves no pending attempt. */
  resetDelay(): void {
    this.delay = this.initialDelay;
    this.retries = 0;
    this.continueTrying = true;
  }

  /** Also where a subclass overrides `startedConnecting` without `super`. */
  #lastConnector(): Connector | undefined {
    return this.connector ?? lastConnectorOf(this);
  }

  #nextDelay(): number {
    const delay = Math.min(this.delay, this.maxDelay);
    this.delay = Math.min(delay * this.factor, this.maxDelay);
    if (this.jitter === undefined) return delay;
    const scattered = delay * (1 + this.jitter * this.#normal());
    return Math.max(0, Math.min(scattered, this.maxDelay));
  }

  #normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
    return radius * Math.cos(2 * Math.PI * this.random());
  }

  #log(text: string): void {
    if (this.noisy) log.msg(text);
  }
}
