/**
 * The protocol: what is to be done with one connection.
 *
 * @module
 */

import { Failure } from "../../defer/mod.ts";
import { CONNECTION_DONE } from "../errors.ts";
import type { Factory } from "./factory.ts";
import type { ProtocolLike, Transport } from "../interfaces.ts";

/**
 * One end of one connection: Twisted's `protocol.Protocol`. A subclass says
 * what happens when bytes arrive; what carries them it need not know.
 *
 * The transport calls `connectionMade` first, `dataReceived` for whatever
 * arrives, and `connectionLost` last and once.
 *
 * @example
 * ```ts
 * import { Protocol } from "@deferno/deferno";
 *
 * class Echo extends Protocol {
 *   override dataReceived(data: Uint8Array): void {
 *     this.transport.write(data);
 *   }
 * }
 * console.assert(!new Echo().connected);
 * ```
 */
export class Protocol implements ProtocolLike {
  /** The factory that built it; there once `buildProtocol` has returned. */
  factory!: Factory;
  /** The connection; there from `connectionMade` on, and kept afterwards. */
  transport!: Transport;
  /** Whether it was ever connected. */
  connected = false;

  /**
   * Takes its connection, and says so to {@linkcode Protocol.connectionMade}.
   *
   * @param transport the connection
   */
  makeConnection(transport: Transport): void {
    this.connected = true;
    this.transport = transport;
    return this.connectionMade();
  }

  /** Who this is, for the log: the name of its class, unless it is overridden. */
  logPrefix(): string {
    return this.constructor.name;
  }

  /** The connection is made. A greeting would be sent here. */
  connectionMade(): void {}

  /**
   * Bytes have come, in order, but cut anywhere.
   *
   * @param _data the bytes, the protocol's to keep
   */
  dataReceived(_data: Uint8Array): void {}

  /**
   * Over TLS: both ends have agreed, and the peer's certificate is what it should
   * be. Before this, what was written has waited. Never called without TLS.
   */
  handshakeCompleted(): void {}

  /**
   * The connection is over: nothing comes after this.
   *
   * @param _reason a `ConnectionDone` after a clean end on either side, else
   *   what went wrong
   */
  connectionLost(_reason: Failure = new Failure(CONNECTION_DONE)): void {}
}
