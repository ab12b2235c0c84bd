import type { Failure } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type {
  ClientFactoryLike,
  Connector,
  FactoryLike,
  PeerCertificate,
  ProtocolLike,
  PullProducer,
  PushProducer,
  Transport,
} from "../interfaces.ts";
import { wrappedLogPrefix } from "../log_prefix.ts";
import { ClientFactory, type Factory, Protocol } from "../protocol/protocol.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import { rememberConnector } from "../transport/connector.ts";
import { type Receiver, WebStreams } from "../transport/web_streams.ts";

/**
 * A factory for either side of a connection.
 * @category Policies
 */
export type WrappableFactory = FactoryLike & Partial<ClientFactoryLike>;

/**
 * Wraps another factory's protocols, each in a {@linkcode ProtocolWrapper}: Twisted's
 * `policies.WrappingFactory`. A subclass chooses the wrapper.
 * @category Policies
 */
export class WrappingFactory extends ClientFactory implements WrapperKeeper {
  /** The wrapped factory. */
  readonly wrappedFactory: WrappableFactory;
  /** Those connected. */
  readonly protocols: Set<ProtocolWrapper> = new Set();

  /** Wraps a factory. */
  constructor(wrappedFactory: WrappableFactory) {
    super();
    this.wrappedFactory = wrappedFactory;
  }

  /** Wraps a protocol. */
  wrapProtocol(wrappedProtocol: ProtocolLike): ProtocolWrapper {
    return new ProtocolWrapper(this, wrappedProtocol);
  }

  /** `Poets (TimeoutFactory)`. */
  override logPrefix(): string {
    return wrappedLogPrefix(this, this.wrappedFactory);
  }

  /** Returns nothing if the wrapped factory builds nothing. */
  override buildProtocol(address: Address): ProtocolWrapper | null | undefined {
    const wrapped = this.wrappedFactory.buildProtocol(address);
    return wrapped && this.wrapProtocol(wrapped);
  }

  /** Counts a use of both factories. */
  override doStart(): void {
    const started = this.wrappedFactory.doStart();
    super.doStart();
    return started;
  }

  /** Uncounts a use of both. */
  override doStop(): void {
    const stopped = this.wrappedFactory.doStop();
    super.doStop();
    return stopped;
  }

  /** Forwards it. */
  override startedConnecting(connector: Connector): void {
    rememberConnector(this.wrappedFactory, connector);
    return this.wrappedFactory.startedConnecting?.(connector);
  }

  /** Forwards it. */
  override clientConnectionFailed(connector: Connector, reason: Failure): void {
    return this.wrappedFactory.clientConnectionFailed?.(connector, reason);
  }

  /** Forwards it. */
  override clientConnectionLost(connector: Connector, reason: Failure): void {
    return this.wrappedFactory.clientConnectionLost?.(connector, reason);
  }

  registerProtocol(wrapper: ProtocolWrapper): void {
    this.protocols.add(wrapper);
  }

  unregisterProtocol(wrapper: ProtocolWrapper): void {
    this.protocols.delete(wrapper);
  }
}

/**
 * A layer between a protocol and its transport: Twisted's `policies.ProtocolWrapper`. It
 * forwards everything; a subclass overrides what it changes.
 * @category Policies
 */
export class ProtocolWrapper extends Protocol implements Transport {
  /** Keeps the connected wrappers. */
  override factory: Factory & WrapperKeeper;
  /** Until the connection is over. */
  wrappedProtocol: ProtocolLike | undefined;
  /** Kept when the protocol is released. */
  #lastPrefix: string | undefined;
  /** Told to close. */
  #isClosing = false;
  #streams: WebStreams | undefined;

  /** Wraps a protocol. */
  constructor(factory: Factory & WrapperKeeper, wrappedProtocol: ProtocolLike) {
    super();
    this.factory = factory;
    this.wrappedProtocol = wrappedProtocol;
  }

  /** Becomes the transport of the wrapped protocol. */
  override makeConnection(transport: Transport): void {
    try {
      super.makeConnection(transport);
      this.factory.registerProtocol(this);
    } catch (error) {
      // Told of no connection, it is told of no end.
      this.#release();
      throw error;
    }
    return this.wrappedProtocol?.makeConnection(this);
  }

  /** Forwards bytes. */
  override dataReceived(data: Uint8Array): void {
    return this.#receiver?.dataReceived(data);
  }

  /** Forwards it. */
  override handshakeCompleted(): void {
    return this.wrappedProtocol?.handshakeCompleted?.();
  }

