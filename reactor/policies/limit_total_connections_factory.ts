import type { Address } from "../addresses.ts";
import { type Protocol, ServerFactory } from "../protocol/protocol.ts";
import { ProtocolWrapper, type WrapperKeeper } from "./protocol_wrapper.ts";

/**
 * Limits the number of connections: Twisted's `policies.LimitTotalConnectionsFactory`.
 * One too many is closed at once, or gets an `overflowProtocol`.
 * @category Policies
 */
export class LimitTotalConnectionsFactory extends ServerFactory
  implements WrapperKeeper {
  /** With those of an `overflowProtocol`. */
  connectionCount = 0;
  /** `undefined` for any number. */
  connectionLimit: number | undefined = undefined;
  /** For connections over the limit. */
  overflowProtocol: (new () => Protocol) | undefined = undefined;

  /** Returns nothing over the limit. */
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

  /** Does nothing: the wrapper was counted when built. */
  registerProtocol(_wrapper: ProtocolWrapper): void {}

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
