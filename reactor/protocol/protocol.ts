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
 * Handles one connection: Twisted's `protocol.Protocol`. The transport, of any kind,
 * calls `connectionMade` first, `dataReceived` whenever bytes arrive, and
 * `connectionLost` last and once.
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
 * @category Protocols
 */
export class Protocol implements ProtocolLike {
  /** Set by `buildProtocol`. */
  factory!: Factory;
  /** Set before `connectionMade`, and kept afterwards. */
  transport!: Transport;
  /** Whether `makeConnection` was called. */
  connected = false;
  /**
   * `true` if the protocol has released its data when `dataReceived` returns: it counts,
   * decodes or copies them. The transport then receives into the same memory again, which
   * is faster. What is passed on, as to `write` or a deferred, must be copied
   * (`data.slice()`). With `setDebugging(true)` the bytes become 0xDD at once, so that
   * the first test shows a mistake. After a `dataReceived` that returns a promise nothing
   * is reused.
   */
  declare readonly releasesData?: boolean | undefined;

  /** Calls {@linkcode Protocol.connectionMade}. */
  makeConnection(transport: Transport): void {
    this.connected = true;
    this.transport = transport;
    return this.connectionMade();
  }

  /** By default the class's name. */
  logPrefix(): string {
    return this.constructor.name;
  }

  /** Called when the connection is made. */
  connectionMade(): void {}

  /**
   * Bytes have arrived, in order, in pieces of any size. The protocol may keep them,
   * unless it has set `releasesData`, but not transfer `data.buffer`, which has room for
   * the next ones.
   */
  dataReceived(_data: Uint8Array): void {}

  /** The TLS handshake is complete, the peer's certificate verified. */
  handshakeCompleted(): void {}

  /** The connection is over, cleanly with a `ConnectionDone`: the last call. */
  connectionLost(_reason: Failure = new Failure(CONNECTION_DONE)): void {}
}

/**
 * Builds connections' protocols, and keeps what they share: Twisted's `protocol.Factory`.
 * @category Protocols
 */
export class Factory implements FactoryLike {
  /** Of the protocols to build. */
  protocol: (new () => Protocol) | undefined = undefined;
  /** Whether start and stop are logged. */
  noisy = true;
  /** Ports and connectors that use it. */
  numPorts = 0;

  /** For protocols of one class; `args` are the factory's own. */
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

  /** By default the class's name. */
  logPrefix(): string {
    return this.constructor.name;
  }

  /** One more port or connector; the first starts the factory. */
  doStart(): void {
    const isFirst = this.numPorts === 0;
    if (isFirst && this.noisy) {
      log.msg(`Starting factory ${logPrefixOf(this)}`);
    }
    // It may be a promise: the caller handles its rejection.
    const started = isFirst ? this.startFactory() : undefined;
    this.numPorts++;
    return started;
  }

  /** One port or connector less; the last stops the factory. */
  doStop(): void {
    if (this.numPorts === 0) return;
    this.numPorts--;
    if (this.numPorts > 0) return;
    if (this.noisy) log.msg(`Stopping factory ${logPrefixOf(this)}`);
    return this.stopFactory();
  }

  /** Called before the first use. */
  startFactory(): void {}

  /** Called after the last use. */
  stopFactory(): void {}

  /**
   * Builds a connection's protocol, or nothing to close it.
   * @throws {TypeError} if `protocol` is not set
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
 * A factory for outgoing connections: Twisted's `protocol.ClientFactory`.
 * @category Protocols
 */
export class ClientFactory extends Factory implements ClientFactoryLike {
  startedConnecting(_connector: Connector): void {}

  clientConnectionFailed(_connector: Connector, _reason: Failure): void {}

  clientConnectionLost(_connector: Connector, _reason: Failure): void {}
}

/**
 * A factory for incoming connections: Twisted's `protocol.ServerFactory`.
 * @category Protocols
 */
export class ServerFactory extends Factory {}
