// Time, as every runtime of JavaScript knows it.

/** The part of a `Backend` that all runtimes share. */
export interface HostTime {
  seconds(): number;
  setAlarm(seconds: number, fn: () => void): () => void;
  nextTurn(fn: () => void): void;
}

/** The longest delay of setTimeout. */
const LONGEST_MS = 2 ** 31 - 1;

const TIME_ORIGIN_MS = performance.timeOrigin;

export const hostTime: HostTime = {
  seconds: () => (TIME_ORIGIN_MS + performance.now()) / 1000,
  setAlarm(seconds, fn) {
    // Rounded up: an alarm must not be early.
    let rest = Math.ceil(seconds * 1000);
    let id: ReturnType<typeof setTimeout>;
    const wait = () => {
      const part = Math.min(rest, LONGEST_MS);
      rest -= part;
      id = setTimeout(rest > 0 ? wait : fn, part);
    };
    wait();
    return () => clearTimeout(id);
  },
  // setTimeout(fn, 0) takes a thousand times as long. An import by name would load
  // all of Node's timers.
  // deno-lint-ignore no-node-globals
  nextTurn: (fn) => void setImmediate(fn),
};
