/**
 * What all protocols have in common that cut what arrives into messages.
 *
 * @module
 */

import { log } from "../../defer/mod.ts";
import { catchRejection } from "../loop/call_user.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { Protocol } from "../protocol/protocol.ts";
import { ByteBuffer } from "./byte_buffer.ts";

/**
 * A protocol that gathers what arrives until it makes up a message. However the
 * bytes were cut on their way, a subclass hands on the same messages: all at
 * once or byte by byte, it makes the same calls in the same order.
 *
 * Nothing is handed on while it is paused, and nothing once the connection was
 * told to close.
 */
export abstract class BufferingProtocol extends Protocol {
  /** What has arrived and was not yet handed on. */
  protected readonly buffer: ByteBuffer = new ByteBuffer();
  #paused = false;
  /** Whether messages are being handed on, further up the stack. */
  #busy = false;
  /** Promises of receivers that are asynchronous, until they are handed up. */
  #promises: Promise<unknown>[] = [];

  /** Whether it hands nothing on, since `pauseProducing()` was called last. */
  get paused(): boolean {
    return this.#paused;
  }

  /** How many bytes have arrived and were not yet handed on. */
  get bufferedBytes(): number {
    return this.buffer.length;
  }

  /**
   * Hands one message on, or takes one step towards it.
   *
   * @returns whether it could; `false` if more bytes are needed
   */
  protected abstract parse(): boolean;

  /**
   * Takes bytes in, and hands on what messages they make.
   *
   * @param data the bytes, cut anywhere
   */
  override dataReceived(data: Uint8Array): void {
    this.buffer.add(data);
    return this.#parseAll();
  }

  /** Hands nothing more on, and lets nothing more come, for a while. */
  pauseProducing(): void {
    this.#paused = true;
    this.transport?.pauseProducing();
  }

  /** Goes on after `pauseProducing()`, with what has arrived meanwhile first. */
  resumeProducing(): void {
    this.#paused = false;
    this.transport?.resumeProducing();
    this.handOn();
  }

  /** Ends the connection. */
  stopProducing(): void {
    this.#paused = true;
    this.transport?.stopProducing();
  }

  /**
   * Takes what a receiver has returned: where that is a promise, whoever called
   * `dataReceived` gets it, to hear of its rejection.
   *
   * @param result what the receiver returned
   */
  protected handUp(result: unknown): void {
    if (result instanceof Promise) this.#promises.push(result);
  }

  /**
   * Hands on what messages there are, outside of `dataReceived`. Whoever called
   * takes no promise of a receiver: if one is rejected, the log is told, and the
   * connection ends.
   */
  protected handOn(): void {
    this.#watch(this.#parseAll());
  }

  #watch(result: unknown): void {
    catchRejection(
      log,
      `a receiver of ${logPrefixOf(this)}`,
      result,
      () => this.transport?.abortConnection(),
    );
  }

  #parseAll(): void {
    // What a message's receiver feeds in is handed on after that message.
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (!this.#paused && !this.#isClosed() && this.parse());
      // Nobody will ask for it any more, and a peer could go on sending.
      if (this.#isClosed()) this.buffer.takeAll();
    } catch (error) {
      // Nobody gets the promises of the receivers before, which may be rejected.
      for (const promise of this.#promises.splice(0)) this.#watch(promise);
      throw error;
    } finally {
      this.#busy = false;
      this.buffer.settle();
    }
    return this.#handUpAll();
  }

  #handUpAll(): void {
    if (this.#promises.length === 0) return;
    const promises = this.#promises.splice(0);
    const all: () => void = () => Promise.all(promises);
    return all();
  }

  #isClosed(): boolean {
    // A protocol may be fed without a connection, to be tried out.
    const { transport } = this;
    return transport !== undefined &&
      (transport.disconnecting || !transport.connected);
  }
}
