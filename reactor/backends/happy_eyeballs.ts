/**
 * Connecting to a host that may have several addresses, for a runtime that does
 * not do so by itself.
 *
 * @module
 */

import { inTurn } from "../endpoints/address_order.ts";
import { withOthers } from "../failed_attempts.ts";
import type { Attempt, Stream } from "../backend.ts";
import type { HostTime } from "./host_time.ts";

/** How long an address has for itself, in seconds: what RFC 8305 recommends. */
const ATTEMPT_DELAY_SECONDS = 0.25;

/** Told once what came of an attempt. */
type Done = (outcome: Stream | Error) => void;

/** How one address is connected to, and what keeps the time. */
interface Dialing {
  /** Begins an attempt at an address. */
  readonly dial: (address: string, done: Done) => Attempt;
  readonly time: Pick<HostTime, "setAlarm">;
}

/**
 * Happy Eyeballs (RFC 8305): begins an attempt at one address after the other, each
 * some time after the last or as soon as one has failed. None is given up before
 * one has succeeded, however slow it is.
 */
export class HappyEyeballs implements Attempt {
  readonly #dialing: Dialing;
  readonly #done: Done;
  /** Those that were not tried yet. */
  readonly #waiting: string[];
  readonly #pending: Set<Attempt> = new Set();
  readonly #errors: Error[] = [];
  #cancelAlarm: (() => void) | undefined;

  /**
   * Begins the first attempt.
   *
   * @param addresses of the host, at least one
   * @param dialing how to connect to one of them
   * @param done gets the first connection; if all fail, the first error, whose
   *   `cause` has the others
   */
  constructor(addresses: readonly string[], dialing: Dialing, done: Done) {
    this.#waiting = inTurn(addresses);
    this.#dialing = dialing;
    this.#done = done;
    this.#next();
  }

  cancel(): void {
    this.#stopAlarm();
    this.#waiting.length = 0;
    for (const attempt of this.#pending) attempt.cancel();
    this.#pending.clear();
  }

  #next(): void {
    this.#stopAlarm();
    const address = this.#waiting.shift();
    if (address === undefined) return;
    if (this.#waiting.length > 0) {
      const { time } = this.#dialing;
      const next = () => this.#next();
      this.#cancelAlarm = time.setAlarm(ATTEMPT_DELAY_SECONDS, next);
    }
    const attempt = this.#dialing.dial(address, (outcome) => {
      this.#pending.delete(attempt);
      if (outcome instanceof Error) return this.#failed(outcome);
      this.cancel();
      this.#done(outcome);
    });
    this.#pending.add(attempt);
  }

  #failed(error: Error): void {
    this.#errors.push(error);
    if (this.#waiting.length > 0) return this.#next();
    if (this.#pending.size > 0) return;
    withOthers(this.#errors);
    this.#done(this.#errors[0] ?? error);
  }

  #stopAlarm(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
  }
}
