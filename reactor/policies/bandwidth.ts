import type { DelayedCall } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { ReactorTime } from "../interfaces.ts";

export interface BandwidthObserver {
  /** The last second had more bytes than the limit. */
  exceeded(): void;
  /** The average is within it again. */
  fits(): void;
}

/**
 * Compares bytes with a limit once a second; after an excess, waits until the average
 * fits.
 */
export class Bandwidth {
  #clock: ReactorTime;
  #limit: number;
  #observer: BandwidthObserver;
  #thisSecond = 0;
  /** The second's end, while bytes are counted. */
  #check: DelayedCall | undefined;
  /** The pause's end, if any. */
  #release: DelayedCall | undefined;

  constructor(clock: ReactorTime, limit: number, observer: BandwidthObserver) {
    if (!(limit > 0)) {
      throw new RangeError(
        `limit must be more than 0 bytes a second, got ${limit}`,
      );
    }
    this.#clock = clock;
    this.#limit = limit;
    this.#observer = observer;
  }

  start(): void {
    this.#thisSecond = 0;
    if (this.#limit !== Infinity) this.#checkLater();
  }

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
      // A pause may get longer, never shorter.
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
