import { log } from "../../defer/mod.ts";
import { catchRejection } from "../loop/call_user.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { Protocol } from "../protocol/protocol.ts";
import { ByteBuffer } from "./byte_buffer.ts";

/**
 * Buffers what arrives until it is a whole message. However the bytes were fragmented,
 * the messages are the same, but none is delivered while paused or once the connection is
 * closing.
 * @category Protocols
 */
export abstract class BufferingProtocol extends Protocol {
  /** Arrived, not delivered yet. */
  protected readonly buffer: ByteBuffer = new ByteBuffer();
  #paused = false;
  /** Whether `deliver` is on the stack: it does a re-entrant call's work. */
  #busy = false;
  #promises: Promise<unknown>[] = [];

  /** Whether delivery is paused. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Bytes not delivered yet. */
  get bufferedBytes(): number {
    return this.buffer.length;
  }

  /** Delivers a message, or takes a step towards it; `false` if it needs more bytes. */
  protected abstract parse(): boolean;

  /** Delivers the complete messages. */
  override dataReceived(data: Uint8Array): void {
    // Within a receiver, who adds bytes gets them back before they are delivered.
    this.buffer.add(this.#busy && this.releasesData ? data.slice() : data);
    return this.#deliverAll();
  }

  /** Pauses delivery and the transport. */
  pauseProducing(): void {
    this.#paused = true;
    this.transport?.pauseProducing();
  }

  /** What is buffered comes first. */
  resumeProducing(): void {
    this.#paused = false;
    this.transport?.resumeProducing();
    this.deliver();
  }

  /** Ends the connection. */
  stopProducing(): void {
    this.#paused = true;
    this.transport?.stopProducing();
  }

  /** Has `dataReceived` return a receiver's promise: its caller handles the rejection. */
  protected keepPromise(result: unknown): void {
    if (result instanceof Promise) this.#promises.push(result);
  }

  /**
   * Delivers outside of `dataReceived`, whose caller would take the receivers' promises:
   * here a rejection is logged, and aborts the connection.
   */
  protected deliver(): void {
    this.#logRejection(this.#deliverAll());
  }

  #logRejection(result: unknown): void {
    catchRejection(
      log,
      `a receiver of ${logPrefixOf(this)}`,
      result,
      () => this.transport?.abortConnection(),
    );
  }

  #deliverAll(): void {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (!this.#paused && !this.#isClosed() && this.parse());
      // Never delivered, and the peer may go on sending.
      if (this.#isClosed()) this.buffer.takeAll();
    } catch (error) {
      // The caller gets the error, and not the earlier receivers' promises.
      for (const promise of this.#promises.splice(0)) {
        this.#logRejection(promise);
      }
      throw error;
    } finally {
      this.#busy = false;
      this.buffer.settle(this.releasesData);
    }
    return this.#returnPromises();
  }

  #returnPromises(): void {
    if (this.#promises.length === 0) return;
    const all: () => void = () => Promise.all(this.#promises.splice(0));
    return all();
  }

  #isClosed(): boolean {
    // Tests feed protocols without a transport.
    const { transport } = this;
    return transport !== undefined &&
      (transport.disconnecting || !transport.connected);
  }
}
