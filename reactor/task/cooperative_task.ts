/**
 * A piece of work that is done in steps, in turn with others.
 *
 * @module
 */

import { Deferred, Failure } from "../../defer/mod.ts";
import { isThenable } from "../../defer/thenable.ts";
import {
  NotPaused,
  type SchedulerError,
  SchedulerStopped,
  TaskDone,
  TaskFailed,
  TaskStopped,
} from "../errors.ts";

/**
 * Work that can be done in steps: an iterator, most often a generator, that
 * stops wherever others may have their turn. What it gives there does not
 * matter, unless it is a deferred or a promise: that is waited for.
 */
export type Steps = Iterator<unknown, unknown, undefined>;

/**
 * An iterator that a `Cooperator` works through: Twisted's
 * `task.CooperativeTask`.
 *
 * @typeParam I the iterator
 */
export interface CooperativeTask<I extends Steps = Steps> {
  /**
   * Tells when the task is over. Can be asked for any number of times, also
   * afterwards.
   *
   * @returns a deferred that fires with the iterator when that has come to its
   *   end, and fails with what the iterator threw, with what a deferred failed
   *   with that it waited for, with `TaskStopped`, or with `SchedulerStopped`
   */
  whenDone(): Deferred<I>;
  /**
   * Does no more of the task until `resume()` was called as often.
   *
   * @throws {TaskFinished} if the task is over: `TaskDone`, `TaskFailed` or
   *   `TaskStopped`
   * @throws {SchedulerStopped} if it ended with its cooperator
   */
  pause(): void;
  /**
   * Takes one `pause()` back; with the last, the task goes on.
   *
   * @throws {NotPaused} if the task is not paused
   */
  resume(): void;
  /**
   * Ends the task. Its iterator is left where it is.
   *
   * @throws {TaskFinished} as `pause()`
   * @throws {SchedulerStopped} as `pause()`
   */
  stop(): void;
}

/** A task, to the cooperator. */
export interface Runnable {
  /** Does one step. */
  step(): void;
  /** Ends the task, if it has not ended, because its cooperator has stopped. */
  schedulerStopped(): void;
}

/** The cooperator, to a task. Being told something again does nothing. */
export interface TaskScheduler {
  /** The task wants turns from now on. */
  add(task: Runnable): void;
  /** The task wants no turn for now. */
  remove(task: Runnable): void;
}

/** How a task ended. */
interface Ending<I> {
  /** What `whenDone` gives. */
  readonly result: I | Failure;
  /** What is thrown at whoever still wants something of the task. */
  readonly refusal: () => SchedulerError;
}

/** The task itself; users see only {@linkcode CooperativeTask}. */
export class Task<I extends Steps> implements CooperativeTask<I>, Runnable {
  #iterator: I;
  #turns: TaskScheduler;
  /** How often `pause()` was called more than `resume()`. */
  #pauses = 0;
  /** Whether the iterator gave a deferred that has not fired. */
  #waiting = false;
  #ending: Ending<I> | undefined;
  /** Those who asked when it is done, until it is. */
  #whenDone: Deferred<I>[] = [];
  /** Holds an error that nobody has asked for. */
  #unclaimed: Deferred<I> | undefined;

  constructor(iterator: I, turns: TaskScheduler) {
    if (typeof iterator?.next !== "function") {
      throw new TypeError(
        `A task needs an iterator, which has a next(): it got ${iterator}`,
      );
    }
    if (Symbol.asyncIterator in iterator) {
      throw new TypeError(
        "A task needs an iterator that is not async: to wait, it yields a promise or a deferred",
      );
    }
    this.#iterator = iterator;
    this.#turns = turns;
    turns.add(this);
  }

  whenDone(): Deferred<I> {
    const d = new Deferred<I>();
    if (this.#ending === undefined) {
      this.#whenDone.push(d);
    } else {
      this.#unclaimed?.addErrback(() => {});
      this.#unclaimed = undefined;
      d.callback(this.#ending.result);
    }
    return d;
  }

  pause(): void {
    this.#mustGoOn();
    this.#pauses++;
    this.#turns.remove(this);
  }

  resume(): void {
    if (this.#pauses === 0) {
      throw new NotPaused("Cannot resume a task that is not paused");
    }
    this.#pauses--;
    this.#goOn();
  }

  stop(): void {
    this.#mustGoOn();
    this.#end({
      result: new Failure(new TaskStopped("The task was stopped")),
      refusal: () => new TaskStopped("The task was stopped before"),
    });
  }

  schedulerStopped(): void {
    if (this.#ending !== undefined) return;
    const refusal = () => new SchedulerStopped("The cooperator was stopped");
    this.#end({ result: new Failure(refusal()), refusal });
  }

  step(): void {
    try {
      this.#take(this.#iterator.next());
    } catch (error) {
      // Also out of what it gave: a `then` can throw when it is looked for.
      this.#fail(new Failure(error, { raised: true }));
    }
  }

  #take(step: IteratorResult<unknown, unknown>): void {
    // The step may have ended its own task.
    if (this.#ending !== undefined) return;
    if (step.done) {
      this.#end({
        result: this.#iterator,
        refusal: () => new TaskDone("The task has come to its end before"),
      });
    } else if (isThenable(step.value)) {
      this.#waitFor(step.value);
    }
  }

  #waitFor(result: PromiseLike<unknown>): void {
    const d = result instanceof Deferred
      ? result
      : Deferred.fromPromise(result);
    this.#waiting = true;
    this.#turns.remove(this);
    d.addCallbacks(
      () => {
        this.#waiting = false;
        this.#goOn();
      },
      (failure) => this.#fail(failure),
    );
  }

  /** Asks for turns again, if nothing speaks against it. */
  #goOn(): void {
    const held = this.#waiting || this.#pauses > 0;
    if (!held && this.#ending === undefined) this.#turns.add(this);
  }

  #mustGoOn(): void {
    if (this.#ending !== undefined) throw this.#ending.refusal();
  }

  #fail(failure: Failure): void {
    if (this.#ending !== undefined) {
      // Too late for `whenDone`, but no reason to lose the error.
      new Deferred().errback(failure);
      return;
    }
    if (this.#whenDone.length === 0) {
      this.#unclaimed = new Deferred();
      this.#unclaimed.errback(failure);
    }
    const cause = failure.value;
    this.#end({
      result: failure,
      refusal: () => new TaskFailed("The task has failed before", { cause }),
    });
  }

  #end(ending: Ending<I>): void {
    this.#ending = ending;
    // First of all the task has to be out of the way: those who are told may
    // turn to the cooperator, and to its other tasks.
    this.#turns.remove(this);
    for (const d of this.#whenDone.splice(0)) {
      if (!d.called) d.callback(ending.result);
    }
  }
}