  /** The wrapped protocol's. */
  get bufferedBytes(): number {
    return this.wrappedProtocol?.bufferedBytes ?? 0;
  }

  /** The wrapped protocol's, if any. */
  readConnectionLost?(): void;

  /** The wrapped protocol's, if any. */
  writeConnectionLost?(): void;

  /** The wrapped protocol's. A subclass that keeps bytes itself sets it to `false`. */
  declare readonly releasesData?: boolean | undefined;

  static {
    const forwarded = (name: "readConnectionLost" | "writeConnectionLost") => ({
      configurable: true,
      get(this: ProtocolWrapper): (() => void) | undefined {
        const receiver = this.#receiver;
        if (receiver?.[name] === undefined) return undefined;
        return () => receiver[name]?.();
      },
    });
    // TypeScript lets nothing of a subclass override a written accessor.
    Object.defineProperties(this.prototype, {
      releasesData: {
        configurable: true,
        get(this: ProtocolWrapper): boolean {
          return this.#streams === undefined &&
            this.wrappedProtocol?.releasesData === true;
        },
      },
      readConnectionLost: forwarded("readConnectionLost"),
      writeConnectionLost: forwarded("writeConnectionLost"),
    });
  }

  /** Forwards it, and releases the wrapped protocol. */
  override connectionLost(reason: Failure): void {
    this.connected = false;
    this.factory.unregisterProtocol(this);
    try {
      return this.#receiver?.connectionLost(reason);
    } finally {
      this.#release();
    }
  }

  /** `Poet (TimeoutProtocol)`. */
  override logPrefix(): string {
    return this.#lastPrefix ?? wrappedLogPrefix(this, this.wrappedProtocol);
  }

  get disconnecting(): boolean {
    return this.#isClosing || this.transport.disconnecting;
  }

  write(data: Uint8Array): void {
    this.transport.write(data);
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    this.transport.writeSequence(data);
  }

  loseConnection(): void {
    this.#isClosing = true;
    this.transport.loseConnection();
  }

  loseWriteConnection(): void {
    this.transport.loseWriteConnection();
  }

  abortConnection(): void {
    this.#isClosing = true;
    this.transport.abortConnection();
  }

  getPeer(): Address {
    return this.transport.getPeer();
  }

  getHost(): Address {
    return this.transport.getHost();
  }

  registerProducer(
    producer: PullProducer | PushProducer,
    streaming: boolean,
  ): void {
    const isPush = streaming && "pauseProducing" in producer;
    if (isPush) this.transport.registerProducer(producer, true);
    else this.transport.registerProducer(producer, false);
  }

  unregisterProducer(): void {
    this.transport.unregisterProducer();
  }

  stopConsuming(): void {
    this.unregisterProducer();
    this.loseConnection();
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#webStreams.readable;
  }

  get writable(): WritableStream<Uint8Array> {
    return this.#webStreams.writable;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this.readable[Symbol.asyncIterator]();
  }

  pauseProducing(): void {
    this.transport.pauseProducing();
  }

  resumeProducing(): void {
    this.transport.resumeProducing();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  getTcpNoDelay(): boolean {
    return this.transport.getTcpNoDelay();
  }

  setTcpNoDelay(enabled: boolean): void {
    this.transport.setTcpNoDelay(enabled);
  }

  getTcpKeepAlive(): boolean {
    return this.transport.getTcpKeepAlive();
  }

  setTcpKeepAlive(enabled: boolean): void {
    this.transport.setTcpKeepAlive(enabled);
  }

  startTLS(options: ClientTLSOptions | ServerTLSOptions): void {
    this.transport.startTLS(options);
  }

  get negotiatedProtocol(): string | undefined {
    return this.transport.negotiatedProtocol;
  }

  getPeerCertificate(): PeerCertificate | undefined {
    return this.transport.getPeerCertificate();
  }

  #release(): void {
    this.#lastPrefix = this.logPrefix();
    this.wrappedProtocol = undefined;
  }

  get #webStreams(): WebStreams {
    return this.#streams ??= new WebStreams(this, () => this.wrappedProtocol);
  }

  get #receiver(): Receiver | undefined {
    return this.#streams ?? this.wrappedProtocol;
  }
}

/**
 * Keeps its connected wrappers.
 * @category Policies
 */
export interface WrapperKeeper {
  /** A wrapper is connected. */
  registerProtocol(wrapper: ProtocolWrapper): void;
  /** A wrapper's connection is over. */
  unregisterProtocol(wrapper: ProtocolWrapper): void;
}
