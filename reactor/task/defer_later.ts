import { checkFunction } from "../../defer/checks.ts";
import { type Chained, Deferred, type Scheduler } from "../../defer/mod.ts";
import { checkClock } from "../checks.ts";
import { cancelPending } from "../loop/delayed_call.ts";

/**
 * A deferred that fires after `delay` seconds.
 * @category Tasks
 */
export function deferLater(clock: Scheduler, delay: number): Deferred<void>;
/**
 * Calls `fn(...args)` after `delay` seconds, for a deferred of its result: Twisted's
 * `task.deferLater`. Cancelling that cancels the call.
 * @throws {TypeError} if `clock` has no `callLater`, or `fn` is not a function
 * @example
 * ```ts
 * import { Clock, deferLater } from "@deferno/deferno";
 *
 * const clock = new Clock();
 * let most = 0;
 * deferLater(clock, 1.5, Math.max, 20, 22).addCallback((max) => most = max);
 * clock.advance(1.5);
 * console.assert(most === 22);
 * ```
 * @category Tasks
 */
export function deferLater<R, A extends unknown[]>(
  clock: Scheduler,
  delay: number,
  fn: (...args: A) => R,
  ...args: A
): Deferred<Chained<R>>;
export function deferLater(
  clock: Scheduler,
  delay: number,
  fn: (...args: unknown[]) => unknown = () => undefined,
  ...args: unknown[]
): Deferred<unknown> {
  checkClock("deferLater", clock);
  checkFunction("deferLater: fn", fn);
  const d = new Deferred<void>(() => cancelPending(call));
  const call = clock.callLater(delay, () => d.callback());
  return d.addCallback(() => fn(...args));
}
