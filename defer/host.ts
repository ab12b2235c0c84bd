/**
 * What runs the program: Deno, Node.js or what takes its place (Bun), or a page. It is
 * asked for at first use, and never while the library is loaded.
 *
 * @module
 */

/** What is used of `Deno`. */
interface DenoHost {
  readonly version?: { readonly deno?: unknown };
  unrefTimer(timer: unknown): void;
}

/** What is used of `process`. */
interface NodeHost {
  readonly versions?: { readonly node?: unknown };
  readonly stderr: {
    off(event: "error", fn: () => void): NodeHost["stderr"];
    on(event: "error", fn: () => void): unknown;
  };
  on(event: "exit" | "beforeExit", fn: () => void): unknown;
}

/** At most one of the two: a page has neither. */
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
  const deno: DenoHost | undefined = Reflect.get(globalThis, "Deno");
  if (deno?.version?.deno !== undefined) return { deno };
  const node: NodeHost | undefined = Reflect.get(globalThis, "process");
  // Bundlers give pages a `process` that is empty.
  return node?.versions?.node === undefined ? {} : { node };
}

/** Calls a function when the program ends, or its page is left. */
export function atProgramEnd(fn: () => void): void {
  const { deno, node } = findHost();
  if (node !== undefined) node.on("exit", fn);
  else {
    globalThis.addEventListener?.(
      deno === undefined ? "pagehide" : "unload",
      fn,
    );
  }
}

/**
 * Calls a function when a program has nothing left to do, and not where it ends itself.
 * A page has always something left to do.
 */
export function whenNothingIsLeft(fn: () => void): void {
  const { deno, node } = findHost();
  if (deno !== undefined) globalThis.addEventListener("beforeunload", fn);
  else node?.on("beforeExit", fn);
}

/** Calls a function later, if the program has not ended before. */
export function callLaterUnref(seconds: number, fn: () => void): void {
  const timer: { unref?(): void } | number = setTimeout(fn, seconds * 1000);
  const { deno } = findHost();
  if (deno !== undefined) deno.unrefTimer(timer);
  else if (typeof timer === "object") timer.unref?.();
}

const ignoreError = () => {};

/** Writes lines to stderr. */
export function writeToStderr(text: string): void {
  const stderr = findHost().node?.stderr;
  // Where nobody reads stderr any more, Node emits an error later, which ends the
  // program unless there is a listener.
  stderr?.off("error", ignoreError).on("error", ignoreError);
  console.error(text);
}
