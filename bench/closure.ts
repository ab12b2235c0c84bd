/**
 * The Closure Library, whose `goog.async.Deferred` is a port of Twisted's from
 * long before promises.
 *
 * @module
 */

/** What is used of a `goog.async.Deferred`. */
export interface ClosureDeferred {
  /** Adds a callback. */
  addCallback(callback: (result: number) => number): ClosureDeferred;
  /** Fires it. */
  callback(result: number): void;
}

/** The class. */
export type ClosureDeferredClass = new () => ClosureDeferred;

interface Goog {
  require(name: string): ClosureDeferredClass | null;
  async: { Deferred: ClosureDeferredClass };
}

/** Where the library puts itself, and looks for its settings. */
const scope = globalThis as {
  goog?: Goog;
  CLOSURE_UNCOMPILED_DEFINES?: Record<string, boolean>;
};

/**
 * Loads `goog.async.Deferred`, without the assertions that a compiled program
 * does not have either.
 */
export async function loadClosureDeferred(): Promise<ClosureDeferredClass> {
  scope.CLOSURE_UNCOMPILED_DEFINES = {
    "goog.DEBUG": false,
    "goog.asserts.ENABLE_ASSERTS": false,
  };
  await import("npm:google-closure-library@20230802.0.0");
  const { goog } = scope;
  if (goog === undefined) throw new Error("The Closure Library did not load");
  goog.require("goog.async.Deferred");
  return goog.async.Deferred;
}
