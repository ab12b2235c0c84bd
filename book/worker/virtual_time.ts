/**
 * The clock of a page, which its reader turns: runs, stops, goes step by step, slower
 * and faster.
 *
 * All that happens in the worker comes out of this clock: the timers of the programs, of
 * the reactor and of the servers. Where it stands still, nothing happens.
 *
 * @module
 */

interface Task {
  /** In seconds. */
  readonly time: number;
  /** Tells which of two tasks for the same time came first. */
  readonly order: number;
  readonly fn: () => void;
  /** Belongs to a server: it keeps no program alive, and goes on where one blocks. */
  background: boolean;
}

/** Further than this no clock jumps, in seconds: nothing is going to happen. */
const LONGEST_JUMP = 60;

/** Where a clock jumps, what a program computes takes so long at each look at it. */
const LOOK_SECONDS = 1e-5;

/** How far ahead of the clock a task may be to count as due, in seconds. */
const TOLERANCE = 1e-3;

/** What belongs to the start of a program, in seconds: tasks take some time themselves. */
const START_SECONDS = 0.05;

/** The functions of the host that the clock stands on. */
export interface Host {
  /** In seconds. */
  now(): number;
  /** Calls a function after so many seconds. */
  later(seconds: number, fn: () => void): () => void;
  /** Calls a function when all promises that have settled were handled. */
  afterPromises(fn: () => void): void;
  /** Has nobody do anything for so many seconds, where that can be done. */
  block?(seconds: number): void;
}

/** A clock that runs, or stands still. */
export class VirtualTime {
  #host: Host;
  #tasks = new Map<number, Task>();
  #orders = 0;
  #time = 0;
  /** The host's time at which it was `#time`, while it runs. */
  #since = 0;
  #state: "running" | "paused" = "paused";
  #speed = 1;
  /** Whether a task is being made, during which time runs as the host's does. */
  #busy = false;
  #taskTime = 0;
  /** The host's time at which it was `#taskTime`. */
  #taskSince = 0;
  #cancelAlarm: (() => void) | undefined;
  /** While a turn is stepped through: the moment that it belongs to. */
  #stepUntil: number | undefined;
  #onTask: (() => void) | undefined;
  #onSettled: (() => void) | undefined;

  constructor(host: Host, onTask?: () => void) {
    this.#host = host;
    this.#onTask = onTask;
  }

