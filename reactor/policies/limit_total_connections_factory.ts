/**
 * A factory with a limit to its connections.
 *
 * @module
 */

import type { Address } from "../addresses.ts";
import { type Protocol, ServerFactory } from "../protocol/protocol.ts";
import { ProtocolWrapper, type WrapperKeeper } from "./protocol_wrapper.ts";

/**
 * A factory that has only so many connections at a time: Twisted's
 * `policies.LimitTotalConnectionsFactory`. One too many is closed at once, or
 * handed to a protocol that says so to the peer.
 *
 * @example
 * ```ts
 * import { IPv4Address, LimitTotalConnectionsFactory, Protocol } from "@deferno/deferno";
 *
 * const factory = LimitTotalConnectionsFactory.forProtocol(Protocol);
 * factory.connectionLimit = 1;
 * const peer = new IPv4Address("TCP", "127.0.0.1", 10000);
 * console.assert(factory.buildProtocol(peer) !== null);
 * console.assert(factory.buildProtocol(peer) === null);
 * ```
 */
export class LimitTotalConnectionsFactory extends ServerFactory
  implements WrapperKeeper {
  /** How many connections there are, those too many with a protocol included. */
  connectionCount = 0;
  /** How many connections there may be; any number unless it is set. */
  connectionLimit: number | undefined = undefined;
  /** The class of the protocols for connections that are too many. */
  overflowProtocol: (new () => Protocol) | undefined = undefined;

  /**
   * Builds the protocol for a connection, within the limit or above it.
   *
   * @param address the address of the other end
   * @returns the protocol, wrapped; nothing, where there are too many
   */
  override buildProtocol(
    address: Address,
  ): ProtocolWrapper | null | undefined {
    const protocol = this.#isFull()
      ? this.#buildOverflow()
      : super.buildProtocol(address);
    if (!protocol) return protocol;
    this.connectionCount++;
    return new ProtocolWrapper(this, protocol);
  }

  /**
   * A wrapper is connected: it was counted when it was built.
   *
   * @param _wrapper the wrapper
   */
  registerProtocol(_wrapper: ProtocolWrapper): void {}

  /**
   * A wrapper's connection is over: there is room for another.
   *
   * @param _wrapper the wrapper
   */
  unregisterProtocol(_wrapper: ProtocolWrapper): void {
    this.connectionCount--;
  }

  #isFull(): boolean {
    return this.connectionLimit !== undefined &&
      this.connectionCount >= this.connectionLimit;
  }

  #buildOverflow(): Protocol | null {
    if (this.overflowProtocol === undefined) return null;
    const protocol = new this.overflowProtocol();
    protocol.factory = this;
    return protocol;
  }
}
