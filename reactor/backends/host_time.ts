import type { Backend } from "../backend.ts";

/** Of setTimeout. */
const LONGEST_MS = 2 ** 31 - 1;

export const hostTime: Pick<Backend, "seconds" | "setAlarm" | "nextTurn"> = {
  seconds: () => (performance.timeOrigin + performance.now()) / 1000,
  setAlarm(seconds, fn) {
    // An alarm must not be early.
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
  nextTurn,
};

/**
 * setTimeout(fn, 0) takes a thousand times as long, in a page 4 ms. An import would load
 * all of Node's timers.
 */
function nextTurn(fn: () => void): void {
  // deno-lint-ignore no-node-globals
  if (typeof setImmediate === "function") return void setImmediate(fn);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    fn();
  };
  port2.postMessage(undefined);
}
