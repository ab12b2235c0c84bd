/**
 * A client factory that does not give up.
 *
 * @module
 */

import { type Failure, log } from "../../defer/mod.ts";
import { cancelPending, type DelayedCall } from "../loop/delayed_call.ts";
import { ClientFactory } from "./protocol.ts";
import type { Connector, ReactorTime } from "../interfaces.ts";
import { lastConnectorOf } from "../transport/last_connector.ts";

/**
 * A factory that connects again when the connection is lost or cannot be made,
 * after a delay that grows each time: Twisted's `ReconnectingClientFactory`.
 *
 * A connection that works is no reason for it to begin with short delays again,
 * since it cannot know what works: call `resetDelay()` when it does.
 *
 * A subclass chooses the delays with fields: `override initialDelay = 5`, or
 * `override delay = 0.05` for a first one that is not come back to.
 *
 * @example
 * ```ts
 * import { Clock, Protocol, ReconnectingClientFactory } from "@deferno/deferno";
 *
 * // Usually the clock is a reactor.
 * const clock = new Clock();
 * class Patient extends ReconnectingClientFactory {
 *   override protocol = Protocol;
 *   override maxDelay = 60;
 * }
 * const factory = new Patient(clock);
 * console.assert(factory.delay === 1);
 * ```
 */
export class ReconnectingClientFactory extends ClientFactory {
  /** The longest delay, in seconds. */
  maxDelay = 3600;
  /** The delay before the first attempt to connect again, in seconds. */
  initialDelay = 1;
  /** How many times longer each delay is than the one before. */
  factor: number = Math.E;
  /**
   * How far the delays are scattered, so that many clients of one server do not
   * come back all at once: the standard deviation, as a part of the delay.
   * `undefined` for not at all. The number is Twisted's.
   */
  jitter: number | undefined = 0.119626565582;
  /** How often to try again; `undefined` for as often as it takes. */
  maxRetries: number | undefined = undefined;
  /** How often it has tried again since the delay was reset. */
  retries = 0;
  /** Whether to try again at all. */
  continueTrying = true;
  /** Keeps the time of the delays. */
  clock: ReactorTime;
  /** Gives numbers from 0 up to 1, for the jitter. */
  random: () => number = Math.random;
  /** What connects again. */
  connector: Connector | undefined = undefined;
  /**
   * The next delay, in seconds, before it is scattered: `initialDelay`, until it
   * is set or a delay has passed, and again after `resetDelay()`. A subclass can
   * bring a first one of its own.
   *
   * @default {initialDelay}
   */
  declare delay: number;
  #delay: number | undefined;
  /** The attempt to come. */
  #pending: DelayedCall | undefined;

  /**
   * Makes a factory.
   *
   * @param clock keeps the time of the delays: a reactor, or a `Clock`
   */
  constructor(clock: ReactorTime) {
    super();
    if (typeof clock?.callLater !== "function") {
      throw new TypeError(
        `${new.target.name} needs a clock, a reactor for instance: it got ${clock}`,
      );
    }
    this.clock = clock;
    // A subclass could not override an accessor of the class with a field.
    Object.defineProperty(this, "delay", {
      configurable: true,
      enumerable: true,
      get: () => this.#delay ?? this.initialDelay,
      set: (seconds: number) => this.#delay = seconds,
    });
  }

  /**
   * An attempt to connect begins.
   *
   * @param connector is remembered, to connect again
   */
  override startedConnecting(connector: Connector): void {
    this.connector = connector;
  }

  /**
   * The attempt has failed: tries again later.
   *
   * @param connector what connects again
   * @param _reason why
   */
  override clientConnectionFailed(
    connector: Connector,
    _reason: Failure,
  ): void {
    if (this.continueTrying) this.retry(connector);
  }

  /**
   * The connection is over: connects again later.
   *
   * @param connector what connects again
   * @param _reason why
   */
  override clientConnectionLost(connector: Connector, _reason: Failure): void {
    if (this.continueTrying) this.retry(connector);
  }

  /**
   * Connects again after the delay, unless that was stopped or happened too
   * often.
   *
   * @param connector what connects again; the last one unless given
   * @throws {Error} if there never was one
   */
  retry(connector: Connector | undefined = this.#lastConnector()): void {
    if (!this.continueTrying) return;
    if (connector === undefined) {
      throw new Error(
        `${this.constructor.name} cannot connect again: it has never been connecting`,
      );
    }
    this.connector = connector;
    this.retries++;
    if (this.maxRetries !== undefined && this.retries > this.maxRetries) {
      this.#say(`Giving ${connector.getDestination()} up`);
      return;
    }
    const seconds = this.#nextDelay();
    this.#say(
      `Connecting to ${connector.getDestination()} again in ${
        seconds.toFixed(1)
      } seconds`,
    );
    this.#cancelPending();
    this.#pending = this.clock.callLater(seconds, () => {
      this.#pending = undefined;
      // Somebody may have been faster.
      if (connector.state === "disconnected") connector.connect();
    });
  }

  /** Connects again no more; an attempt that is under way is ended. */
  stopTrying(): void {
    this.continueTrying = false;
    this.#cancelPending();
    for (const connector of [this.connector, lastConnectorOf(this)]) {
      if (connector?.state === "connecting") connector.stopConnecting();
    }
  }

  /**
   * Begins with the shortest delay again, and counts the retries anew: for when
   * a connection has proved to work. It goes on after `stopTrying()`, too. An
   * attempt that is to come, comes when it was to.
   */
  resetDelay(): void {
    this.delay = this.initialDelay;
    this.retries = 0;
    this.continueTrying = true;
  }

  /** The connector, also where a subclass has kept `startedConnecting` from it. */
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

  /** A random number, normally distributed around 0 (by Box and Muller). */
  #normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
    return radius * Math.cos(2 * Math.PI * this.random());
  }

  #cancelPending(): void {
    cancelPending(this.#pending);
    this.#pending = undefined;
  }

  #say(text: string): void {
    if (this.noisy) log.msg(text);
  }
}
