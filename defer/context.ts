/**
 * The context in which code runs: what Node's `AsyncLocalStorage` tells apart,
 * and Twisted's `contextvars`.
 *
 * @module
 */

/** A context that was captured, for functions to be called in. */
export interface Context {
  /**
   * Calls a function in this context.
   *
   * @param fn what to call
   * @param thisArg its `this`
   * @param args what to call it with
   */
  runInAsyncScope<This, A extends unknown[], R>(
    fn: (this: This, ...args: A) => R,
    thisArg: This,
    ...args: A
  ): R;
  /** Says that no more functions will be called in it. */
  emitDestroy(): void;
}

let capture: (() => Context) | undefined;

/** For a backend: what captures the context, on a host that has such a thing. */
export function setContextCapture(capturing: () => Context): void {
  capture = capturing;
}

/** The context of whoever calls this; `undefined` where the host has none. */
export function captureContext(): Context | undefined {
  return capture?.();
}
