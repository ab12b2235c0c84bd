/**
 * Deno, Node.js or Bun, or a page; asked for at first use, never while the library is
 * loaded.
 * @module
 */

interface DenoHost {
  readonly version?: { readonly deno?: unknown };
  unrefTimer(timer: unknown): void;
}

interface NodeHost {
  readonly versions?: { readonly node?: unknown };
  readonly stderr: {
    off(event: "error", fn: () => void): NodeHost["stderr"];
    on(event: "error", fn: () => void): unknown;
  };
  on(event: "exit" | "beforeExit", fn: () => void): unknown;
}

/** A page has neither. */
interface Host {
  readonly deno?: DenoHost;
  readonly node?: NodeHost;
}

let host: Host | undefined;

/** Deno first: its `process` takes 12 ms to be made. */
export function findHost(): Host {
  return host ??= readHost();
}

function readHost(): Host {
  const globals: { Deno?: DenoHost; process?: NodeHost } = Object(globalThis);
  const deno = globals.Deno;
  if (deno?.version?.deno) return { deno };
  const node = globals.process;
  // Bundlers give pages a `process` that is empty.
  return node?.versions?.node ? { node } : {};
}

export function atProgramEnd(fn: () => void): void {
  const { deno, node } = findHost();
  const event = deno === undefined ? "pagehide" : "unload";
  if (node !== undefined) node.on("exit", fn);
  else globalThis.addEventListener?.(event, fn);
}

/** Not where the program ends itself. A page always has something to do. */
export function whenNothingIsLeft(fn: () => void): void {
  const { deno, node } = findHost();
  if (deno !== undefined) globalThis.addEventListener("beforeunload", fn);
  else node?.on("beforeExit", fn);
}

/** Does not keep the program alive. */
export function callLaterUnref(seconds: number, fn: () => void): void {
  const timer: { unref?(): void } | number = setTimeout(fn, seconds * 1000);
  const { deno } = findHost();
  if (deno !== undefined) deno.unrefTimer(timer);
  else if (typeof timer === "object") timer.unref?.();
}

const ignoreError = () => {};

export function writeToStderr(text: string): void {
  const stderr = findHost().node?.stderr;
  // Where nobody reads stderr, Node later emits an error, which unheard ends the program.
  stderr?.off("error", ignoreError).on("error", ignoreError);
  console.error(text);
}

/** A captured context: Node's `AsyncResource`. */
export interface Context {
  runInAsyncScope<This, A extends unknown[], R>(
    fn: (this: This, ...args: A) => R,
    thisArg: This,
    ...args: A
  ): R;
  /** After the last function. */
  emitDestroy(): void;
}

/**
 * Deno's own, undocumented: the fallback, `AsyncResource`, takes a hundred times as long,
 * and loads much of Node's API.
 */
interface ContextCore {
  getAsyncContext(): unknown;
  setAsyncContext(context: unknown): void;
}

interface AsyncHooks {
  readonly AsyncResource: new (
    name: string,
    options: { requireManualDestroy: boolean },
  ) => Context;
}

interface ModuleSource {
  getBuiltinModule?(name: "node:async_hooks"): AsyncHooks | undefined;
}

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

/** `undefined` if the runtime has none. */
export function captureContext(): Context | undefined {
  capture ??= contextCapture(globalThis);
  return capture();
}

export function contextCapture(host: object): () => Context | undefined {
  const core = contextCore(Reflect.get(host, "Deno"));
  if (core !== undefined) return () => new DenoContext(core);
  const process: ModuleSource | undefined = Reflect.get(host, "process");
  const hooks = process?.getBuiltinModule?.("node:async_hooks");
  if (hooks === undefined) return () => undefined;
  const { AsyncResource } = hooks;
  // Otherwise the garbage collector has to track each.
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
