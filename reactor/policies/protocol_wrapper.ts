/**
 * What stands between a protocol and its connection.
 *
 * @module
 */

import type { Failure } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type {
  PeerCertificate,
  ProtocolLike,
  PullProducer,
  PushProducer,
  Transport,
} from "../interfaces.ts";
import { wrappedLogPrefix } from "../log_prefix.ts";
import { type Factory, Protocol } from "../protocol/protocol.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import {
  type Receiver,
  WebStreams,
} from "../transport/web_streams/web_streams.ts";

/** A factory that is told which of its wrappers are connected. */
export interface WrapperKeeper {
  /**
   * A wrapper is connected.
   *
   * @param wrapper the wrapper
   */
  registerProtocol(wrapper: ProtocolWrapper): void;
  /**
   * A wrapper's connection is over.
   *
   * @param wrapper the wrapper
   */
  unregisterProtocol(wrapper: ProtocolWrapper): void;
}

/**
 * A protocol to its transport, and the transport of the protocol that it wraps:
 * Twisted's `policies.ProtocolWrapper`. By itself it passes everything on; a
 * subclass overrides what it wants to see.
 *
 * @example
 * ```ts
 * import { Factory, Protocol, ProtocolWrapper, WrappingFactory } from "@deferno/deferno";
 * import { StringTransport } from "@deferno/deferno/testing";
 *
 * const factory = new WrappingFactory(Factory.forProtocol(Protocol));
 * const wrapped = new Protocol();
 * const wrapper = new ProtocolWrapper(factory, wrapped);
 * const transport = new StringTransport();
 * wrapper.makeConnection(transport);
 * wrapped.transport.write(new Uint8Array([1, 2, 3]));
 * console.assert(transport.value().length === 3);
 * ```
 */
export class ProtocolWrapper extends Protocol implements Transport {
  /** The factory, which knows who is connected. */
  override factory: Factory & WrapperKeeper;
  /** Whom everything is for; there until the connection is over. */
  wrappedProtocol: ProtocolLike | undefined;
  /** Who it was for, to the log: kept when the protocol is let go of. */
  #lastPrefix: string | undefined;
  /** Whether the connection was told to close through this. */
  #isClosing = false;
  /** Its web streams, once they have been asked for. */
  #streams: WebStreams | undefined;

  /**
   * Wraps a protocol.
   *
   * @param factory is told when this is connected, and when no more
   * @param wrappedProtocol whom everything is for
   */
  constructor(factory: Factory & WrapperKeeper, wrappedProtocol: ProtocolLike) {
    super();
    this.factory = factory;
    this.wrappedProtocol = wrappedProtocol;
  }

  // --- What its transport calls

  /**
   * Takes the connection, and becomes that of the wrapped protocol.
   *
   * @param transport the connection
   */
  override makeConnection(transport: Transport): void {
    super.makeConnection(transport);
    this.factory.registerProtocol(this);
    return this.wrappedProtocol?.makeConnection(this);
  }

  /**
   * Passes bytes on.
   *
   * @param data the bytes
   */
  override dataReceived(data: Uint8Array): void {
    return this.#receiver?.dataReceived(data);
  }

  /** Passes on that both ends have agreed, over TLS. */
  override handshakeCompleted(): void {
    return this.wrappedProtocol?.handshakeCompleted?.();
  }

  /** How many bytes the wrapped protocol keeps, to look at them later. */
  get bufferedBytes(): number {
    return this.wrappedProtocol?.bufferedBytes ?? 0;
  }

  /** Passes the end of the peer's half on; there if the wrapped protocol has it. */
  readConnectionLost?(): void;

  /** Passes the end of the own half on; there if the wrapped protocol has it. */
  writeConnectionLost?(): void;

  static {
    // Accessors that a subclass can override with methods, which it could not if
    // they were written as such.
    Object.defineProperties(this.prototype, {
      readConnectionLost: {
        configurable: true,
        get(this: ProtocolWrapper): (() => void) | undefined {
          const receiver = this.#receiver;
          if (receiver?.readConnectionLost === undefined) return undefined;
          return () => receiver.readConnectionLost?.();
        },
      },
      writeConnectionLost: {
        configurable: true,
        get(this: ProtocolWrapper): (() => void) | undefined {
          const receiver = this.#receiver;
          if (receiver?.writeConnectionLost === undefined) return undefined;
          return () => receiver.writeConnectionLost?.();
        },
      },
    });
  }

