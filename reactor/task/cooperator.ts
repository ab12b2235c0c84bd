import { isThenable, kindOf } from "../../defer/checks.ts";
import { Deferred, Failure, type ScheduledCall } from "../../defer/mod.ts";
import { checkClock } from "../checks.ts";
import {
  NotPaused,
  type SchedulerError,
  SchedulerStopped,
  TaskDone,
  TaskFailed,
  TaskStopped,
} from "../errors.ts";
import type { ReactorTime } from "../interfaces.ts";

/**
 * Runs an iterator, in turn with the others of the same clock, without blocking the
 * reactor: Twisted's `task.cooperate`.
 * @param iterator each `next()` is one step; a yielded deferred or promise is waited for
 * @throws {TypeError} if it is not an iterator, or an async one
 * @example
 * ```ts
 * import { Clock, cooperate } from "@deferno/deferno";
 *
 * let sum = 0;
 * function* addUp() {
 *   for (let i = 1; i <= 100; i++) yield sum += i;
 * }
 *
 * const clock = new Clock();
 * cooperate(clock, addUp());
 * clock.advance(1);
 * console.assert(sum === 5050);
 * ```
 * @category Tasks
 */
export function cooperate<I extends Iterator<unknown, unknown, undefined>>(
  clock: ReactorTime,
  iterator: I,
): CooperativeTask<I> {
  return cooperatorOf(clock).cooperate(iterator);
}

/**
 * The `whenDone()` of {@linkcode cooperate}: Twisted's `task.coiterate`.
 * @category Tasks
 */
export function coiterate<I extends Iterator<unknown, unknown, undefined>>(
  clock: ReactorTime,
  iterator: I,
): Deferred<I> {
  return cooperatorOf(clock).coiterate(iterator);
}

const cooperators = new WeakMap<ReactorTime, Cooperator>();

function cooperatorOf(clock: ReactorTime): Cooperator {
  const cooperator = cooperators.get(clock) ?? new Cooperator(clock);
  cooperators.set(clock, cooperator);
  return cooperator;
}

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
   * @returns fires with the iterator when it is done; fails with what it threw, what a
   *   deferred that it yielded failed with, `TaskStopped` or `SchedulerStopped`
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

/**
 * How it divides the time.
 * @category Tasks
 */
export interface CooperatorOptions {
  /**
   * Called for each slice. What it returns tells after every step whether that is over.
   * @default {undefined} a slice takes 0.01 seconds of the clock
   */
  terminationPredicateFactory?: (() => () => boolean) | undefined;
  /**
   * Calls the next slice a little later.
   * @default {undefined} the clock's `callLater`
   */
  scheduler?:
    | ((slice: () => void) => Pick<ScheduledCall, "cancel">)
    | undefined;
  /**
   * Whether it needs no `start()`.
   * @default {true}
   */
  started?: boolean | undefined;
}

/**
 * Runs iterators, a step of each in turn, and yields to the reactor in between: Twisted's
 * `task.Cooperator`. Most programs need only {@linkcode cooperate}.
 * @category Tasks
 */
export class Cooperator {
  #terminationPredicateFactory: () => () => boolean;
  #scheduler: (slice: () => void) => ScheduledSlice;
  #state: "waiting" | "started" | "stopped";
  #tasks = new Set<Runnable>();
  /** A slice continues where the last ended. */
  #round: Iterator<Runnable, undefined> = this.#tasks.values();
  #call: ScheduledSlice | undefined;

  /** Without tasks. */
  constructor(clock: ReactorTime, options: CooperatorOptions = {}) {
    checkClock("Cooperator", clock);
    this.#terminationPredicateFactory = options.terminationPredicateFactory ??
      (() => endOfSlice(clock));
    this.#scheduler = options.scheduler ??
      ((slice) => clock.callLater(BETWEEN_SLICES, slice));
    this.#state = options.started === false ? "waiting" : "started";
  }

  /** Whether it runs its tasks. */
  get running(): boolean {
    return this.#state === "started";
  }

  /**
   * Adds a task; throws as {@linkcode cooperate}. Once stopped, it ends at once, with
   * `SchedulerStopped`.
   */
  cooperate<I extends Iterator<unknown, unknown, undefined>>(
    iterator: I,
  ): CooperativeTask<I> {
    return new Task(iterator, {
      add: (task) => this.#add(task),
      remove: (task) => this.#remove(task),
    });
  }

  /** Adds a task, and returns its `whenDone()`. */
  coiterate<I extends Iterator<unknown, unknown, undefined>>(
    iterator: I,
  ): Deferred<I> {
    return this.cooperate(iterator).whenDone();
  }

