import { Permits } from "./permits.ts";

/**
 * One holder at a time, first come, first served: Twisted's `DeferredLock`. `acquire()`
 * fires with the lock, which `using _ = await lock.acquire()` releases at the end of the
 * block. Do not forget the `await`; the lock itself in `using` would be released once
 * more.
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
  /** Makes a free lock. */
  constructor() {
    super(1);
  }

  /** Whether somebody holds it. */
  get locked(): boolean {
    return this.freePermits === 0;
  }

  /** The error's message. */
  protected override releasedTooOften(): string {
    return "Cannot release the lock: nobody holds it";
  }
}
