import { ConnectionDone, ConnectionLost } from "../../errors.ts";
import type { PushProducer, Transport } from "../../interfaces.ts";

/** What a sink needs of its controller; Node's types lack `signal`. */
interface SinkController {
  error(error: unknown): void;
  readonly signal?: AbortSignal | undefined;
}

/** A transport's writable side, and its producer: while it is paused, writes wait. */
export class WritableSide implements PushProducer {
  readonly stream: WritableStream<Uint8Array>;
  /** Closing: what was written is being sent. Ended: closed, failed or aborted. */
  #state: "open" | "closing" | "ended" = "open";
  readonly #transport: Transport;
  readonly #onClose: () => void;
  #controller!: SinkController;
  #isPaused = false;
  #isStopped = false;
  /** The pending write or close; the stream does one at a time. */
  #pending: { resolve(): void; reject(error: unknown): void } | undefined;

  /**
   * @param onClose called when it was closed
   * @throws {Error} if the transport has a producer
   */
  constructor(transport: Transport, onClose: () => void) {
    this.#transport = transport;
    this.#onClose = onClose;
    this.stream = new WritableStream({
      start: (controller: SinkController) => {
        this.#controller = controller;
        // `abort` below is called only after a pending write.
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

  get isClosed(): boolean {
    return this.#state !== "open";
  }

  // --- What the transport calls

  pauseProducing(): void {
    this.#isPaused = true;
  }

  resumeProducing(): void {
    this.#isPaused = false;
    // A resumed producer holds up the connection's end until it writes, and there may be
    // nothing to write: so it is registered anew.
    this.#transport.unregisterProducer();
    this.#transport.registerProducer(this, true);
    this.#pending?.resolve();
  }

  stopProducing(): void {
    this.#isStopped = true;
  }

  /** This half is closed, and everything sent. */
  end(): void {
    if (this.#state !== "closing") {
      return this.fail(
        new ConnectionDone("This half of the connection was closed"),
      );
    }
    this.#state = "ended";
    this.#pending?.resolve();
  }

  /** Something may not have been sent. */
  fail(error: unknown): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#pending?.reject(error);
    this.#controller.error(error);
  }

  // --- What the stream calls

  async #write(piece: Uint8Array): Promise<void> {
    // Others can pause it as well, like a limit of bandwidth.
    if (this.#isPaused) await this.#wait();
    try {
      this.#transport.write(piece);
    } catch (error) {
      // To the peer this must not look like a clean end.
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

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
    });
  }
}
