/**
 * What is to be sent by a transport, as a web stream.
 *
 * @module
 */

import { ConnectionDone, ConnectionLost } from "../../errors.ts";
import type { PushProducer, Transport } from "../../interfaces.ts";

/** As much of its controller as a sink needs; Node's types don't know of `signal`. */
interface SinkController {
  error(error: unknown): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The writable side of a transport. It is the transport's producer: when that is
 * told to wait, the writer has to.
 */
export class WritableSide implements PushProducer {
  readonly stream: WritableStream<Uint8Array>;
  /**
   * Closing: the writer has closed it, and what was written is still being sent.
   * Ended: nothing can be written any more.
   */
  #state: "open" | "closing" | "ended" = "open";
  readonly #transport: Transport;
  readonly #onClose: () => void;
  #controller!: SinkController;
  /** Whether the transport has told it to wait. */
  #isPaused = false;
  /** Whether the transport takes no producer any more. */
  #isStopped = false;
  /** Settles the write or the close that is under way. */
  #pending: { resolve(): void; reject(error: unknown): void } | undefined;

  /**
   * @param transport what sends
   * @param onClose called when the writer has closed the stream
   * @throws {Error} if the transport has a producer
   */
  constructor(transport: Transport, onClose: () => void) {
    this.#transport = transport;
    this.#onClose = onClose;
    this.stream = new WritableStream({
      start: (controller: SinkController) => {
        this.#controller = controller;
        // The stream itself would first wait for a write that is under way.
        controller.signal?.addEventListener("abort", () => {
          this.#abort(controller.signal?.reason);
        });
      },
      write: (piece) => this.#write(piece),
      close: () => this.#close(),
      abort: (reason) => this.#abort(reason),
    });
    transport.registerProducer(this, true);
    if (this.#isStopped) {
      this.fail(
        new ConnectionLost(
          "The connection takes nothing more to send: it is over, or this half of it is closed",
        ),
      );
    }
  }

  /** Whether nothing more will be written. */
  get isClosed(): boolean {
    return this.#state !== "open";
  }

  // --- What the transport calls

  pauseProducing(): void {
    this.#isPaused = true;
  }

  resumeProducing(): void {
    this.#isPaused = false;
    // A producer that was told to go on keeps the connection from being closed
    // until it does so. The writer may have nothing more to write.
    this.#transport.unregisterProducer();
    this.#transport.registerProducer(this, true);
    this.#pending?.resolve();
  }

  stopProducing(): void {
    this.#isStopped = true;
  }

  /** The half on which data go is closed, and everything was sent. */
  end(): void {
    if (this.#state !== "closing") {
      return this.fail(
        new ConnectionDone("This half of the connection was closed"),
      );
    }
    this.#state = "ended";
    this.#pending?.resolve();
  }

  /** Nothing can be sent any more, and something may not have been. */
  fail(error: unknown): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#pending?.reject(error);
    this.#controller.error(error);
  }

  // --- What the stream calls

  async #write(piece: Uint8Array): Promise<void> {
    // Not only the pieces before this one: a limit can be against it as well.
    if (this.#isPaused) await this.#wait();
    try {
      this.#transport.write(piece);
    } catch (error) {
      // The peer must not take what came before for all there is.
      this.#transport.abortConnection();
      throw error;
    }
    if (this.#isPaused) await this.#wait();
  }

  #close(): Promise<void> {
    const sent = this.#wait();
    this.#state = "closing";
    this.#transport.unregisterProducer();
    this.#transport.loseWriteConnection();
    this.#onClose();
    return sent;
  }

  #abort(reason: unknown): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#pending?.reject(reason);
    this.#transport.abortConnection();
  }

  /** Waits for the transport. The stream does one thing at a time. */
  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
    });
  }
}
