/**
 * The wrapper that counts bytes, and holds them up.
 *
 * @module
 */

import type { Factory } from "../protocol/protocol.ts";
import type {
  ProtocolLike,
  PullProducer,
  PushProducer,
} from "../interfaces.ts";
import { ProtocolWrapper, type WrapperKeeper } from "./protocol_wrapper.ts";

/** A factory that is told how many bytes there are. */
export interface BandwidthKeeper extends WrapperKeeper {
  /**
   * Bytes were received.
   *
   * @param length how many
   */
  registerRead(length: number): void;
  /**
   * Bytes were written.
   *
   * @param length how many
   */
  registerWritten(length: number): void;
}

/** The wrapper of a `ThrottlingFactory`: Twisted's `ThrottlingProtocol`. */
export class ThrottlingProtocol extends ProtocolWrapper {
  #keeper: BandwidthKeeper;
  /** Bytes come only where neither the protocol nor the limit is against it. */
  #pausedByProtocol = false;
  #pausedByLimit = false;
  #producer: GatedProducer | undefined;

  /**
   * Wraps a protocol.
   *
   * @param factory is told how many bytes there are
   * @param wrappedProtocol the protocol
   */
  constructor(
    factory: Factory & BandwidthKeeper,
    wrappedProtocol: ProtocolLike,
  ) {
    super(factory, wrappedProtocol);
    this.#keeper = factory;
  }

  /**
   * Sends bytes, and counts them.
   *
   * @param data the bytes
   */
  override write(data: Uint8Array): void {
    super.write(data);
    this.#keeper.registerWritten(data.length);
  }

  /**
   * Sends the bytes of several arrays, and counts them.
   *
   * @param data the arrays
   */
  override writeSequence(data: Iterable<Uint8Array>): void {
    const pieces = [...data];
    super.writeSequence(pieces);
    const size = pieces.reduce((sum, { length }) => sum + length, 0);
    this.#keeper.registerWritten(size);
  }

  /**
   * Counts bytes, and passes them on.
   *
   * @param data the bytes
   */
  override dataReceived(data: Uint8Array): void {
    this.#keeper.registerRead(data.length);
    return super.dataReceived(data);
  }

  /** Lets nothing more come until `resumeProducing()`. */
  override pauseProducing(): void {
    this.#pausedByProtocol = true;
    super.pauseProducing();
  }

  /** Lets bytes come again, as soon as the limit allows it. */
  override resumeProducing(): void {
    this.#pausedByProtocol = false;
    if (!this.#pausedByLimit) super.resumeProducing();
  }

  /** Lets nothing come: there was too much. */
  throttleReads(): void {
    this.#pausedByLimit = true;
    super.pauseProducing();
  }

  /** Lets bytes come again, unless the protocol has paused. */
  unthrottleReads(): void {
    this.#pausedByLimit = false;
    if (!this.#pausedByProtocol) super.resumeProducing();
  }

  /**
   * Takes what is going to write, as fast as the limit allows it.
   *
   * @param producer what is going to write
   * @param streaming whether it goes on by itself
   */
  override registerProducer(
    producer: PullProducer | PushProducer,
    streaming: boolean,
  ): void {
    const gated = new GatedProducer(producer, streaming);
    const before = this.#producer;
    // First, since it may write all it has, and be forgotten again, at once.
    this.#producer = gated;
    try {
      super.registerProducer(gated, streaming);
    } catch (error) {
      this.#producer = before;
      throw error;
    }
  }

  /** Forgets the producer. */
  override unregisterProducer(): void {
    this.#producer = undefined;
    super.unregisterProducer();
  }

  /** Lets the producer wait, if there is one: there was too much. */
  throttleWrites(): void {
    return this.#producer?.close();
  }

  /** Lets the producer go on. */
  unthrottleWrites(): void {
    return this.#producer?.open();
  }
}

/**
 * A producer that goes on only where neither side is against it. What its methods
 * return is handed on: if it is a promise, whoever called must hear of its
 * rejection.
 */
class GatedProducer implements PushProducer {
  #producer: PullProducer | PushProducer;
  #streaming: boolean;
  #isOpen = true;
  /** Whether the transport wants it to write, or has asked for a piece. */
  #wanted: boolean;

  constructor(producer: PullProducer | PushProducer, streaming: boolean) {
    this.#producer = producer;
    this.#streaming = streaming;
    this.#wanted = streaming;
  }

  resumeProducing(): void {
    this.#wanted = true;
    if (this.#isOpen) return this.#resume();
  }

  pauseProducing(): void {
    this.#wanted = false;
    return this.#pause();
  }

  stopProducing(): void {
    this.#wanted = false;
    return this.#producer.stopProducing();
  }

  close(): void {
    this.#isOpen = false;
    if (this.#wanted) return this.#pause();
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    if (this.#wanted) return this.#resume();
  }

  #resume(): void {
    // A piece that is asked for is asked for once.
    this.#wanted = this.#streaming;
    return this.#producer.resumeProducing();
  }

  #pause(): void {
    if (this.#streaming && "pauseProducing" in this.#producer) {
      return this.#producer.pauseProducing();
    }
  }
}
