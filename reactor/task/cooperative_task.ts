import { Deferred, Failure } from "../../defer/mod.ts";
import { isThenable, kindOf } from "../../defer/checks.ts";
import {
  NotPaused,
  type SchedulerError,
  SchedulerStopped,
  TaskDone,
  TaskFailed,
  TaskStopped,
} from "../errors.ts";

/**
 * An iterator that a `Cooperator` runs: Twisted's `task.CooperativeTask`.
 * @category Tasks
 */
export interface CooperativeTask<
  I extends Iterator<unknown, unknown, undefined> = Iterator<
    unknown,
    unknown,
    undefined
  >,
> {
  /**
   * At any time, any number of times.
   * @returns fires with the iterator when it is done; fails with what it threw, with the
   *   failure of a deferred that it yielded, with `TaskStopped`, or `SchedulerStopped`
   */
  whenDone(): Deferred<I>;
  /**
   * Pauses until as many `resume()`.
   * @throws {TaskFinished} if the task is over: `TaskDone`, `TaskFailed` or `TaskStopped`
   * @throws {SchedulerStopped} if its cooperator was stopped
   */
  pause(): void;
  /**
   * Undoes one `pause()`; the last resumes the task.
   * @throws {NotPaused} if it is not paused
   */
  resume(): void;
  /** Ends the task, but does not close its iterator. Throws as `pause()`. */
  stop(): void;
}

export interface Runnable {
  step(): void;
  schedulerStopped(): void;
}

/** The cooperator, for a task. Both methods are idempotent. */
export interface TaskScheduler {
  add(task: Runnable): void;
  remove(task: Runnable): void;
}

interface Ending<I> {
  readonly result: I | Failure;
  /** From `pause()` and `stop()`. */
  readonly stateError: () => SchedulerError;
}

export class Task<I extends Iterator<unknown, unknown, undefined>>
  implements CooperativeTask<I>, Runnable {
  #iterator: I;
  #scheduler: TaskScheduler;
  /** How many `pause()` lack a `resume()`. */
  #pauses = 0;
  #waiting = false;
  #ending: Ending<I> | undefined;
  #whenDone: Deferred<I>[] = [];
  /** Fails with an error that no `whenDone()` reports, for the log. */
  #unclaimed: Deferred<I> | undefined;

  constructor(iterator: I, scheduler: TaskScheduler) {
    if (typeof iterator?.next !== "function") {
      throw new TypeError(
        `The iterator of a task must have a next(), got ${kindOf(iterator)}`,
      );
    }
    if (Symbol.asyncIterator in iterator) {
      throw new TypeError(
        "The iterator of a task must not be async: to wait, it yields a promise or a deferred",
      );
    }
    this.#iterator = iterator;
    this.#scheduler = scheduler;
    scheduler.add(this);
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
    this.#assertRunning();
    this.#pauses++;
    this.#scheduler.remove(this);
  }

  resume(): void {
    if (this.#pauses === 0) {
      throw new NotPaused("Cannot resume a task that is not paused");
    }
    this.#pauses--;
    this.#resume();
  }

  stop(): void {
    this.#assertRunning();
    this.#end({
      result: new Failure(new TaskStopped("The task was stopped")),
      stateError: () => new TaskStopped("The task was stopped before"),
    });
  }

  schedulerStopped(): void {
    if (this.#ending !== undefined) return;
    const stateError = () => new SchedulerStopped("The cooperator was stopped");
    this.#end({ result: new Failure(stateError()), stateError });
  }

  step(): void {
    try {
      this.#take(this.#iterator.next());
    } catch (error) {
      // By the iterator, or the `then` of what it yielded.
      this.#fail(new Failure(error, { raised: true }));
    }
  }

  #take(step: IteratorResult<unknown, unknown>): void {
    // The step itself may have stopped the task.
    if (this.#ending !== undefined) return;
    if (step.done) {
      this.#end({
        result: this.#iterator,
        stateError: () => new TaskDone("The task was done before"),
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
    this.#scheduler.remove(this);
    d.addCallbacks(
      () => {
        this.#waiting = false;
        this.#resume();
      },
      (failure) => this.#fail(failure),
    );
  }

  #resume(): void {
    const held = this.#waiting || this.#pauses > 0;
    if (!held && this.#ending === undefined) this.#scheduler.add(this);
  }

  #assertRunning(): void {
    if (this.#ending !== undefined) throw this.#ending.stateError();
  }

  #fail(failure: Failure): void {
    if (this.#ending !== undefined) {
      // Too late for `whenDone`: the log gets it.
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
      stateError: () => new TaskFailed("The task has failed before", { cause }),
    });
  }

  #end(ending: Ending<I>): void {
    this.#ending = ending;
    // First: callbacks may use the cooperator and its tasks.
    this.#scheduler.remove(this);
    for (const d of this.#whenDone.splice(0)) {
      if (!d.called) d.callback(ending.result);
    }
  }
}
