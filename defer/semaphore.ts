import { checkInteger } from "./checks.ts";
import { Permits } from "./permits.ts";

/**
 * A number of holders at a time, first come, first served: Twisted's `DeferredSemaphore`.
 * It limits concurrency. `using _ = await semaphore.acquire()` releases the token at the
 * end of the block.
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
   * Makes a free semaphore.
   * @param tokens for so many holders
   * @throws {RangeError} if not an integer of at least 1
   */
  constructor(tokens: number) {
    checkInteger("DeferredSemaphore: tokens", tokens, 1);
    super(tokens);
  }

  /** How many holders there may be. */
  get limit(): number {
    return this.permits;
  }

  /** How many are free. */
  get tokens(): number {
    return this.freePermits;
  }

  /** The error's message. */
  protected override releasedTooOften(): string {
    return `Cannot release the semaphore: none of its ${this.limit} tokens is held`;
  }
}
