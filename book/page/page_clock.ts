/// <reference lib="dom" />
/**
 * What time it is in a worker, as far as its page knows.
 *
 * @module
 */

/** Follows the clock of a program. */
export class PageClock {
  #time = 0;
  /** When it was `#time`, in the page's seconds; `undefined` while it stands still. */
  #since: number | undefined;
  #speed = 1;

  /** In seconds since the program's start. */
  now(): number {
    if (this.#since === undefined || this.#speed === Infinity) {
      return this.#time;
    }
    return this.#time + (seconds() - this.#since) * this.#speed;
  }

  /** It goes on. */
  run(): void {
    this.#since ??= seconds();
  }

  /** It stands still, at a time. */
  stop(time: number): void {
    this.#time = time;
    this.#since = undefined;
  }

  /** Something was reported. A clock that is as fast as it can has no other time. */
  reported(time: number): void {
    if (this.#speed === Infinity) this.#time = Math.max(this.#time, time);
  }

  setSpeed(speed: number): void {
    this.#time = this.now();
    if (this.#since !== undefined) this.#since = seconds();
    this.#speed = speed;
  }
}

function seconds(): number {
  return performance.now() / 1000;
}
