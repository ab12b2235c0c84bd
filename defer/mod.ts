/**
 * Deferreds and failures: results that are not there yet, and their callbacks.
 * @module
 */

export { abortOnCancel, cancelOnAbort } from "./abort.ts";
export { execute, fail, maybeDeferred, succeed } from "./create.ts";
export { type Canceller, type Chained, Deferred } from "./deferred.ts";
export { getDebugging, setDebugging } from "./debugging.ts";
export {
  DeferredList,
  type DeferredListOptions,
  type DeferredListResult,
  FAILURE,
  type FirstValueOf,
  type Outcome,
  type OutcomesOf,
  SUCCESS,
} from "./deferred_list.ts";
export { describe } from "./describe.ts";
export type { ElementOf, ValueOf } from "./collection.ts";
export { type Coroutine, ensureDeferred } from "./ensure_deferred.ts";
export {
  AlreadyCalledError,
  CancelledError,
  FailureGroup,
  FirstError,
  NotACoroutineError,
  QueueOverflow,
  QueueUnderflow,
  TimeoutError,
} from "./errors.ts";
export {
  type ErrorClass,
  type ErrorClassOf,
  type ErrorOf,
  Failure,
} from "./failure.ts";
export { gatherResults, type ValuesOf } from "./gather_results.ts";
export type { DeferredInstrument } from "./instrument.ts";
export { inlineCallbacks, wait, type Waited } from "./inline_callbacks.ts";
export { DeferredLock } from "./lock.ts";
export {
  createLog,
  type Log,
  log,
  type LogEvent,
  type LogObserver,
} from "./log.ts";
export { Permits } from "./permits.ts";
export { DeferredQueue } from "./queue.ts";
export { race, type WinnerOf } from "./race.ts";
export type { Step } from "./record.ts";
export type { ScheduledCall, Scheduler } from "./scheduler.ts";
export { DeferredSemaphore } from "./semaphore.ts";
export { trace } from "./trace.ts";
export { reportUnhandledErrors } from "./unhandled.ts";
