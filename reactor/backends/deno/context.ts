// The contexts of Deno's `AsyncLocalStorage`.

import type { Context } from "../../../defer/context.ts";

/**
 * Deno's own, undocumented access to contexts. The documented `AsyncResource` is
 * the fallback: it costs a hundred times as much, and loads much of Node's API.
 */
interface ContextCore {
  getAsyncContext(): unknown;
  setAsyncContext(context: unknown): void;
}

let asyncHooks: { AsyncResource: new (name: string) => Context } | undefined;

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

  emitDestroy(): void {}
}

/** @param host the runtime, as its global object */
export function contextCapture(host: object = Deno): () => Context {
  const core = contextCore(host);
  if (core !== undefined) return () => new DenoContext(core);
  return () => {
    // An import by name would load it at once, process and all.
    // deno-lint-ignore no-process-global
    asyncHooks ??= process.getBuiltinModule("node:async_hooks");
    return new asyncHooks.AsyncResource("inlineCallbacks");
  };
}

function contextCore(
  host: { readonly internal?: symbol },
): ContextCore | undefined {
  if (host.internal === undefined) return undefined;
  const internals: { core?: Partial<ContextCore> } | undefined = Reflect.get(
    host,
    host.internal,
  );
  const core = internals?.core;
  const isThere = typeof core?.getAsyncContext === "function" &&
    typeof core.setAsyncContext === "function";
  return isThere ? core as ContextCore : undefined;
}
