import { type Deferred, Failure } from "../../defer/mod.ts";
import { CONNECTION_DONE } from "../errors.ts";
import { type Factory, Protocol } from "../protocol/protocol.ts";

/**
 * Waits for the first connection.
 * @category Testing
 */
export interface AccumulatingFactory {
  /** Fires with the first protocol, and is removed. */
  protocolConnectionMade?: Deferred<AccumulatingProtocol> | undefined;
}

/**
 * Keeps what it receives: Twisted's `AccumulatingProtocol`.
 * @category Testing
 */
export class AccumulatingProtocol extends Protocol {
  /** By `connectionMade`. */
  made = false;
  /** By `connectionLost`. */
  closed = false;
  /** From `connectionLost`. */
  closedReason: Failure | undefined;
  /** Set by a test: fires once, in `connectionLost`. */
  closedDeferred: Deferred<void> | undefined;
  #storage: Uint8Array = new Uint8Array(0);
  #length = 0;

  /** All received bytes. */
  get data(): Uint8Array {
    return this.#storage.subarray(0, this.#length);
  }

  /** Fires the factory's deferred. */
  override connectionMade(): void {
    this.made = true;
    const factory: (Factory & AccumulatingFactory) | undefined = this.factory;
    const waiting = factory?.protocolConnectionMade;
    if (factory === undefined || !waiting) return;
    factory.protocolConnectionMade = undefined;
    waiting.callback(this);
  }

  /** Keeps bytes. */
  override dataReceived(data: Uint8Array): void {
    const length = this.#length + data.length;
    if (length > this.#storage.length) {
      const larger = new Uint8Array(length * 2);
      larger.set(this.data);
      this.#storage = larger;
    }
    this.#storage.set(data, this.#length);
    this.#length = length;
  }

  /** Fires `closedDeferred`. */
  override connectionLost(
    reason: Failure = new Failure(CONNECTION_DONE),
  ): void {
    this.closed = true;
    this.closedReason = reason;
    const waiting = this.closedDeferred;
    this.closedDeferred = undefined;
    waiting?.callback();
  }
}
