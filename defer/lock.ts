// A lock.

import { Permits } from "./permits.ts";

/**
 * One holder at a time, first come, first served: Twisted's `DeferredLock`.
 *
 * `acquire()` fires with the lock itself, which `using _ = await lock.acquire()` releases
 * at the end of the block. Do not forget the `await`, and do not declare the lock itself
 * with `using`, which would release it once more.
 * @example
 * ```ts
 * import { DeferredLock } from "@deferno/deferno";
 *
 * const lock = new DeferredLock();
 * const poem: string[] = [];
 *
 * async function recite(first: string, second: string) {
 *   using _ = await lock.acquire();
 *   poem.push(first);
 *   await Promise.resolve();
 *   poem.push(second);
 * }
 * await Promise.all([recite("one", "two"), recite("three", "four")]);
 * console.assert(poem.join() === "one,two,three,four");
 * ```
 * @category Deferred
 */
export class DeferredLock extends Permits {
  /** A lock that nobody holds. */
  constructor() {
    super(1);
  }

  /** Whether somebody holds the lock. */
  get locked(): boolean {
    return this.freePermits === 0;
  }

  /** The message for a release too many. */
  protected override releasedTooOften(): string {
    return "Cannot release the lock: nobody holds it";
  }
}
