// What is looked at in every connection with a hostile peer, whatever its
// protocol does: that the protocol is called as `ProtocolLike` says.

import type { Failure, ProtocolLike, Transport } from "../../mod.ts";

/** Stands between a transport and a protocol, and writes down what is wrong. */
export class Witness implements ProtocolLike {
  /** What came out of order. */
  readonly faults: string[] = [];
  /** The reason for which the connection was lost, once it was. */
  reason: Failure | undefined;
  /** Whether the peers have agreed, where that is needed. */
  secured = false;
  /** There where the protocol has it: what it has is what it can do. */
  readConnectionLost?: () => void;
  readonly #protocol: ProtocolLike;
  readonly #onLost: () => void;
  #transport: Transport | undefined;
  #isOpen = false;

  /**
   * @param protocol what is called
   * @param onLost told when the connection was lost
   */
  constructor(protocol: ProtocolLike, onLost: () => void) {
    this.#protocol = protocol;
    this.#onLost = onLost;
    if (protocol.readConnectionLost === undefined) return;
    this.readConnectionLost = () => {
      this.#expectOpen("readConnectionLost");
      return protocol.readConnectionLost?.();
    };
  }

  /** The connection. */
  get transport(): Transport {
    if (this.#transport === undefined) throw new Error("It was never made");
    return this.#transport;
  }

  /** Whether the connection was made, and is not lost. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  makeConnection(transport: Transport): void {
    if (this.#transport !== undefined) this.faults.push("made twice");
    this.#transport = transport;
    this.#isOpen = true;
    return this.#protocol.makeConnection(transport);
  }

  handshakeCompleted(): void {
    this.#expectOpen("handshakeCompleted");
    if (this.secured) this.faults.push("handshakeCompleted twice");
    this.secured = true;
    return this.#protocol.handshakeCompleted?.();
  }

  dataReceived(data: Uint8Array): void {
    this.#expectOpen("dataReceived");
    if (data.length === 0) this.faults.push("dataReceived with nothing");
    return this.#protocol.dataReceived(data);
  }

  connectionLost(reason: Failure): void {
    this.#expectOpen("connectionLost");
    if (this.#transport?.connected) this.faults.push("lost, and connected");
    this.#isOpen = false;
    this.reason = reason;
    this.#onLost();
    return this.#protocol.connectionLost(reason);
  }

  logPrefix(): string {
    return this.#protocol.constructor.name;
  }

  #expectOpen(what: string): void {
    if (this.#isOpen) return;
    const when = this.#transport === undefined ? "before made" : "after lost";
    this.faults.push(`${what} ${when}`);
  }
}
