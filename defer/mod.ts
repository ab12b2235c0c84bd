/**
 * Deferreds and failures: results that are not there yet, and their callbacks.
 * @module
 */

export {
  abortOnCancel,
  cancelOnAbort,
  execute,
  fail,
  maybeDeferred,
  succeed,
} from "./create.ts";
export { type Canceller, type Chained, Deferred } from "./deferred.ts";
export {
  describe,
  getDebugging,
  setDebugging,
  type Step,
  trace,
} from "./debugging.ts";
export {
  DeferredList,
  type DeferredListOptions,
  type DeferredListResult,
  type ElementOf,
  FAILURE,
  type FirstValueOf,
  gatherResults,
  type Outcome,
  type OutcomesOf,
  race,
  SUCCESS,
  type ValueOf,
  type ValuesOf,
  type WinnerOf,
} from "./deferred_list.ts";
export {
  type Coroutine,
  ensureDeferred,
  inlineCallbacks,
  wait,
  type Waited,
} from "./inline_callbacks.ts";
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
export type { DeferredInstrument } from "./instrument.ts";
export {
  DeferredLock,
  DeferredQueue,
  DeferredSemaphore,
  Permits,
} from "./concurrency.ts";
export {
  createLog,
  type Log,
  log,
  type LogEvent,
  type LogObserver,
} from "./log.ts";
export type { ScheduledCall, Scheduler } from "./scheduler.ts";
export { reportUnhandledErrors } from "./unhandled.ts";
