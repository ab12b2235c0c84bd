/**
 * Bytes a second, and what to do when there are too many.
 *
 * @module
 */

import type { DelayedCall } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { ReactorTime } from "../interfaces.ts";

/** Who is told how the bytes and the limit compare. */
export interface BandwidthObserver {
  /** There were more bytes than the limit in the second that has passed. */
  exceeded(): void;
  /** The average is within the limit again. */
  fits(): void;
}

/** Counts bytes, and compares them with a limit once a second. */
export class Bandwidth {
  #clock: ReactorTime;
  #limit: number;
  #observer: BandwidthObserver;
  #thisSecond = 0;
  /** When the second is over; there while bytes are counted. */
  #check: DelayedCall | undefined;
  /** When the average will be within the limit; there while it is not. */
  #release: DelayedCall | undefined;

  constructor(clock: ReactorTime, limit: number, observer: BandwidthObserver) {
    if (!(limit > 0)) {
      throw new RangeError(
        `A limit must be more than 0 bytes a second: it is ${limit}`,
      );
    }
    this.#clock = clock;
    this.#limit = limit;
    this.#observer = observer;
  }

  /** Begins to compare; without a limit there is nothing to do. */
  start(): void {
    this.#thisSecond = 0;
    if (this.#limit !== Infinity) this.#checkLater();
  }

  /** Compares no more, and tells nobody. */
  stop(): void {
    cancelPending(this.#check);
    this.#check = undefined;
    cancelPending(this.#release);
    this.#release = undefined;
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
    return this.#observer.exceeded();
  }

  #releaseIn(seconds: number): void {
    if (this.#release?.active()) {
      // There is a pause already: it may have to be longer, never shorter.
      const time = this.#clock.seconds() + seconds;
      if (time > this.#release.getTime()) this.#release.reset(seconds);
      return;
    }
    this.#release = this.#clock.callLater(seconds, () => {
      this.#release = undefined;
      return this.#observer.fits();
    });
  }
}
