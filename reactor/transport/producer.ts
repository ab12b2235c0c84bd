/**
 * A producer that is registered with a transport.
 *
 * @module
 */

import type { PullProducer, PushProducer } from "../interfaces.ts";

/** What gives a transport its data, and what it has been told last. */
export class RegisteredProducer {
  /**
   * Giving: it has given out something, and may give more. Paused: it was told
   * to wait. Asked: it was told to go on, and nothing has come since.
   */
  #state: "giving" | "paused" | "asked" = "giving";
  readonly #producer: PullProducer;
  /** Tells it to wait; only what gives out data by itself can be. */
  readonly #pause: (() => unknown) | undefined;

  /**
   * @param producer whom to tell
   * @param streaming whether it gives out data by itself
   * @throws {TypeError} if it does, and cannot be told to wait
   */
  constructor(producer: PullProducer | PushProducer, streaming: boolean) {
    this.#producer = producer;
    if (!streaming) return;
    if (!("pauseProducing" in producer)) {
      throw new TypeError(
        "A producer that gives out data by itself needs a pauseProducing method",
      );
    }
    this.#pause = () => producer.pauseProducing();
  }

  /** Whether nothing comes of it before it is told to go on. */
  get isWaiting(): boolean {
    return this.#state === (this.#pause === undefined ? "giving" : "paused");
  }

  /** Whether it was promised that it can go on before the connection closes. */
  get isAwaited(): boolean {
    return this.#pause === undefined || this.#state !== "giving";
  }

  // What the producer returns is handed on: it may be a promise that fails.

  /** It has given out something; if that was too much, it is told to wait. */
  gave(tooMuch: boolean): unknown {
    const mustWait = tooMuch && this.#pause !== undefined;
    this.#state = mustWait ? "paused" : "giving";
    return mustWait ? this.#pause?.() : undefined;
  }

  /** Tells it to go on. */
  resume(): unknown {
    this.#state = "asked";
    return this.#producer.resumeProducing();
  }

  /** Tells it that nothing more is wanted. */
  stop(): unknown {
    return this.#producer.stopProducing();
  }
}
