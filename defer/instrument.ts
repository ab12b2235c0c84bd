import type { Deferred } from "./deferred.ts";
import type { Step } from "./debugging.ts";

/**
 * Told of deferreds created after it was added.
 * @category Instruments
 */
export interface DeferredInstrument {
  /** A subclass has not initialised it yet. */
  deferredCreated?(d: Deferred<unknown>): void;
  /** With its first result, a value or a `Failure`. */
  deferredFired?(d: Deferred<unknown>, result: unknown): void;
  /** A stage is about to be called. */
  stageBegan?(d: Deferred<unknown>, step: Step): void;
  /** It returned or threw; `step.result` is what came of it. */
  stageEnded?(d: Deferred<unknown>, step: Step): void;
  /** It waits for a callback's deferred. */
  deferredWaiting?(d: Deferred<unknown>, awaited: Deferred<unknown>): void;
  /** The chain has ended, for now. */
  deferredEnded?(d: Deferred<unknown>, result: unknown): void;
}
