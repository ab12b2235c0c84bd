/**
 * Many pieces of work, done in turn, a little at a time.
 *
 * @module
 */

import type { Deferred, ScheduledCall } from "../../defer/mod.ts";
import {
  type CooperativeTask,
  type Runnable,
  type Steps,
  Task,
} from "./cooperative_task.ts";
import type { ReactorTime } from "../interfaces.ts";

/** How long tasks are worked on before others than tasks have their turn. */
const SLICE_SECONDS = 0.01;

/**
 * After so many steps in which the clock has not moved it is taken to be one
 * that only moves when it is turned, and would never end the slice.
 */
const STEPS_OF_NO_TIME = 10_000;

/**
 * How long to wait between two slices: no time, but on a clock that is turned
 * by hand still more than none, so that each turn does one slice.
 */
const BETWEEN_SLICES = 0.00000001;

/** A slice that is to come. One that cannot say whether it is, counts as if it were. */
type ScheduledSlice =
  & Pick<ScheduledCall, "cancel">
  & Partial<Pick<ScheduledCall, "active">>;

/** How a {@linkcode Cooperator} divides the time, where not in the usual way. */
export interface CooperatorOptions {
  /**
   * Called at the beginning of each slice. What it returns is asked after every
   * step whether the slice is over.
   *
   * @default {undefined} a slice takes a hundredth of a second on the clock
   */
  terminationPredicateFactory?: (() => () => boolean) | undefined;
  /**
   * Called with the next slice, to call that a little later.
   *
   * @default {undefined} the clock's `callLater` is used
   */
  scheduler?:
    | ((slice: () => void) => Pick<ScheduledCall, "cancel">)
    | undefined;
  /**
   * Whether tasks are worked on as soon as they are added, and not only after
   * `start()`.
   *
   * @default {true}
   */
  started?: boolean | undefined;
}

/**
 * Works through any number of iterators, a step of each in turn, and lets the
 * reactor see to everything else in between: Twisted's `task.Cooperator`.
 *
 * For most programs the one that {@linkcode cooperate} uses is enough.
 *
 * @example
 * ```ts
 * import { Clock, Cooperator } from "@deferno/deferno";
 *
 * const lines: string[] = [];
 * function* recite(...verses: string[]) {
 *   for (const verse of verses) yield lines.push(verse);
 * }
 *
 * const clock = new Clock();
 * const cooperator = new Cooperator(clock);
 * cooperator.cooperate(recite("Tyger Tyger,", "In the forests"));
 * cooperator.cooperate(recite("burning bright,", "of the night"));
 * clock.advance(1);
 * console.assert(
 *   lines.join(" ") === "Tyger Tyger, burning bright, In the forests of the night",
 * );
 * ```
 */
export class Cooperator {
  #terminationPredicateFactory: () => () => boolean;
  #scheduler: (slice: () => void) => ScheduledSlice;
  #state: "waiting" | "started" | "stopped";
  /** The tasks that want turns, in the order of their turns. */
  #tasks = new Set<Runnable>();
  /** Where the slices are in the tasks: they go on where the last one ended. */
  #round: Iterator<Runnable, undefined> = this.#tasks.values();
  /** The next slice. */
  #call: ScheduledSlice | undefined;

  /**
   * Makes a cooperator without tasks.
   *
   * @param clock keeps the time: a reactor, or a `Clock`
   * @param options how to divide the time
   */
  constructor(clock: ReactorTime, options: CooperatorOptions = {}) {
    if (typeof clock?.callLater !== "function") {
      throw new TypeError(
        `A cooperator needs a clock, a reactor for instance: it got ${clock}`,
      );
    }
    this.#terminationPredicateFactory = options.terminationPredicateFactory ??
      (() => endOfSlice(clock));
    this.#scheduler = options.scheduler ??
      ((slice) => clock.callLater(BETWEEN_SLICES, slice));
    this.#state = options.started === false ? "waiting" : "started";
  }

  /** Whether it works on its tasks. */
  get running(): boolean {
    return this.#state === "started";
  }

  /**
   * Adds a task. If the cooperator was stopped, the task ends at once, with
   * `SchedulerStopped`.
   *
   * @param iterator does one step of the work at each `next()`; it may yield a
   *   deferred or a promise, to be called again when that has fired
   * @throws {TypeError} if it is no iterator, or an async one
   */
  cooperate<I extends Steps>(iterator: I): CooperativeTask<I> {
    return new Task(iterator, {
      add: (task) => this.#add(task),
      remove: (task) => this.#remove(task),
    });
  }

  /**
   * Adds a task, where nothing but its end is of interest.
   *
   * @param iterator as for `cooperate`
   * @returns as `whenDone()` of the task
   */
  coiterate<I extends Steps>(iterator: I): Deferred<I> {
    return this.cooperate(iterator).whenDone();
  }

  /** Begins to work on the tasks, or takes tasks again after `stop()`. */
  start(): void {
    this.#state = "started";
    this.#schedule();
  }

  /** Ends all tasks, with `SchedulerStopped`; a paused one when it is resumed. */
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

  /** Somebody else may have cancelled it: then it is to be scheduled anew. */
  #isScheduled(): boolean {
    return this.#call !== undefined && this.#call.active?.() !== false;
  }

  #slice(): void {
    this.#call = undefined;
    try {
      this.#work(this.#terminationPredicateFactory());
    } finally {
      // Also where the predicate is in error: the tasks are not.
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

/** The usual answer to when a slice that begins now is over. */
function endOfSlice(clock: ReactorTime): () => boolean {
  const start = clock.seconds();
  let steps = 0;
  return () => {
    const elapsed = clock.seconds() - start;
    return elapsed >= SLICE_SECONDS ||
      (elapsed === 0 && ++steps >= STEPS_OF_NO_TIME);
  };
}

/** The cooperator of each clock; tasks share the time only with those beside them. */
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
 * Works through an iterator, in turn with all the others that share the clock,
 * and without holding up the reactor: Twisted's `task.cooperate`.
 *
 * @param clock keeps the time: a reactor, or a `Clock`
 * @param iterator does one step of the work at each `next()`; it may yield a
 *   deferred or a promise, to be called again when that has fired
 * @throws {TypeError} if it is no iterator, or an async one
 *
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
 * const task = cooperate(clock, addUp());
 * task.whenDone().addCallback(() => console.assert(sum === 5050));
 * clock.advance(1);
 * ```
 */
export function cooperate<I extends Steps>(
  clock: ReactorTime,
  iterator: I,
): CooperativeTask<I> {
  return cooperatorOf(clock).cooperate(iterator);
}

/**
 * Like {@linkcode cooperate}, where nothing but the end of the work is of
 * interest: Twisted's `task.coiterate`.
 *
 * @param clock keeps the time: a reactor, or a `Clock`
 * @param iterator as for `cooperate`
 * @returns as `whenDone()` of the task
 */
export function coiterate<I extends Steps>(
  clock: ReactorTime,
  iterator: I,
): Deferred<I> {
  return cooperatorOf(clock).coiterate(iterator);
}