  /**
   * Passes the end on, and lets go of the wrapped protocol.
   *
   * @param reason why the connection is over
   */
  override connectionLost(reason: Failure): void {
    this.connected = false;
    this.factory.unregisterProtocol(this);
    try {
      return this.#receiver?.connectionLost(reason);
    } finally {
      this.#lastPrefix = this.logPrefix();
      this.wrappedProtocol = undefined;
    }
  }

  /** The wrapped protocol and this, for the log: `Poet (TimeoutProtocol)`. */
  override logPrefix(): string {
    return this.#lastPrefix ?? wrappedLogPrefix(this, this.wrappedProtocol);
  }

  // --- What the wrapped protocol calls

  /** Whether the connection was told to close. */
  get disconnecting(): boolean {
    return this.#isClosing || this.transport.disconnecting;
  }

  /**
   * Sends bytes.
   *
   * @param data the bytes
   */
  write(data: Uint8Array): void {
    this.transport.write(data);
  }

  /**
   * Sends the bytes of several arrays in a row.
   *
   * @param data the arrays
   */
  writeSequence(data: Iterable<Uint8Array>): void {
    this.transport.writeSequence(data);
  }

  /** Closes the connection, after everything that was written has been sent. */
  loseConnection(): void {
    this.#isClosing = true;
    this.transport.loseConnection();
  }

  /** Closes the half on which data go. */
  loseWriteConnection(): void {
    this.transport.loseWriteConnection();
  }

  /** Closes the connection at once. */
  abortConnection(): void {
    this.#isClosing = true;
    this.transport.abortConnection();
  }

  /** The address of the other end. */
  getPeer(): Address {
    return this.transport.getPeer();
  }

  /** The address of this end. */
  getHost(): Address {
    return this.transport.getHost();
  }

  /**
   * Takes what is going to write.
   *
   * @param producer what is going to write
   * @param streaming whether it goes on by itself
   */
  registerProducer(
    producer: PullProducer | PushProducer,
    streaming: boolean,
  ): void {
    if (streaming && "pauseProducing" in producer) {
      this.transport.registerProducer(producer, true);
    } else {
      this.transport.registerProducer(producer, false);
    }
  }

  /** Forgets the producer. */
  unregisterProducer(): void {
    this.transport.unregisterProducer();
  }

  /** Forgets the producer, and closes the connection. */
  stopConsuming(): void {
    this.unregisterProducer();
    this.loseConnection();
  }

  /** What arrives, once it has come through this. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#webStreams.readable;
  }

  /** What is to be sent through this. */
  get writable(): WritableStream<Uint8Array> {
    return this.#webStreams.writable;
  }

  /** The pieces of `readable`, for `for await`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this.readable[Symbol.asyncIterator]();
  }

  /** Lets nothing more come until `resumeProducing()`. */
  pauseProducing(): void {
    this.transport.pauseProducing();
  }

  /** Lets bytes come again. */
  resumeProducing(): void {
    this.transport.resumeProducing();
  }

  /** The same as `loseConnection()`. */
  stopProducing(): void {
    this.loseConnection();
  }

  /** Whether small pieces are sent at once. */
  getTcpNoDelay(): boolean {
    return this.transport.getTcpNoDelay();
  }

  /**
   * Chooses whether small pieces are sent at once.
   *
   * @param enabled at once
   */
  setTcpNoDelay(enabled: boolean): void {
    this.transport.setTcpNoDelay(enabled);
  }

  /** Whether the system asks a silent peer whether it is there. */
  getTcpKeepAlive(): boolean {
    return this.transport.getTcpKeepAlive();
  }

  /**
   * Chooses whether the system asks a silent peer whether it is there.
   *
   * @param enabled that it asks
   */
  setTcpKeepAlive(enabled: boolean): void {
    this.transport.setTcpKeepAlive(enabled);
  }

  /**
   * Goes on with TLS.
   *
   * @param options what to show, and what to trust
   */
  startTLS(options: ClientTLSOptions | ServerTLSOptions): void {
    this.transport.startTLS(options);
  }

  /** Which of the `alpnProtocols` was agreed upon; nothing before that. */
  get negotiatedProtocol(): string | undefined {
    return this.transport.negotiatedProtocol;
  }

  /** The certificate that the peer has shown, over TLS. */
  getPeerCertificate(): PeerCertificate | undefined {
    return this.transport.getPeerCertificate();
  }

  get #webStreams(): WebStreams {
    return this.#streams ??= new WebStreams(this, () => this.wrappedProtocol);
  }

  /** Whom everything is for: the protocol, or the streams before it. */
  get #receiver(): Receiver | undefined {
    return this.#streams ?? this.wrappedProtocol;
  }
}
