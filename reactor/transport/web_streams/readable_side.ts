/**
 * What arrives at a transport, as a web stream.
 *
 * @module
 */

import type { Transport } from "../../interfaces.ts";

/**
 * The readable side of a transport. It keeps nothing: the transport receives a
 * piece when somebody reads one, and is paused otherwise, so that the peer has to
 * wait with the reader.
 */
export class ReadableSide {
  readonly stream: ReadableStream<Uint8Array>;
  /**
   * Cancelled: nobody wants what arrives, and it is thrown away. Ended: nothing
   * arrives any more.
   */
  #state: "open" | "cancelled" | "ended" = "open";
  readonly #transport: Transport;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  /**
   * @param transport what receives
   * @param onCancel called when the reader wants nothing more
   */
  constructor(transport: Transport, onCancel: () => void) {
    this.#transport = transport;
    transport.pauseProducing();
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => transport.resumeProducing(),
      cancel: () => {
        this.#state = "cancelled";
        onCancel();
      },
    }, { highWaterMark: 0 });
  }

  get isCancelled(): boolean {
    return this.#state === "cancelled";
  }

  /** Hands a piece to the reader who has asked for it. */
  receive(data: Uint8Array): void {
    if (this.#state !== "open") return;
    // First: the reader may ask for the next piece within the call.
    this.#transport.pauseProducing();
    this.#controller.enqueue(data);
  }

  /** Nothing more arrives, and nothing is missing. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#controller.close();
  }

  /** Nothing more arrives, and something may be missing. */
  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#controller.error(error);
  }
}
