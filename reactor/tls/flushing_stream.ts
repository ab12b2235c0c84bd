/**
 * A stream with something to send before all else.
 *
 * @module
 */

import type { Address } from "../addresses.ts";
import type { ConnectionLost } from "../errors.ts";
import type { ReadinessObserver, Stream } from "../interfaces.ts";
import type { SendQueue } from "../tcp/send_queue.ts";

/**
 * A connection that sends what was written to it earlier, before it takes
 * anything new: what comes before TLS must not get behind it.
 */
export class FlushingStream implements Stream {
  readonly #stream: Stream;
  readonly #queue: SendQueue;

  /**
   * @param stream the connection
   * @param queue what was written earlier
   */
  constructor(stream: Stream, queue: SendQueue) {
    this.#stream = stream;
    this.#queue = queue;
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
    this.#stream.pollWrite(observer);
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    return this.#stream.receive(max);
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    const earlier = this.#queue.first();
    if (earlier === undefined) return this.#stream.send(bytes);
    const sent = this.#stream.send(earlier);
    if (sent instanceof Error) return sent;
    this.#queue.drop(sent);
    return 0;
  }

  endWrite(): void {
    this.#stream.endWrite?.();
  }

  close(): void {
    this.#stream.close();
  }

  abort(): void {
    this.#stream.abort();
  }
}
