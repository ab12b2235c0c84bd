// A semaphore.

import { checkInteger } from "./checks.ts";
import { Permits } from "./permits.ts";

/**
 * A number of holders at a time, first come, first served: Twisted's `DeferredSemaphore`.
 * It limits concurrency. As with a `DeferredLock`, `using _ = await semaphore.acquire()`
 * releases the token at the end of the block.
 * @example
 * ```ts
 * import { DeferredSemaphore, gatherResults } from "@deferno/deferno";
 *
 * const semaphore = new DeferredSemaphore(2);
 * const visit = (port: number) => {
 *   console.assert(semaphore.tokens < 2);
 *   return Promise.resolve(port);
 * };
 * const ports = [10000, 10001, 10002, 10003];
 * await gatherResults(ports.map((port) => semaphore.run(visit, port)));
 * ```
 * @category Deferred
 */
export class DeferredSemaphore extends Permits {
  /**
   * A semaphore that nobody holds.
   * @param tokens how many holders there may be
   * @throws {RangeError} if that is not an integer, or less than 1
   */
  constructor(tokens: number) {
    checkInteger("DeferredSemaphore: tokens", tokens, 1);
    super(tokens);
  }

  /** How many holders there may be. */
  get limit(): number {
    return this.permits;
  }

  /** How many more there could be now. */
  get tokens(): number {
    return this.freePermits;
  }

  /** The message for a release too many. */
  protected override releasedTooOften(): string {
    return `Cannot release the semaphore: none of its ${this.limit} tokens is held`;
  }
}
