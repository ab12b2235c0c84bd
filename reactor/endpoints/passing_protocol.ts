/**
 * A protocol in front of another one.
 *
 * @module
 */

import type { Failure } from "../../defer/mod.ts";
import type { ProtocolLike, Transport } from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";

/**
 * Does something when a connection is made, and passes everything on: to the
 * transport it is the protocol, and the protocol behind it has the transport
 * itself. What a method of that returns or throws goes back to the transport.
 */
export class ForwardingProtocol implements ProtocolLike {
  readonly #protocol: ProtocolLike;
  readonly #connect: (transport: Transport) => void;

  /**
   * @param protocol whom everything is for
   * @param connect calls the protocol's `makeConnection`, and does what is to be
   *   done before and after
   */
  constructor(protocol: ProtocolLike, connect: (transport: Transport) => void) {
    this.#protocol = protocol;
    this.#connect = connect;
  }

  makeConnection(transport: Transport): void {
    return this.#connect(transport);
  }

  dataReceived(data: Uint8Array): void {
    return this.#protocol.dataReceived(data);
  }

  handshakeCompleted(): void {
    return this.#protocol.handshakeCompleted?.();
  }

  get bufferedBytes(): number {
    return this.#protocol.bufferedBytes ?? 0;
  }

  get readConnectionLost(): (() => void) | undefined {
    const protocol = this.#protocol;
    if (protocol.readConnectionLost === undefined) return undefined;
    return () => protocol.readConnectionLost?.();
  }

  get writeConnectionLost(): (() => void) | undefined {
    const protocol = this.#protocol;
    if (protocol.writeConnectionLost === undefined) return undefined;
    return () => protocol.writeConnectionLost?.();
  }

  connectionLost(reason: Failure): void {
    return this.#protocol.connectionLost(reason);
  }

  logPrefix(): string {
    return logPrefixOf(this.#protocol);
  }
}
