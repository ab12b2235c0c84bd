import type { Address } from "../addresses.ts";
import type { ReadinessObserver, Stream } from "../backend.ts";
import type { ConnectionLost } from "../errors.ts";
import type { SendQueue } from "./send_queue.ts";

/** What was written before TLS must not be sent behind its handshake. */
export class FlushingStream implements Stream, ReadinessObserver {
  readonly #stream: Stream;
  readonly #queue: SendQueue;
  #writer: ReadinessObserver | undefined;
  /** All is sent, and the stream has room again. */
  #isFlushed = false;
  #whenFlushed: (() => void) | undefined;

  constructor(stream: Stream, queue: SendQueue) {
    this.#stream = stream;
    this.#queue = queue;
    stream.pollWrite(this);
  }

  whenFlushed(fn: () => void): void {
    if (this.#isFlushed) fn();
    else this.#whenFlushed = fn;
  }

  get localAddress(): Address {
    return this.#stream.localAddress;
  }

  get remoteAddress(): Address {
    return this.#stream.remoteAddress;
  }

  get lost(): ConnectionLost | undefined {
    return this.#isFlushed ? this.#stream.lost : undefined;
  }

  pollRead(observer: ReadinessObserver): void {
    this.#stream.pollRead(observer);
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#isFlushed) this.#stream.pollWrite(observer);
    else this.#writer = observer;
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    return this.#stream.receive(max);
  }

  release(): void {
    this.#stream.release?.();
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    return this.#isFlushed ? this.#stream.send(bytes) : 0;
  }

  checkSent(): void {
    this.#stream.checkSent?.();
  }

  endWrite(): void {
    this.#stream.endWrite?.();
  }

  setNoDelay(enabled: boolean): void {
    this.#stream.setNoDelay?.(enabled);
  }

  setKeepAlive(enabled: boolean): void {
    this.#stream.setKeepAlive?.(enabled);
  }

  close(): void {
    this.#stream.close();
  }

  abort(): void {
    this.#stream.abort();
  }

  /** The reader itself polls. */
  readable(): void {}

  writable(): void {
    const piece = this.#queue.peek();
    if (piece !== undefined) {
      const sent = this.#stream.send(piece);
      if (sent instanceof Error) this.#queue.clear();
      else this.#queue.consume(sent);
      this.#stream.pollWrite(this);
      return;
    }
    this.#isFlushed = true;
    this.#whenFlushed?.();
    const writer = this.#writer;
    this.#writer = undefined;
    if (writer !== undefined) this.#stream.pollWrite(writer);
  }
}
