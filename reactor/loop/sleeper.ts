import type { Backend } from "../backend.ts";

/** With nothing to wait for. */
const IDLE_ALARM_SECONDS = 24 * 60 * 60;

/**
 * An alarm, even for tomorrow, keeps the program alive during a sleep. One that goes off
 * early enough is kept for the next: waking early does no harm, and setting alarms costs.
 */
export class Sleeper {
  #backend: Backend;
  #wake: (() => void) | undefined;
  #alarm: { readonly time: number; readonly cancel: () => void } | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Until `wake()` or a time, in backend seconds; if past, for a turn of the runtime. */
  sleep(time: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#alarm !== undefined && this.#alarm.time <= (time ?? Infinity)) {
        return;
      }
      const now = this.#backend.seconds();
      if (time !== undefined && time <= now) {
        this.#backend.nextTurn(() => this.wake());
      } else {
        this.#setAlarm(time ?? now + IDLE_ALARM_SECONDS, now);
      }
    });
  }

  /** Not ended by `wake()`. */
  yieldToRuntime(): Promise<void> {
    return new Promise((resolve) => this.#backend.nextTurn(resolve));
  }

  async sleepUntil(settled: Promise<unknown>): Promise<void> {
    let isSettled = false;
    const wake = () => {
      isSettled = true;
      this.wake();
    };
    settled.then(wake, wake);
    while (!isSettled) await this.sleep(undefined);
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  wakeBy(time: number): void {
    if (this.#alarm !== undefined && time < this.#alarm.time) this.wake();
  }

  /** The program may end. */
  end(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#wake = undefined;
  }

  #setAlarm(time: number, now: number): void {
    this.#alarm?.cancel();
    const seconds = Math.min(time - now, IDLE_ALARM_SECONDS);
    const cancel = this.#backend.setAlarm(seconds, () => {
      this.#alarm = undefined;
      this.wake();
    });
    this.#alarm = { time: now + seconds, cancel };
  }
}
