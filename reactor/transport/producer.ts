import type { PullProducer, PushProducer } from "../interfaces.ts";

export class RegisteredProducer {
  /**
   * Producing: it may write. Paused: `pauseProducing()` was called. Requested:
   * `resumeProducing()` was, and it has not written since.
   */
  #state: "producing" | "paused" | "requested" = "producing";
  readonly #producer: PullProducer;
  /** Missing with a pull producer. */
  readonly #pause: (() => unknown) | undefined;

  /** @throws {TypeError} if a push producer cannot be paused */
  constructor(producer: PullProducer | PushProducer, streaming: boolean) {
    this.#producer = producer;
    if (!streaming) return;
    if (!("pauseProducing" in producer)) {
      throw new TypeError(
        "A producer that is registered as streaming must have a pauseProducing method, got one without",
      );
    }
    this.#pause = () => producer.pauseProducing();
  }

  /** Writes nothing before `resume()`. */
  get isWaiting(): boolean {
    return this.#state ===
      (this.#pause === undefined ? "producing" : "paused");
  }

  /** Whether a promised `resumeProducing()` must precede the end. */
  get mustDrain(): boolean {
    return this.#pause === undefined || this.#state !== "producing";
  }

  // Passes on what the producer returns: it may be a promise that is rejected.

  onWrite(tooMuch: boolean): unknown {
    const mustWait = tooMuch && this.#pause !== undefined;
    this.#state = mustWait ? "paused" : "producing";
    return mustWait ? this.#pause?.() : undefined;
  }

  resume(): unknown {
    this.#state = "requested";
    return this.#producer.resumeProducing();
  }

  stop(): unknown {
    return this.#producer.stopProducing();
  }
}
