/**
 * Deferreds and failures: results that are not there yet, and the callbacks
 * that wait for them.
 *
 * @module
 */

export { execute, fail, maybeDeferred, succeed } from "./create.ts";
export { type Canceller, type Chained, Deferred } from "./deferred.ts";
export { AlreadyCalledError, CancelledError, TimeoutError } from "./errors.ts";
export { type ErrorClass, Failure } from "./failure.ts";
export {
  createLog,
  type Log,
  log,
  type LogEvent,
  type LogObserver,
} from "./log.ts";
export type { ScheduledCall, Scheduler } from "./scheduler.ts";
export { reportUnhandledErrors } from "./unhandled.ts";
