// Time, and what keeps a program alive.

import { LinkedList, type Node } from "../../defer/linked_list.ts";
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

/** To be removed when it is closed; nothing if it is unref'd already. */
export type Reference = Node<Refable> | undefined;

let runningLoops = 0;

/** Opened while a loop runs, and not closed yet. */
const referenced = new LinkedList<Refable>();

/**
 * A loop keeps the program alive, so what is opened may too: an unref'd connection costs
 * a call into Deno's core for each read.
 */
export function enterLoop(): () => void {
  runningLoops++;
  return () => {
    runningLoops--;
    if (runningLoops > 0) return;
    while (referenced.size > 0) referenced.shift()?.value.unref();
  };
}

export function register(opened: Refable): Reference {
  if (runningLoops > 0) return referenced.push(opened);
  opened.unref();
  return undefined;
}
