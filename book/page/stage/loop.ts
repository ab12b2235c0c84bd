/**
 * What the loop of a reactor does.
 *
 * @module
 */

import type { Event, WaitingTimer } from "../../worker/messages.ts";

/** A call that the loop makes, or has made. */
export interface Call {
  readonly kind: string;
  /** Whose; may be empty. */
  readonly name: string;
  /** In seconds. */
  readonly begin: number;
  /** In seconds; `undefined` while it runs. */
  readonly end: number | undefined;
  /** The port of the server that it was about, if it was. */
  readonly port: number | undefined;
  /** The bytes that came in it. */
  readonly bytes: number;
}

/** All calls of a name together. */
export interface CallTotal {
  readonly kind: string;
  readonly name: string;
  readonly count: number;
  /** In seconds. */
  readonly total: number;
  /** In seconds. */
  readonly longest: number;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Follows the loop. */
export class Loop {
  /** Turns that have begun. */
  turns = 0;
  /** What it waits for: as of when it last went to sleep. */
  timers: readonly WaitingTimer[] = [];
  readers: readonly string[] = [];
  writers: readonly string[] = [];
  state: "not running" | "calling" | "asleep" = "not running";
  /** The calls of this turn, or of the last one. */
  calls: Call[] = [];
  #open: Writable<Call> | undefined;
  #totals = new Map<string, Writable<CallTotal>>();

  /** What is called right now. */
  get current(): Call | undefined {
    return this.#open;
  }

  /** All that was called, the most often first. */
  get totals(): CallTotal[] {
    return [...this.#totals.values()].sort((a, b) => b.count - a.count);
  }

  /** Takes what has happened, whatever it is. */
  add(event: Event): void {
    switch (event.what) {
      case "turn":
        this.#beginTurn();
        break;
      case "asleep":
        this.state = "asleep";
        this.timers = event.timers;
        this.readers = event.readers;
        this.writers = event.writers;
        break;
      case "call":
        // The first calls come before any turn was told of.
        if (this.state !== "calling") this.#beginTurn();
        this.#begin(event);
        break;
      case "call over":
        this.#finish(event.time);
        break;
      case "connected":
      case "received":
      case "closed":
        if (this.#open === undefined) break;
        this.#open.port = event.port;
        if (event.what === "received") this.#open.bytes += event.count;
    }
  }

  #beginTurn(): void {
    this.turns++;
    this.state = "calling";
    this.calls = [];
  }

  #begin({ kind, name, time }: Event & { what: "call" }): void {
    this.#open = {
      kind,
      name,
      begin: time,
      end: undefined,
      port: undefined,
      bytes: 0,
    };
    this.calls.push(this.#open);
  }

  #finish(time: number): void {
    if (this.#open === undefined) return;
    const { kind, name, begin } = this.#open;
    this.#open.end = time;
    this.#open = undefined;
    const key = `${kind} ${name}`;
    const total = this.#totals.get(key) ??
      { kind, name, count: 0, total: 0, longest: 0 };
    total.count++;
    total.total += time - begin;
    total.longest = Math.max(total.longest, time - begin);
    this.#totals.set(key, total);
  }
}

/** Equal names together: `PoetryProtocol ×3`. */
export function counted(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) =>
    count === 1 ? name : `${name} ×${count}`
  );
}
