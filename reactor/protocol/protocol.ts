/**
 * A protocol handles one connection; a factory builds a protocol for each, and
 * keeps what outlives them.
 *
 * @module
 */

import { Failure, log } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import { CONNECTION_DONE } from "../errors.ts";
import type {
  ClientFactoryLike,
  Connector,
  FactoryLike,
  ProtocolLike,
  Transport,
} from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";

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

/**
 * Makes a protocol for each connection: Twisted's `protocol.Factory`. What the
 * connections have in common belongs here.
 *
 * @example
 * ```ts
 * import { Factory, IPv4Address, Protocol } from "@deferno/deferno";
 *
 * class EchoFactory extends Factory {
 *   override protocol = Protocol;
 * }
 * const factory = new EchoFactory();
 * const peer = new IPv4Address("TCP", "127.0.0.1", 10000);
 * console.assert(factory.buildProtocol(peer)?.factory === factory);
 * ```
 */
export class Factory implements FactoryLike {
  /** The class of the protocols to build. */
  protocol: (new () => Protocol) | undefined = undefined;
  /** Whether start and stop are told to the log. */
  noisy = true;
  /** How many ports and connectors are using it. */
  numPorts = 0;

  /**
   * A factory for a protocol, where nothing else has to be said of it.
   *
   * @param protocol the class of the protocols to build
   * @param args what the factory's constructor takes
   */
  static forProtocol<
    F extends Factory,
    P extends Protocol,
    A extends unknown[],
  >(
    this: new (...args: A) => F,
    protocol: new () => P,
    ...args: A
  ): F & { protocol: new () => P } {
    return Object.assign(new this(...args), { protocol });
  }

  /** Who this is, for the log: the name of its class, unless it is overridden. */
  logPrefix(): string {
    return this.constructor.name;
  }

  /** Counts one port or connector more; the first starts the factory. */
  doStart(): void {
    const isFirst = this.numPorts === 0;
    if (isFirst && this.noisy) {
      log.msg(`Starting factory ${logPrefixOf(this)}`);
    }
    // Handed on: if it is a promise, whoever called must hear of its rejection.
    const started = isFirst ? this.startFactory() : undefined;
    this.numPorts++;
    return started;
  }

  /** Counts one port or connector less; the last stops the factory. */
  doStop(): void {
    if (this.numPorts === 0) return;
    this.numPorts--;
    if (this.numPorts > 0) return;
    if (this.noisy) log.msg(`Stopping factory ${logPrefixOf(this)}`);
    return this.stopFactory();
  }

  /** The factory is going to be used: open here what its protocols share. */
  startFactory(): void {}

  /** The factory is not used any more: close here what was opened. */
  stopFactory(): void {}

  /**
   * Builds the protocol for a connection.
   *
   * @param _address the address of the other end
   * @returns the protocol, or nothing to close the connection
   * @throws {TypeError} if no `protocol` was set
   */
  buildProtocol(_address: Address): Protocol | null | undefined {
    if (this.protocol === undefined) {
      throw new TypeError(
        `${this.constructor.name} cannot build a protocol: set its protocol, or override buildProtocol`,
      );
    }
    const protocol = new this.protocol();
    protocol.factory = this;
    return protocol;
  }
}

/**
 * A factory for connections that this side makes: Twisted's
 * `protocol.ClientFactory`.
 */
export class ClientFactory extends Factory implements ClientFactoryLike {
  /**
   * An attempt to connect begins.
   *
   * @param _connector can end it
   */
  startedConnecting(_connector: Connector): void {}

  /**
   * The attempt has failed.
   *
   * @param _connector can try again: `connector.connect()`
   * @param _reason why
   */
  clientConnectionFailed(_connector: Connector, _reason: Failure): void {}

  /**
   * The connection is over. The protocol was told already.
   *
   * @param _connector can connect again: `connector.connect()`
   * @param _reason why
   */
  clientConnectionLost(_connector: Connector, _reason: Failure): void {}
}

/** A factory for connections that come in: Twisted's `protocol.ServerFactory`. */
export class ServerFactory extends Factory {}
