import type { Transport } from "../../interfaces.ts";

/**
 * A transport's readable side. It buffers nothing: the transport is paused unless a read
 * is pending, which is backpressure on the peer.
 */
export class ReadableSide {
  readonly stream: ReadableStream<Uint8Array>;
  /** Cancelled: what arrives is discarded. Ended: closed or failed. */
  #state: "open" | "cancelled" | "ended" = "open";
  readonly #transport: Transport;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  /** @param onCancel called when it was cancelled */
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

  receive(data: Uint8Array): void {
    if (this.#state !== "open") return;
    // Before the call, in which the next read may begin.
    this.#transport.pauseProducing();
    this.#controller.enqueue(data);
  }

  /** Nothing is missing. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#controller.close();
  }

  /** Something may be missing. */
  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#controller.error(error);
  }
}
