/**
 * What the programs agree on that serve or read slow poems, and how those who serve
 * them are watched.
 *
 * @module
 */

import { poemBytes } from "./poem.ts";

/** How many poems are on their way at the same time. */
export const CLIENTS = 10_000;

/**
 * Each is sent in 11 pieces, over 20 seconds. So all clients together are sent 5,000
 * pieces a second.
 */
export const PACE = { numBytes: 300, delay: 2 };

/** The poem. */
export const POEM = poemBytes();

/** How long a server goes on, with everybody there, before its memory is measured. */
const REST_SECONDS = 1;

/** The timers whose lateness is measured: how many there are, and from one to the next. */
const TIMERS = 6_000;
const STEP_SECONDS = 0.01;

/** Says what a server says to where nobody reads it. */
export function logNowhere(): (line: string) => void {
  const nowhere = Deno.openSync("/dev/null", { write: true });
  const encoder = new TextEncoder();
  return (line) => nowhere.writeSync(encoder.encode(`${line}\n`));
}

/** Watches a server from inside. */
export class Observer {
  readonly #callLater: (seconds: number, fn: () => void) => void;
  #came = 0;
  #left = 0;
  #memoryBefore = 0;
  #latenesses: number[] = [];
  #everybodyCame = Promise.withResolvers<void>();
  #everybodyLeft = Promise.withResolvers<void>();

  /** @param callLater what the server sets its own timers with */
  constructor(callLater: (seconds: number, fn: () => void) => void) {
    this.#callLater = callLater;
  }

  /** A client has come. */
  opened(): void {
    if (this.#came === 0) this.#start();
    this.#came++;
    if (this.#came === CLIENTS) this.#everybodyCame.resolve();
  }

  /** A client has left. */
  closed(): void {
    this.#left++;
    if (this.#left === CLIENTS) this.#everybodyLeft.resolve();
  }

  /** The figure that an order asks for. */
  async figure(order: string): Promise<number> {
    return order === "memory" ? await this.#memory() : await this.#lateness();
  }

  #start(): void {
    this.#memoryBefore = Deno.memoryUsage().rss;
    // All are set now, each for a time of its own: a server that is busy for a while is
    // late for each of them in that while.
    for (let timer = 1; timer <= TIMERS; timer++) {
      const seconds = timer * STEP_SECONDS;
      const due = performance.now() + seconds * 1000;
      this.#callLater(seconds, () => {
        if (this.#left === CLIENTS) return;
        this.#latenesses.push(performance.now() - due);
      });
    }
  }

  /** The resident memory that a connection has added, in KiB. */
  async #memory(): Promise<number> {
    await this.#everybodyCame.promise;
    await new Promise((resolve) => setTimeout(resolve, REST_SECONDS * 1000));
    if (this.#left > 0) {
      throw new Error("This machine is busy: the first client left too early");
    }
    return (Deno.memoryUsage().rss - this.#memoryBefore) / CLIENTS / 1024;
  }

  /** How late the timers were, in milliseconds: all but the latest of a hundred. */
  async #lateness(): Promise<number> {
    await this.#everybodyLeft.promise;
    const sorted = this.#latenesses.toSorted((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN;
  }
}
