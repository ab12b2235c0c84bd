/**
 * The globals of the worker, put on the page's clock before the library is loaded.
 *
 * @module
 */

import type { VirtualTime } from "./virtual_time.ts";

/** The host's own functions, as they were. */
export interface HostFunctions {
  readonly now: () => number;
  readonly setTimeout: typeof setTimeout;
  readonly clearTimeout: typeof clearTimeout;
}

/** Takes the host's functions. */
export function hostFunctions(): HostFunctions {
  return {
    now: performance.now.bind(performance),
    setTimeout: globalThis.setTimeout.bind(globalThis),
    clearTimeout: globalThis.clearTimeout.bind(globalThis),
  };
}

/** Puts timers and clocks on the page's time. */
export function replaceTime(time: VirtualTime): void {
  const epoch = Date.now();
  const later = (
    fn: (...args: unknown[]) => void,
    ms = 0,
    ...args: unknown[]
  ) => time.add(ms / 1000, () => fn(...args));
  const every = (
    fn: (...args: unknown[]) => void,
    ms = 0,
    ...args: unknown[]
  ) => {
    // The number stays the first one's, which is what `clearInterval` gets.
    let current = 0;
    const next = () => {
      current = time.add(ms / 1000, () => {
        next();
        fn(...args);
      });
      repeats.set(first, current);
    };
    const first = time.add(ms / 1000, () => {
      next();
      fn(...args);
    });
    repeats.set(first, first);
    return first;
  };
  const repeats = new Map<number, number>();
  const forget = (id: number | undefined) => {
    if (id === undefined) return;
    time.remove(repeats.get(id) ?? id);
    repeats.delete(id);
  };
  define(globalThis, "setTimeout", later);
  define(globalThis, "setInterval", every);
  define(globalThis, "setImmediate", (fn: () => void) => later(fn, 0));
  define(globalThis, "clearTimeout", forget);
  define(globalThis, "clearInterval", forget);
  define(globalThis, "clearImmediate", forget);
  define(performance, "now", () => time.seconds() * 1000);
  define(Date, "now", () => epoch + time.seconds() * 1000);
}

/** Puts something in the place of what is there. */
export function define(where: object, name: string, value: unknown): void {
  Object.defineProperty(where, name, {
    value,
    configurable: true,
    writable: true,
  });
}
