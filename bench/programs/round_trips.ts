/**
 * What goes to and fro when round trips are timed.
 *
 * @module
 */

/** What is sent at a time, and comes back. */
export const PING = new Uint8Array(16).fill(0x2e);

/** How many round trips make one figure. */
const ROUND_TRIPS = 20_000;

/** A message of two writes, which gets an answer when all of it has come. */
export const HEADER = new Uint8Array(16).fill(0x68);
export const BODY = new Uint8Array(1000).fill(0x62);
export const ANSWER = new Uint8Array(16).fill(0x61);

/** How many such messages make one figure. */
const MESSAGES = 2_000;

/** What a figure may be: times in microseconds, or round trips a second. */
const FIGURES: Record<string, (times: Float64Array) => number> = {
  rate: (times) =>
    1e6 / (times.reduce((sum, time) => sum + time) / times.length),
  median: (times) => times.toSorted()[Math.floor(times.length / 2)] ?? NaN,
  p99: (times) => times.toSorted()[Math.floor(times.length * 0.99)] ?? NaN,
};

/** Times round trips over one connection, one after the other. */
export class Stopwatch {
  readonly #figure: (times: Float64Array) => number;
  readonly #times: Float64Array;
  #count = 0;
  #last = 0;

  /**
   * @param what what is sent: `"pings"` or `"messages"`
   * @param figure what is to come out: `"rate"`, `"median"` or `"p99"`
   */
  constructor(what: string | undefined, figure: string | undefined) {
    const compute = FIGURES[figure ?? ""];
    if (compute === undefined) throw new Error(`There is no figure ${figure}`);
    this.#figure = compute;
    this.#times = new Float64Array(what === "pings" ? ROUND_TRIPS : MESSAGES);
  }

  start(): void {
    this.#count = 0;
    this.#last = performance.now();
  }

  /** One more round trip is over. Whether it was the last one. */
  lap(): boolean {
    const now = performance.now();
    this.#times[this.#count++] = (now - this.#last) * 1000;
    this.#last = now;
    return this.#count === this.#times.length;
  }

  get figure(): number {
    return this.#figure(this.#times);
  }
}
