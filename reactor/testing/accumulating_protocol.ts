/**
 * A protocol that keeps what happens to it.
 *
 * @module
 */

import { type Deferred, Failure } from "../../defer/mod.ts";
import { CONNECTION_DONE } from "../errors.ts";
import { type Factory, Protocol } from "../protocol/protocol.ts";

/** A factory that wants to know of the first connection. */
export interface AccumulatingFactory {
  /** Fires with the protocol when its connection is made, and is taken away. */
  protocolConnectionMade?: Deferred<AccumulatingProtocol> | undefined;
}

/**
 * A protocol that keeps what it receives, and notes what it is told: Twisted's
 * `AccumulatingProtocol`. If its factory has a deferred named
 * `protocolConnectionMade`, that fires with the protocol, once.
 *
 * @example
 * ```ts
 * import { AccumulatingProtocol } from "@deferno/deferno/testing";
 *
 * const protocol = new AccumulatingProtocol();
 * protocol.dataReceived(new Uint8Array([1, 2]));
 * protocol.dataReceived(new Uint8Array([3]));
 * console.assert(protocol.data.join() === "1,2,3");
 * ```
 */
export class AccumulatingProtocol extends Protocol {
  /** Whether the connection was made. */
  made = false;
  /** Whether the connection was lost. */
  closed = false;
  /** Why the connection was lost. */
  closedReason: Failure | undefined;
  /** Set it to hear of the connection's end: it fires once, with nothing. */
  closedDeferred: Deferred<void> | undefined;
  /** What has come, in a storage with room for more behind it. */
  #storage: Uint8Array = new Uint8Array(0);
  #length = 0;

  /** All that was received. */
  get data(): Uint8Array {
    return this.#storage.subarray(0, this.#length);
  }

  /** Notes it, and tells whoever waits for it at the factory. */
  override connectionMade(): void {
    this.made = true;
    const factory: (Factory & AccumulatingFactory) | undefined = this.factory;
    const waiting = factory?.protocolConnectionMade;
    if (factory === undefined || !waiting) return;
    factory.protocolConnectionMade = undefined;
    waiting.callback(this);
  }

  /**
   * Keeps what has come.
   *
   * @param data the bytes
   */
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

  /**
   * Notes it, and tells whoever waits for it.
   *
   * @param reason why the connection is over
   */
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
