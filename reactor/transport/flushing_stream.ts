/**
 * A stream with something to send before all else.
 *
 * @module
 */

import type { Address } from "../addresses.ts";
import type { ConnectionLost } from "../errors.ts";
import type { ReadinessObserver, Stream } from "../backend.ts";
import type { SendQueue } from "./send_queue.ts";

/**
 * A connection that sends what was written to it earlier, before it takes
 * anything new: what comes before TLS must not get behind it.
 */
export class FlushingStream implements Stream, ReadinessObserver {
  readonly #stream: Stream;
  readonly #queue: SendQueue;
  /** Whoever has to wait until all has gone. */
  #writer: ReadinessObserver | undefined;
  /** Set when all has gone, and the stream has room again. */
  #isFlushed = false;
  #whenFlushed: (() => void) | undefined;

  /**
   * Starts to send.
   *
   * @param stream the connection
   * @param queue what was written earlier
   */
  constructor(stream: Stream, queue: SendQueue) {
    this.#stream = stream;
    this.#queue = queue;
    stream.pollWrite(this);
  }

  /** Calls a function when all that was written earlier has gone; it may be now. */
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

  /** Nobody is told when there is something to read: it is who asks. */
  readable(): void {}

  /** For the connection: there is room for more of what was written earlier. */
  writable(): void {
    const piece = this.#queue.first();
    if (piece !== undefined) {
      const sent = this.#stream.send(piece);
      if (sent instanceof Error) this.#queue.clear();
      else this.#queue.drop(sent);
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