  /** Runs tasks, also after `stop()`. */
  start(): void {
    this.#state = "started";
    this.#schedule();
  }

  /** Ends all tasks with `SchedulerStopped`; a paused one when resumed. */
  stop(): void {
    this.#state = "stopped";
    for (const task of [...this.#tasks]) task.schedulerStopped();
  }

  #add(task: Runnable): void {
    if (this.#state === "stopped") return task.schedulerStopped();
    this.#tasks.add(task);
    this.#schedule();
  }

  #remove(task: Runnable): void {
    this.#tasks.delete(task);
    if (this.#tasks.size > 0) return;
    if (this.#isScheduled()) this.#call?.cancel();
    this.#call = undefined;
  }

  #schedule(): void {
    if (!this.running || this.#tasks.size === 0 || this.#isScheduled()) return;
    this.#call = this.#scheduler(() => this.#slice());
  }

  /** `getDelayedCalls()` exposes the call, so a user may have cancelled it. */
  #isScheduled(): boolean {
    return this.#call !== undefined && this.#call.active?.() !== false;
  }

  #slice(): void {
    this.#call = undefined;
    try {
      this.#work(this.#terminationPredicateFactory());
    } finally {
      // Also if the predicate throws: the tasks are not to blame.
      this.#schedule();
    }
  }

  #work(isOver: () => boolean): void {
    const next = () => this.#nextTask();
    for (let task = next(); task !== undefined; task = next()) {
      task.step();
      if (isOver()) break;
    }
  }

  #nextTask(): Runnable | undefined {
    const next = this.#round.next().value;
    if (next !== undefined) return next;
    this.#round = this.#tasks.values();
    return this.#round.next().value;
  }
}

/** Active, without an `active()`. */
type ScheduledSlice = Pick<ScheduledCall, "cancel"> & Partial<ScheduledCall>;

/** Before yielding to the reactor: Twisted's `MAX_SLICE`. */
const SLICE_SECONDS = 0.01;

/** Ends the slice even if no time passes, as on a `Clock`. */
const MAX_STEPS_WITHOUT_TIME = 10_000;

/** More than 0, so that an `advance` of a `Clock` runs one slice. */
const BETWEEN_SLICES = 0.00000001;

function endOfSlice(clock: ReactorTime): () => boolean {
  const start = clock.seconds();
  let steps = 0;
  return () => {
    const elapsed = clock.seconds() - start;
    return elapsed >= SLICE_SECONDS ||
      (elapsed === 0 && ++steps >= MAX_STEPS_WITHOUT_TIME);
  };
}

class Task<I extends Iterator<unknown, unknown, undefined>>
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
    const stopped = new Failure(new TaskStopped("The task was stopped"));
    this.#end(stopped, () => new TaskStopped("The task was stopped before"));
  }

  schedulerStopped(): void {
    if (this.#ending !== undefined) return;
    const stateError = () => new SchedulerStopped("The cooperator was stopped");
    this.#end(new Failure(stateError()), stateError);
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
    // The step may have stopped the task.
    if (this.#ending !== undefined) return;
    if (step.done) {
      this.#end(this.#iterator, () => new TaskDone("The task was done before"));
    } else if (isThenable(step.value)) {
      this.#waitFor(step.value);
    }
  }

  #waitFor(value: PromiseLike<unknown>): void {
    const d = value instanceof Deferred ? value : Deferred.fromPromise(value);
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
    // Too late for `whenDone`: the log gets it.
    if (this.#ending !== undefined) return new Deferred().errback(failure);
    if (this.#whenDone.length === 0) {
      this.#unclaimed = new Deferred();
      this.#unclaimed.errback(failure);
    }
    const cause = failure.value;
    this.#end(
      failure,
      () => new TaskFailed("The task has failed before", { cause }),
    );
  }

  #end(result: I | Failure, stateError: () => SchedulerError): void {
    this.#ending = { result, stateError };
    // First: callbacks may use the cooperator and its tasks.
    this.#scheduler.remove(this);
    for (const d of this.#whenDone.splice(0)) {
      if (!d.called) d.callback(result);
    }
  }
}

interface Runnable {
  step(): void;
  schedulerStopped(): void;
}

/** The cooperator. Both methods are idempotent. */
interface TaskScheduler {
  add(task: Runnable): void;
  remove(task: Runnable): void;
}

interface Ending<I> {
  readonly result: I | Failure;
  /** From `pause()` and `stop()`. */
  readonly stateError: () => SchedulerError;
}