  /** Seconds since the start. */
  seconds(): number {
    // Within a task it is the task's time, however late the host has come to it: so
    // programs take as long as they should, and not longer on a slow machine.
    if (this.#busy) {
      if (this.#speed === Infinity) return this.#taskTime += LOOK_SECONDS;
      return this.#taskTime + this.#host.now() - this.#taskSince;
    }
    if (this.#state === "paused") return this.#time;
    // As fast as it can, there is no time between tasks.
    if (this.#speed === Infinity) return this.#time;
    // Behind a jump the host's time has to catch up first.
    const gone = Math.max(0, this.#host.now() - this.#since);
    return this.#time + gone * this.#speed;
  }

  /** Whether it runs by itself. */
  get running(): boolean {
    return this.#state === "running";
  }

  /** Whether a program waits for its time. */
  get pending(): boolean {
    for (const { background } of this.#tasks.values()) {
      if (!background) return true;
    }
    return false;
  }

  /** Calls a function at a time; returns its number. */
  add(seconds: number, fn: () => void, background = false): number {
    const order = ++this.#orders;
    const time = this.seconds() + Math.max(0, seconds);
    this.#tasks.set(order, { time, order, fn, background });
    if (!this.#busy) this.#schedule();
    return order;
  }

  /** Has a function keep no program alive. */
  unref(order: number): void {
    const task = this.#tasks.get(order);
    if (task !== undefined) task.background = true;
  }

  /** Forgets a function. */
  remove(order: number): void {
    this.#tasks.delete(order);
  }

  /** Lets time go on. */
  run(): void {
    if (this.#state === "running") return;
    this.#since = this.#host.now();
    this.#state = "running";
    this.#schedule();
  }

  /** Stops time. */
  pause(): void {
    if (this.#state === "paused") return;
    this.#time = Math.max(this.seconds(), this.#taskTime);
    this.#state = "paused";
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
  }

  /**
   * Sets how many of its seconds go by in one of the host's. With `Infinity` the next
   * task is made at once, whatever its time.
   */
  setSpeed(speed: number): void {
    if (this.#busy) this.#begin(this.seconds());
    if (this.#state === "running") this.#time = this.seconds();
    this.#since = Math.max(this.#since, this.#host.now());
    this.#speed = speed;
    this.#schedule();
  }

  /**
   * Goes to the next task and makes it, with time standing still afterwards.
   *
   * @param size whether to make all tasks of the same moment
   */
  step(size: "call" | "turn"): void {
    this.pause();
    const task = this.#next();
    if (this.#busy || task === undefined) return;
    this.#stepUntil = size === "turn" ? task.time : undefined;
    this.#make(task);
  }

  /** What runs now, outside of any task, takes its time as tasks do. */
  enter(): void {
    if (this.#busy) return;
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
    this.#begin(this.seconds());
    this.#host.afterPromises(() => this.#end());
  }

  /** Makes what is due at the start, time standing still, and begins at 0 then. */
  async settle(): Promise<void> {
    while ((this.#next()?.time ?? Infinity) <= START_SECONDS) {
      await new Promise<void>((resolve) => {
        this.#onSettled = resolve;
        this.step("call");
      });
    }
    this.#time = 0;
    this.#taskTime = 0;
  }

  /**
   * Makes the tasks of the servers until something has happened, or until a time: what
   * waits is blocked.
   */
  block(isOver: () => boolean, until = Infinity): void {
    while (!isOver()) {
      const task = this.#next(true);
      const isDue = task !== undefined && task.time <= until;
      const time = isDue ? task.time : until;
      if (time === Infinity) return;
      this.#blockUntil(time);
      if (!isDue) return;
      this.#tasks.delete(task.order);
      task.fn();
    }
  }

  /** The clock jumps. Where it runs, so does the host's, or catches up afterwards. */
  #blockUntil(time: number): void {
    const now = this.seconds();
    const jump = Math.max(0, time - now);
    if (this.#speed !== Infinity && this.#state === "running") {
      const seconds = jump / this.#speed;
      this.#since += seconds;
      this.#host.block?.(seconds);
    }
    this.#taskTime = now + jump;
    this.#taskSince = this.#host.now();
    this.#time += jump;
  }

  #next(backgroundOnly = false): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks.values()) {
      if (backgroundOnly && !task.background) continue;
      if (next === undefined || task.time < next.time) next = task;
    }
    return next;
  }

  #make(task: Task): void {
    this.#tasks.delete(task.order);
    this.#begin(task.time);
    try {
      task.fn();
    } finally {
      this.#host.afterPromises(() => this.#end());
    }
  }

  #begin(time: number): void {
    this.#taskTime = Math.max(this.#taskTime, time);
    this.#taskSince = this.#host.now();
    this.#busy = true;
  }

  #end(): void {
    this.#taskTime = this.seconds();
    this.#busy = false;
    if (this.#state === "paused" || this.#speed === Infinity) {
      this.#time = Math.max(this.#time, this.#taskTime);
    }
    const onSettled = this.#onSettled;
    this.#onSettled = undefined;
    if (onSettled !== undefined) return onSettled();
    this.#onTask?.();
    this.#goOn();
  }

  #goOn(): void {
    const due = this.#next();
    if (this.#state === "running") return this.#schedule();
    if (due === undefined || due.time > (this.#stepUntil ?? -Infinity)) return;
    this.#make(due);
  }

  /** One task at a time, so that promises are handled in between. */
  #schedule(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
    if (this.#state === "paused" || this.#busy) return;
    const task = this.#next();
    if (task === undefined) return;
    const ahead = task.time - this.seconds();
    const isTooFar = this.#speed === Infinity && ahead > LONGEST_JUMP;
    const wait = isTooFar ? ahead : ahead / this.#speed;
    this.#cancelAlarm = this.#later(wait, () => {
      this.#cancelAlarm = undefined;
      if (this.#state === "paused") return;
      const due = this.#next();
      if (due === undefined) return;
      const horizon = this.#speed === Infinity
        ? Infinity
        : this.seconds() + TOLERANCE;
      if (due.time > horizon) return this.#schedule();
      this.#make(due);
    });
  }

  /** Timers of pages wait some milliseconds at least, also where there is no wait. */
  #later(wait: number, fn: () => void): () => void {
    if (wait > 0) return this.#host.later(wait, fn);
    let isCancelled = false;
    this.#host.afterPromises(() => {
      if (!isCancelled) fn();
    });
    return () => isCancelled = true;
  }
}
