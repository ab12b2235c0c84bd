import type { Factory } from "../protocol/protocol.ts";
import type {
  ProtocolLike,
  PullProducer,
  PushProducer,
} from "../interfaces.ts";
import { ProtocolWrapper, type WrapperKeeper } from "./protocol_wrapper.ts";

/**
 * A factory that counts bytes.
 * @category Policies
 */
export interface BandwidthKeeper extends WrapperKeeper {
  /** Counts received bytes. */
  registerRead(length: number): void;
  /** Counts written bytes. */
  registerWritten(length: number): void;
}

/**
 * A `ThrottlingFactory`'s wrapper: Twisted's `ThrottlingProtocol`.
 * @category Policies
 */
export class ThrottlingProtocol extends ProtocolWrapper {
  #keeper: BandwidthKeeper;
  #pausedByProtocol = false;
  #pausedByLimit = false;
  #producer: GatedProducer | undefined;

  /** Wraps a protocol. */
  constructor(
    factory: Factory & BandwidthKeeper,
    wrappedProtocol: ProtocolLike,
  ) {
    super(factory, wrappedProtocol);
    this.#keeper = factory;
  }

  /** Sends bytes, and counts them. */
  override write(data: Uint8Array): void {
    super.write(data);
    this.#keeper.registerWritten(data.length);
  }

  /** Sends several arrays, and counts them. */
  override writeSequence(data: Iterable<Uint8Array>): void {
    const pieces = [...data];
    super.writeSequence(pieces);
    const size = pieces.reduce((sum, { length }) => sum + length, 0);
    this.#keeper.registerWritten(size);
  }

  /** Counts bytes, and forwards them. */
  override dataReceived(data: Uint8Array): void {
    this.#keeper.registerRead(data.length);
    return super.dataReceived(data);
  }

  /** Pauses reading. */
  override pauseProducing(): void {
    this.#pausedByProtocol = true;
    super.pauseProducing();
  }

  /** Resumes reading, once the limit allows it. */
  override resumeProducing(): void {
    this.#pausedByProtocol = false;
    if (!this.#pausedByLimit) super.resumeProducing();
  }

  /** Pauses reading for the limit. */
  throttleReads(): void {
    this.#pausedByLimit = true;
    super.pauseProducing();
  }

  /** Resumes reading, unless the protocol has paused it. */
  unthrottleReads(): void {
    this.#pausedByLimit = false;
    if (!this.#pausedByProtocol) super.resumeProducing();
  }

  /** Registers it for the limit to pause. */
  override registerProducer(
    producer: PullProducer | PushProducer,
    streaming: boolean,
  ): void {
    const gated = new GatedProducer(producer, streaming);
    const before = this.#producer;
    // First: a pull producer may write everything, and be unregistered, at once.
    this.#producer = gated;
    try {
      super.registerProducer(gated, streaming);
    } catch (error) {
      this.#producer = before;
      throw error;
    }
  }

  /** Unregisters the producer. */
  override unregisterProducer(): void {
    this.#producer = undefined;
    super.unregisterProducer();
  }

  /** Pauses the producer for the limit. */
  throttleWrites(): void {
    return this.#producer?.close();
  }

  /** Resumes the producer, unless the transport has paused it. */
  unthrottleWrites(): void {
    return this.#producer?.open();
  }
}

/**
 * Runs while transport and limit allow it. Returns what its methods return: the caller
 * handles a promise's rejection.
 */
class GatedProducer implements PushProducer {
  #producer: PullProducer | PushProducer;
  #streaming: boolean;
  #isOpen = true;
  /** A pull producer's lasts for one call. */
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
    this.#wanted = this.#streaming;
    return this.#producer.resumeProducing();
  }

  #pause(): void {
    if (this.#streaming && "pauseProducing" in this.#producer) {
      return this.#producer.pauseProducing();
    }
  }
}
