/**
 * Time, as every runtime of JavaScript knows it.
 *
 * @module
 */

/** What is common to the backends of all runtimes: their time. */
export interface HostTime {
  /** Seconds since the epoch, counted on from the start so that they never jump. */
  seconds(): number;
  /** Calls `fn` in so many seconds, and keeps the program alive until then. */
  setAlarm(seconds: number, fn: () => void): () => void;
  /** Calls `fn` when the runtime has seen to its own events once. */
  nextTurn(fn: () => void): void;
}

/** The longest that a timer of the runtime can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** When the runtime began to count, in milliseconds since the epoch. */
const BEGINNING = performance.timeOrigin;

export const hostTime: HostTime = {
  seconds: () => (BEGINNING + performance.now()) / 1000,
  setAlarm(seconds, fn) {
    // Rounded up, so that what waits for the alarm does not find it too early.
    let rest = Math.ceil(seconds * 1000);
    let id: ReturnType<typeof setTimeout>;
    const wait = () => {
      const part = Math.min(rest, LONGEST);
      rest -= part;
      id = setTimeout(rest > 0 ? wait : fn, part);
    };
    wait();
    return () => clearTimeout(id);
  },
  // A timer of 0 seconds would come a thousand times later. Deno and Node both
  // have this one; importing it by name would load all of Node's timers.
  // deno-lint-ignore no-node-globals
  nextTurn: (fn) => void setImmediate(fn),
};
