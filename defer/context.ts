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

/**
 * Deno's own, undocumented access to contexts. The documented `AsyncResource` is
 * the fallback: it costs a hundred times as much, and loads much of Node's API.
 */
interface ContextCore {
  getAsyncContext(): unknown;
  setAsyncContext(context: unknown): void;
}

/** What is used of `node:async_hooks`. */
interface AsyncHooks {
  readonly AsyncResource: new (
    name: string,
    options: { requireManualDestroy: boolean },
  ) => Context;
}

/** What is used of `process`. */
interface ModuleSource {
  getBuiltinModule?(name: "node:async_hooks"): AsyncHooks | undefined;
}

/** The context that was current when this was made. */
class DenoContext implements Context {
  readonly #core: ContextCore;
  readonly #context: unknown;

  constructor(core: ContextCore) {
    this.#core = core;
    this.#context = core.getAsyncContext();
  }

  runInAsyncScope<This, A extends unknown[], R>(
    fn: (this: This, ...args: A) => R,
    thisArg: This,
    ...args: A
  ): R {
    const core = this.#core;
    const before = core.getAsyncContext();
    if (before === this.#context) return fn.apply(thisArg, args);
    core.setAsyncContext(this.#context);
    try {
      return fn.apply(thisArg, args);
    } finally {
      core.setAsyncContext(before);
    }
  }

  /** There is nothing to release. */
  emitDestroy(): void {}
}

let capture: (() => Context | undefined) | undefined;

/** The caller's context; `undefined` if the runtime has none. */
export function captureContext(): Context | undefined {
  capture ??= contextCapture(globalThis);
  return capture();
}

/**
 * Finds out how a runtime captures contexts.
 *
 * @param host its global object
 */
export function contextCapture(host: object): () => Context | undefined {
  const core = contextCore(Reflect.get(host, "Deno"));
  if (core !== undefined) return () => new DenoContext(core);
  const process: ModuleSource | undefined = Reflect.get(host, "process");
  const hooks = process?.getBuiltinModule?.("node:async_hooks");
  if (hooks === undefined) return () => undefined;
  const { AsyncResource } = hooks;
  // Without `requireManualDestroy` the garbage collector has to track each.
  return () =>
    new AsyncResource("inlineCallbacks", { requireManualDestroy: true });
}

function contextCore(
  deno: { readonly internal?: symbol } | undefined,
): ContextCore | undefined {
  if (deno?.internal === undefined) return undefined;
  const internals: { core?: Partial<ContextCore> } | undefined = Reflect.get(
    deno,
    deno.internal,
  );
  const core = internals?.core;
  const isThere = typeof core?.getAsyncContext === "function" &&
    typeof core.setAsyncContext === "function";
  return isThere ? core as ContextCore : undefined;
}
