import { checkFunction } from "../../defer/checks.ts";
import { type Chained, Deferred, type Scheduler } from "../../defer/mod.ts";
import { cancelPending } from "../loop/delayed_call.ts";

/**
 * A deferred that fires later.
 * @param delay seconds from now
 * @category Tasks
 */
export function deferLater(clock: Scheduler, delay: number): Deferred<void>;
/**
 * Calls `fn(...args)` later, for a deferred of its result: Twisted's `task.deferLater`.
 * Cancelling that cancels the call.
 * @param delay seconds from now
 * @throws {TypeError} if `fn` is not a function
 * @example
 * ```ts
 * import { Clock, deferLater } from "@deferno/deferno";
 *
 * const clock = new Clock();
 * let sum = 0;
 * deferLater(clock, 1.5, (a: number, b: number) => a + b, 20, 22)
 *   .addCallback((result) => sum = result);
 * clock.advance(1.5);
 * console.assert(sum === 42);
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
  checkFunction("deferLater: fn", fn);
  const d = new Deferred<void>(() => cancelPending(call));
  const call = clock.callLater(delay, () => d.callback());
  return d.addCallback(() => fn(...args));
}
