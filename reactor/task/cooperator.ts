import type { Deferred, ScheduledCall } from "../../defer/mod.ts";
import {
  type CooperativeTask,
  type Runnable,
  Task,
} from "./cooperative_task.ts";
import { checkClock } from "../checks.ts";
import type { ReactorTime } from "../interfaces.ts";

/** Before yielding to the reactor: Twisted's `MAX_SLICE`. */
const SLICE_SECONDS = 0.01;

/** Ends the slice even if no time passes, as on a `Clock`. */
const MAX_STEPS_WITHOUT_TIME = 10_000;

/** More than 0, so that an `advance` of a `Clock` runs one slice. */
const BETWEEN_SLICES = 0.00000001;

/** Active, without an `active()`. */
type ScheduledSlice =
  & Pick<ScheduledCall, "cancel">
  & Partial<Pick<ScheduledCall, "active">>;

/**
 * How it divides the time.
 * @category Tasks
 */
export interface CooperatorOptions {
  /**
   * Called for each slice. What it returns tells after every step whether the slice is
   * over.
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
    if (this.#state === "stopped") {
      task.schedulerStopped();
      return;
    }
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
    for (
      let task = this.#nextTask();
      task !== undefined;
      task = this.#nextTask()
    ) {
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

function endOfSlice(clock: ReactorTime): () => boolean {
  const start = clock.seconds();
  let steps = 0;
  return () => {
    const elapsed = clock.seconds() - start;
    return elapsed >= SLICE_SECONDS ||
      (elapsed === 0 && ++steps >= MAX_STEPS_WITHOUT_TIME);
  };
}

const cooperators = new WeakMap<ReactorTime, Cooperator>();

function cooperatorOf(clock: ReactorTime): Cooperator {
  let cooperator = cooperators.get(clock);
  if (cooperator === undefined) {
    cooperator = new Cooperator(clock);
    cooperators.set(clock, cooperator);
  }
  return cooperator;
}

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
