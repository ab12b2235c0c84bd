import { checkInteger } from "./checks.ts";
import { Permits } from "./permits.ts";

/**
 * A number of holders at a time, first come, first served: Twisted's `DeferredSemaphore`.
 * It limits concurrency. `using _ = await semaphore.acquire()` releases the token at the
 * end of the block.
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
