// The context in which code runs: Node's `AsyncLocalStorage`, Twisted's
// `contextvars`.

/** A captured context: Node's `AsyncResource`. */
export interface Context {
  runInAsyncScope<This, A extends unknown[], R>(
    fn: (this: This, ...args: A) => R,
    thisArg: This,
    ...args: A
  ): R;
  /** To be called after the last function. */
  emitDestroy(): void;
}

let capture: (() => Context) | undefined;

/** For backends whose runtime has contexts. */
export function setContextCapture(capturing: () => Context): void {
  capture = capturing;
}

/** The caller's context; `undefined` if the runtime has none. */
export function captureContext(): Context | undefined {
  return capture?.();
}
