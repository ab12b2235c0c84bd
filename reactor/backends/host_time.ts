// Time, and what keeps a program alive.

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

/** What keeps the program alive, until `unref()`. */
interface Refable {
  unref(): void;
}

let runningLoops = 0;

/** Opened while a loop runs, and not closed yet. */
const referenced = new Set<Refable>();

/**
 * A loop keeps the program alive, so what is opened may too: an unref'd connection costs
 * a call into Deno's core for each read.
 */
export function enterLoop(): () => void {
  runningLoops++;
  return () => {
    runningLoops--;
    if (runningLoops > 0) return;
    for (const opened of referenced) opened.unref();
    referenced.clear();
  };
}

export function register(opened: Refable): void {
  if (runningLoops > 0) referenced.add(opened);
  else opened.unref();
}

export function unregister(opened: Refable): void {
  referenced.delete(opened);
}
