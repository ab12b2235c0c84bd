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
}

/** The functions of the host that the clock stands on. */
export interface Host {
  /** In seconds. */
  now(): number;
  /** Calls a function after so many seconds. */
  later(seconds: number, fn: () => void): () => void;
  /** Calls a function when all promises that have settled were handled. */
  afterPromises(fn: () => void): void;
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
  #cancelAlarm: (() => void) | undefined;
  #onTask: (() => void) | undefined;

  constructor(host: Host, onTask?: () => void) {
    this.#host = host;
    this.#onTask = onTask;
  }

  /** Seconds since the start. */
  seconds(): number {
    if (this.#busy && this.#state === "paused") {
      return this.#time + this.#host.now() - this.#since;
    }
    if (this.#state === "paused") return this.#time;
    return this.#time + (this.#host.now() - this.#since) * this.#speed;
  }

  /** Whether it runs by itself. */
  get running(): boolean {
    return this.#state === "running";
  }

  /** Whether something waits for its time. */
  get pending(): boolean {
    return this.#tasks.size > 0;
  }

  /** Calls a function at a time; returns its number. */
  add(seconds: number, fn: () => void): number {
    const order = ++this.#orders;
    const time = this.seconds() + Math.max(0, seconds);
    this.#tasks.set(order, { time, order, fn });
    if (!this.#busy) this.#schedule();
    return order;
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
    this.#time = this.seconds();
    this.#state = "paused";
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
  }

  /** Sets how many of its seconds go by in one of the host's. */
  setSpeed(speed: number): void {
    this.#time = this.seconds();
    this.#since = this.#host.now();
    this.#speed = speed;
    this.#schedule();
  }

  /**
   * Goes to the next task and makes it, with time standing still afterwards.
   *
   * @returns whether there was one
   */
  step(): boolean {
    this.pause();
    const task = this.#next();
    if (task === undefined) return false;
    this.#time = Math.max(this.#time, task.time);
    this.#since = this.#host.now();
    this.#make(task);
    return true;
  }

  /**
   * Makes the tasks of others until something has happened: what a read that blocks
   * does to everybody else. Time goes by as it would.
   */
  block(isOver: () => boolean): void {
    while (!isOver()) {
      const task = this.#next();
      if (task === undefined) return;
      this.#tasks.delete(task.order);
      this.#time = Math.max(this.seconds(), task.time);
      this.#since = this.#host.now();
      task.fn();
    }
  }

  #next(): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks.values()) {
      if (next === undefined || task.time < next.time) next = task;
    }
    return next;
  }

  #make(task: Task): void {
    this.#tasks.delete(task.order);
    this.#busy = true;
    try {
      task.fn();
    } finally {
      this.#host.afterPromises(() => {
        this.#time = this.seconds();
        this.#since = this.#host.now();
        this.#busy = false;
        this.#onTask?.();
        this.#schedule();
      });
    }
  }

  /** One task at a time, so that promises are handled in between. */
  #schedule(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
    if (this.#state === "paused" || this.#busy) return;
    const task = this.#next();
    if (task === undefined) return;
    const wait = (task.time - this.seconds()) / this.#speed;
    this.#cancelAlarm = this.#host.later(Math.max(0, wait), () => {
      this.#cancelAlarm = undefined;
      if (this.#state === "paused") return;
      const due = this.#next();
      if (due === undefined || due.time > this.seconds() + 1e-4) {
        return this.#schedule();
      }
      this.#make(due);
    });
  }
}
