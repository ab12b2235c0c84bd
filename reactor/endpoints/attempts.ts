/**
 * Several attempts to connect, of which the first to succeed is taken.
 *
 * @module
 */

import { Deferred, Failure } from "../../defer/mod.ts";
import type { DelayedCall } from "../interfaces.ts";
import { withOthers } from "../failed_attempts.ts";
import type { Reactor } from "../reactor.ts";

/** Begins an attempt. */
type Begin<P> = () => Deferred<P>;

/**
 * Begins one attempt after the other, each some time after the last or as soon as
 * one has failed, until one has succeeded; then gives the others up.
 */
export class Attempts<P> {
  /**
   * Fires with what the first attempt to succeed gives. If all fail, it fails with
   * the error of the first to do so, whose `cause` has the others.
   */
  readonly outcome: Deferred<P> = new Deferred(() => this.#end());
  readonly #reactor: Pick<Reactor, "callLater">;
  /** In seconds. */
  readonly #delay: number;
  /** Those that have not begun. */
  readonly #waiting: Begin<P>[];
  /** Those that are under way. */
  readonly #pending: Set<Deferred<unknown>> = new Set();
  readonly #errors: unknown[] = [];
  /** Begins the next attempt, where there is one. */
  #timer: DelayedCall | undefined;
  #isOver = false;

  /**
   * Begins the first attempt.
   *
   * @param reactor keeps the time
   * @param attempts in the order in which they are to begin; at least one
   * @param delay how long one has for itself before the next begins, in seconds
   */
  constructor(
    reactor: Pick<Reactor, "callLater">,
    attempts: readonly Begin<P>[],
    delay: number,
  ) {
    this.#reactor = reactor;
    this.#waiting = [...attempts];
    this.#delay = delay;
    this.#beginNext();
  }

  #beginNext(): void {
    this.#stopTimer();
    const begin = this.#waiting.shift();
    if (begin === undefined) return;
    if (this.#waiting.length > 0) {
      this.#timer = this.#reactor.callLater(
        this.#delay,
        () => this.#beginNext(),
      );
    }
    const attempt = begin();
    this.#pending.add(attempt);
    attempt.addCallbacks(
      (result) => this.#succeeded(attempt, result),
      (failure) => this.#failed(attempt, failure),
    );
  }

  #succeeded(attempt: Deferred<unknown>, result: P): void {
    this.#pending.delete(attempt);
    if (this.#isOver) return;
    this.#end();
    this.outcome.callback(result);
  }

  #failed(attempt: Deferred<unknown>, failure: Failure): void {
    this.#pending.delete(attempt);
    if (this.#isOver) return;
    this.#errors.push(failure.value);
    if (this.#waiting.length > 0) return this.#beginNext();
    if (this.#pending.size > 0) return;
    this.#isOver = true;
    this.outcome.errback(new Failure(withOthers(this.#errors)));
  }

  /** Gives up what is under way, and begins nothing more. */
  #end(): void {
    this.#isOver = true;
    this.#stopTimer();
    this.#waiting.length = 0;
    for (const attempt of [...this.#pending]) attempt.cancel();
  }

  #stopTimer(): void {
    if (this.#timer?.active()) this.#timer.cancel();
    this.#timer = undefined;
  }
}
