/**
 * What an instrument is told of deferreds.
 * @module
 */

import type { Deferred } from "./deferred.ts";
import type { Step } from "./record.ts";

/**
 * What an instrument can be told of deferreds, of those that are created after it was
 * added.
 * @category Instruments
 */
export interface DeferredInstrument {
  /** A deferred was created; a subclass has not initialised it yet. */
  deferredCreated?(d: Deferred<unknown>): void;
  /** It was given its first result, a value or a `Failure`. */
  deferredFired?(d: Deferred<unknown>, result: unknown): void;
  /** A stage of its chain is about to be called. */
  stageBegan?(d: Deferred<unknown>, step: Step): void;
  /** The stage has returned or thrown; `step.result` is what came of it. */
  stageEnded?(d: Deferred<unknown>, step: Step): void;
  /** It waits for another deferred, which a callback has returned. */
  deferredWaiting?(d: Deferred<unknown>, awaited: Deferred<unknown>): void;
  /** Its chain has run to the end, for now. */
  deferredEnded?(d: Deferred<unknown>, result: unknown): void;
}
