/**
 * How a reactor waits when there is nothing to do.
 *
 * @module
 */

import type { Backend } from "./interfaces.ts";

/** With nothing to wait for, the alarm goes off once in a while all the same. */
const A_DAY = 24 * 60 * 60;

/** What is to be done then is done as soon as the code that runs now is done. */
const SOON = Promise.resolve();

/**
 * Lets a reactor sleep until something happens or a time has come.
 *
 * While it sleeps an alarm is set, even if only for tomorrow: that is what keeps
 * the program alive. An alarm that is set already stays where it would go off
 * in time, since waking too early does no harm and setting alarms costs.
 */
export class Sleeper {
  #backend: Backend;
  /** Has the loop go on until it sleeps again. */
  #goOn: () => void = () => {};
  #asleep = false;
  #alarm: { readonly time: number; readonly cancel: () => void } | undefined;

  /** @param backend sets the alarm */
  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /**
   * Runs a loop, which yields each time that it sleeps or rests.
   *
   * @param loop goes on when that is over
   * @returns settles when the loop has ended
   */
  run(loop: Iterator<void, void>): Promise<void> {
    return new Promise((resolve, reject) => {
      let isGoing = false;
      let goesOn = false;
      this.#goOn = () => {
        goesOn = true;
        // Deno may run what is to be done soon in the middle of setting the first
        // alarm: the loop has to come to its rest before it goes on.
        if (isGoing) return;
        isGoing = true;
        try {
          while (goesOn) {
            goesOn = false;
            if (loop.next().done) resolve();
          }
        } catch (error) {
          reject(error);
        }
        isGoing = false;
      };
      this.#goOn();
    });
  }

  /**
   * Sleeps until `wake()`, or until a time; where that has come already, only
   * until the runtime has seen to its own events.
   *
   * @param time when to wake up, in the backend's seconds; missing, only `wake()`
   *   does it
   */
  sleep(time: number | undefined): void {
    this.#asleep = true;
    // With no time to keep, any alarm will do; else one that goes off in time.
    if (this.#alarm !== undefined && this.#alarm.time <= (time ?? Infinity)) {
      return;
    }
    const now = this.#backend.seconds();
    if (time !== undefined && time <= now) {
      this.#backend.nextTurn(() => this.wake());
    } else {
      this.#setAlarm(time ?? now + A_DAY, now);
    }
  }

  /** Waits until the runtime has seen to its own events; `wake()` does not end it. */
  rest(): void {
    this.#backend.nextTurn(this.#goOn);
  }

  /** Ends the sleep, if there is one. The loop goes on when the caller is done. */
  wake(): void {
    if (!this.#asleep) return;
    this.#asleep = false;
    SOON.then(this.#goOn);
  }

  /** Ends the sleep if it would go on beyond a time. */
  wakeBy(time: number): void {
    if (this.#alarm !== undefined && time < this.#alarm.time) this.wake();
  }

  /** Takes the alarm away: the program may end. */
  end(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#asleep = false;
  }

  #setAlarm(time: number, now: number): void {
    this.#alarm?.cancel();
    const seconds = Math.min(time - now, A_DAY);
    const cancel = this.#backend.setAlarm(seconds, () => {
      this.#alarm = undefined;
      this.wake();
    });
    this.#alarm = { time: now + seconds, cancel };
  }
}
