import { Failure } from "../../defer/mod.ts";
import { ConnectionDone, ConnectionLost } from "../errors.ts";
import type { ProtocolLike, PushProducer, Transport } from "../interfaces.ts";
import { markReported } from "../loop/call_user.ts";

/** A transport's protocol, or web streams. */
export type Receiver = Omit<ProtocolLike, "makeConnection">;

/** More than EOF needs to get through piped streams to the code behind a `for await`. */
const MICROTASKS_UNTIL_EOF_IS_READ = 200;

/** Between a transport and its protocol: forwards what the streams don't need. */
export class WebStreams implements Receiver {
  readonly #transport: Transport;
  readonly #protocol: () => ProtocolLike | undefined;
  #incoming: ReadableSide | undefined;
  #outgoing: WritableSide | undefined;
  #reason: Failure | undefined;

  constructor(transport: Transport, protocol: () => ProtocolLike | undefined) {
    this.#transport = transport;
    this.#protocol = protocol;
  }

  get isRead(): boolean {
    return this.#incoming !== undefined;
  }

  get readable(): ReadableStream<Uint8Array> {
    if (this.#incoming === undefined) {
      const onCancel = () => this.#cancelled();
      this.#incoming = new ReadableSide(this.#transport, onCancel);
      this.#endIncoming();
    }
    return this.#incoming.stream;
  }

  get writable(): WritableStream<Uint8Array> {
    if (this.#outgoing === undefined) {
      this.#outgoing = new WritableSide(this.#transport, () => this.#closed());
      this.#endOutgoing();
    }
    return this.#outgoing.stream;
  }

  // --- What the transport calls

  dataReceived(data: Uint8Array): void {
    if (this.#incoming !== undefined) return this.#incoming.receive(data);
    return this.#protocol()?.dataReceived(data);
  }

  readConnectionLost(): void {
    this.#incoming?.end();
    const protocol = this.#protocol();
    if (protocol?.readConnectionLost !== undefined) {
      return protocol.readConnectionLost();
    }
    if (this.#outgoing === undefined) void this.#closeUnlessWritable();
  }

  writeConnectionLost(): void {
    this.#outgoing?.end();
    return this.#protocol()?.writeConnectionLost?.();
  }

  connectionLost(reason: Failure): void {
    this.#reason = reason;
    markReported(reason.value);
    this.#endIncoming();
    this.#endOutgoing();
    return this.#protocol()?.connectionLost(reason);
  }

  #endIncoming(): void {
    const reason = this.#whyOver();
    if (reason === undefined) return;
    if (reason.check(ConnectionDone)) this.#incoming?.end();
    else this.#incoming?.fail(reason.value);
  }

  #endOutgoing(): void {
    const reason = this.#whyOver();
    if (reason === undefined) return;
    const isSent = reason.check(ConnectionDone) && this.#outgoing?.isClosed;
    if (isSent) this.#outgoing?.end();
    else this.#outgoing?.fail(reason.value);
  }

  #whyOver(): Failure | undefined {
    if (this.#reason !== undefined) return this.#reason;
    if (this.#transport.connected) return undefined;
    const message = "The connection was over before its stream was asked for";
    return new Failure(new ConnectionLost(message));
  }

  #cancelled(): void {
    if (this.#outgoing === undefined || this.#outgoing.isClosed) {
      this.#transport.loseConnection();
    } else {
      // A peer that sends all before it reads would wait for ever.
      this.#transport.resumeProducing();
    }
  }

  #closed(): void {
    if (this.#incoming?.isCancelled) this.#transport.loseConnection();
  }

  /**
   * Closes the connection after the peer's half-close; but first the reader can see EOF,
   * and write an answer, or use `writable` for it.
   */
  async #closeUnlessWritable(): Promise<void> {
    for (let step = 0; step < MICROTASKS_UNTIL_EOF_IS_READ; step++) {
      await undefined;
    }
    if (this.#outgoing === undefined) this.#transport.loseConnection();
  }
}

/** A transport's readable side, without a buffer: paused unless a read is pending. */
class ReadableSide {
  readonly stream: ReadableStream<Uint8Array>;
  /** Cancelled: what arrives is discarded. Ended: closed or failed. */
  #state: "open" | "cancelled" | "ended" = "open";
  readonly #transport: Transport;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

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

/** What a sink needs of its controller; Node's types lack `signal`. */
interface SinkController {
  error(error: unknown): void;
  readonly signal?: AbortSignal | undefined;
}

/** A transport's writable side, and its producer: while it is paused, writes wait. */
class WritableSide implements PushProducer {
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

  /** @throws {Error} if the transport has a producer */
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
      const message =
        "The connection takes nothing more to send: it is over, or this half of it is closed";
      this.fail(new ConnectionLost(message));
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

  /** Everything is sent. */
  end(): void {
    if (this.#state !== "closing") {
      const message = "This half of the connection was closed";
      return this.fail(new ConnectionDone(message));
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
