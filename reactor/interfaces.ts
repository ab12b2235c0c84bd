// The contracts for users: what a reactor promises, and what it asks of the
// code that it calls. Those for runtimes are in `backend.ts`.

import type { Failure, ScheduledCall } from "../defer/mod.ts";
import type { Address } from "./addresses.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "./tls_options.ts";

// --- Time

/**
 * Keeps the time: a reactor, or a test's `Clock`.
 * @category Tasks
 */
export interface ReactorTime {
  /** Seconds since some fixed moment, which never go back. */
  seconds(): number;
  /**
   * Calls `fn(...args)` later, never before this returns.
   * @param seconds from now
   */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): DelayedCall;
  /** The pending calls, the next one first. */
  getDelayedCalls(): DelayedCall[];
}

/**
 * A pending call, as `callLater` returns it: Twisted's `IDelayedCall`.
 * @category Tasks
 */
export interface DelayedCall extends ScheduledCall {
  /** Whether the call was made. */
  readonly called: boolean;
  /** Whether the call was cancelled. */
  readonly cancelled: boolean;
  /** Whether the call is still to come. */
  active(): boolean;
  /** When the call is or was due, in seconds of its clock. */
  getTime(): number;
  /**
   * Cancels the call.
   * @throws {AlreadyCalled} if it was made
   * @throws {AlreadyCancelled} if it was cancelled before
   */
  cancel(): void;
  /** Moves the call to so many seconds from now; throws as `cancel()`. */
  reset(seconds: number): void;
  /**
   * Moves the call to so many seconds after it was due, or before; throws as `cancel()`.
   */
  delay(seconds: number): void;
  /** Which call it is, for the log. */
  toString(): string;
}

// --- Descriptors

/**
 * What `doRead` or `doWrite` returns: nothing, or why its connection is over.
 * @category Sockets
 */
export type DescriptorStatus = Error | null | undefined | void;

/**
 * What readers and writers have in common.
 * @category Sockets
 */
export interface FileDescriptor {
  /** The descriptor of the open socket; less than 0 if there is none. */
  fileno(): number;
  /** The connection is over. Called once and last. */
  connectionLost(reason: Failure): void;
  /** Its name for the log. */
  logPrefix(): string;
}

/**
 * Called when there is something to read.
 * @category Sockets
 */
export interface ReadDescriptor extends FileDescriptor {
  /**
   * There is data to read, or EOF.
   * @returns nothing to go on; `CONNECTION_DONE`, `CONNECTION_LOST` or another error to
   *   end the connection; or a promise of either, until which it is not called again
   */
  doRead(): DescriptorStatus | Promise<DescriptorStatus>;
  /**
   * `doRead` has returned `CONNECTION_DONE`: the reactor has removed the reader, and
   * keeps the writer. Without this method the whole connection is over then.
   */
  readConnectionLost?(reason: Failure): void;
}

/**
 * Called when there is room to write.
 * @category Sockets
 */
export interface WriteDescriptor extends FileDescriptor {
  /** There is room to write. Returns as `doRead`. */
  doWrite(): DescriptorStatus | Promise<DescriptorStatus>;
}

/**
 * Watches descriptors, as a reactor does: Twisted's `IReactorFDSet`.
 * @category Reactor
 */
export interface ReactorFDSet {
  /**
   * Calls the reader's `doRead` whenever there is something to read. Idempotent.
   * @throws {RangeError} if its `fileno()` is not that of an open socket
   */
  addReader(reader: ReadDescriptor): void;
  /**
   * Calls the writer's `doWrite` whenever there is room to write. Idempotent.
   * @throws {RangeError} if its `fileno()` is not that of an open socket
   */
  addWriter(writer: WriteDescriptor): void;
  /** Removes a reader, if it is there. */
  removeReader(reader: ReadDescriptor): void;
  /** Removes a writer, if it is there. */
  removeWriter(writer: WriteDescriptor): void;
  /**
   * Removes all readers and writers, without calling them.
   * @returns each of them once
   */
  removeAll(): FileDescriptor[];
  /** All readers, with transports and ports. */
  getReaders(): ReadDescriptor[];
  /** All writers, with transports. */
  getWriters(): WriteDescriptor[];
}

/**
 * The certificate of the other end of a TLS connection.
 * @category TLS
 */
export interface PeerCertificate {
  /** Its owner: `{ CN: "localhost" }`. */
  readonly subject: Readonly<Record<string, string>>;
  /** Its signer. */
  readonly issuer: Readonly<Record<string, string>>;
  /** The certificate itself, as DER. */
  readonly raw: Uint8Array;
}

// --- Producers

/**
 * A producer that writes a piece each time it is asked.
 * @category Transports
 */
export interface PullProducer {
  /** Asks for the next piece. */
  resumeProducing(): void;
  /** Ends it: nothing more can be written. */
  stopProducing(): void;
}

/**
 * A producer that writes by itself, and can be paused.
 * @category Transports
 */
export interface PushProducer extends PullProducer {
  /** Pauses writing until `resumeProducing()`. */
  pauseProducing(): void;
  /** Resumes writing. */
  resumeProducing(): void;
}

/**
 * Takes data, and applies backpressure to a producer.
 * @category Transports
 */
export interface Consumer {
  /**
   * Whether it has released a piece when it asks for the next, so that a pull producer
   * may reuse the bytes.
   * @default {false}
   */
  readonly releasesPieces?: boolean | undefined;
  /** Takes bytes, which are not to be changed afterwards. */
  write(data: Uint8Array): void;
  /**
   * Registers a push producer: paused when too much waits to be sent, resumed when
   * nothing does, stopped where nothing can be sent any more.
   * @throws {Error} if there is one already
   */
  registerProducer(producer: PushProducer, streaming: true): void;
  /**
   * Registers a pull producer: asked for the first piece now, and for the next when
   * nothing waits to be sent. Throws as for a push producer.
   */
  registerProducer(producer: PullProducer, streaming: false): void;
  /** Removes the producer, if any: it has written everything. */
  unregisterProducer(): void;
}

// --- Protocols, factories, transports

/**
 * One connection, as the protocol at this end sees it.
 * @category Transports
 */
export interface Transport extends PushProducer, Consumer {
  /** Whether the connection is open. */
  readonly connected: boolean;
  /** Whether it is closing or aborting: its end is still to come. */
  readonly disconnecting: boolean;
  /**
   * Sends bytes, behind those of earlier writes; nothing, once the connection is over.
   * @param data not copied: not to be changed afterwards
   * @throws {TypeError} if `data` is not a `Uint8Array`
   */
  write(data: Uint8Array): void;
  /** Sends the bytes of several arrays; none, if it throws as `write`. */
  writeSequence(data: Iterable<Uint8Array>): void;
  /**
   * Closes the connection, after everything written is sent; nothing more is received. A
   * pull producer, or a paused one, is resumed first, until it is unregistered.
   */
  loseConnection(): void;
  /**
   * Half-closes the connection, after everything written is sent: the peer sees EOF, and
   * can go on sending. Later writes are not sent.
   */
  loseWriteConnection(): void;
  /** Closes the connection at once; what was written may be lost. */
  abortConnection(): void;
  /**
   * Chooses whether small writes are sent at once, or gathered to send fewer packets
   * (Nagle's algorithm). TLS sends them at once.
   */
  setTcpNoDelay(enabled: boolean): void;
  /** Whether small writes are sent at once. */
  getTcpNoDelay(): boolean;
  /** Makes the system probe a silent peer; without an answer the connection breaks. */
  setTcpKeepAlive(enabled: boolean): void;
  /** Whether the system probes a silent peer. */
  getTcpKeepAlive(): boolean;
  /**
   * Starts TLS in the middle of the connection: later writes are encrypted, and
   * `handshakeCompleted` follows. If the handshake fails, or takes longer than
   * `handshakeTimeout`, the connection is lost with an `SSLError`; also if the protocol
   * has buffered bytes that came in clear (`bufferedBytes`), since a man in the middle
   * could have put them behind the command that begins TLS.
   *
   * The side that has connected is the client, and verifies the certificate for the host
   * that it has connected to.
   * @throws {Error} if TLS was started before, or the runtime cannot do it here
   * @throws {TypeError} if a certificate or key cannot be read
   */
  startTLS(options: ClientTLSOptions | ServerTLSOptions): void;
  /** The negotiated one of the `alpnProtocols`, once the handshake is complete. */
  readonly negotiatedProtocol: string | undefined;
  /** The peer's certificate, over TLS. */
  getPeerCertificate(): PeerCertificate | undefined;
  /** Pauses receiving, of data and EOF: backpressure on the peer. */
  pauseProducing(): void;
  /** Receives again, unless `loseConnection()` was called. */
  resumeProducing(): void;
  /** The same as `loseConnection()`. */
  stopProducing(): void;
  /** Unregisters the producer, and closes the connection. */
  stopConsuming(): void;
  /**
   * What arrives, as a web stream. From the first use on, best in `connectionMade`, data
   * go there instead of to `dataReceived`, and the transport is paused unless a read is
   * pending. The protocol still gets `connectionLost`, last.
   *
   * After an unclean end it fails with the error of `connectionLost`, which is not logged
   * again where it rejects a promise of the protocol's. At EOF it closes, and then the
   * connection, when what was written is sent. If `writable` is in use by then, or right
   * behind the loop that reads, the connection stays open until that is closed or
   * aborted. (A protocol with a `readConnectionLost` decides itself.)
   *
   * Cancelling it closes the connection, after what was written is sent. With `writable`
   * in use the connection stays open until that is closed as well, and what arrives is
   * discarded.
   */
  readonly readable: ReadableStream<Uint8Array>;
  /**
   * What is to be sent, as a web stream: the transport's producer from its first use
   * until it is closed. A write waits while too much waits to be sent; its bytes are not
   * copied.
   *
   * Closing it is `loseWriteConnection()`, and takes until everything is sent. Aborting
   * it, or writing anything but a `Uint8Array`, is `abortConnection()`. If the connection
   * ends before, the stream and a pending write fail with the error of `connectionLost`.
   * @throws {Error} if the transport has a producer already
   */
  readonly writable: WritableStream<Uint8Array>;
  /**
   * The pieces of `readable`: `for await (const piece of transport)`. Leaving the loop
   * early cancels the stream.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
  /** The address of the other end. */
  getPeer(): Address;
  /** The address of this end. */
  getHost(): Address;
}

/**
 * Called by a transport: `makeConnection` first and once, `connectionLost` last and once,
 * `dataReceived` any number of times between them.
 * @category Protocols
 */
export interface ProtocolLike {
  /** The connection is made. */
  makeConnection(transport: Transport): void;
  /**
   * Bytes have come, in order, cut anywhere. The protocol may keep them, unless
   * `releasesData` says otherwise.
   */
  dataReceived(data: Uint8Array): void;
  /**
   * Whether it has released what `dataReceived` got when that returns, so that the
   * transport may receive into the same memory again. Read before and after each call.
   * What it still needs it has to copy (`data.slice()`), also what it writes on.
   * @default {false}
   */
  readonly releasesData?: boolean | undefined;
  /**
   * The peer sends nothing more, but still receives. Without this method the whole
   * connection is closed then.
   */
  readConnectionLost?: (() => void) | undefined;
  /** Half-closed, after `loseWriteConnection()`. */
  writeConnectionLost?: (() => void) | undefined;
  /**
   * The TLS handshake is complete, and what was written is on its way. The first data
   * follow, unless this pauses or ends the connection, or throws. Twisted's
   * `IHandshakeListener`.
   */
  handshakeCompleted?: (() => void) | undefined;
  /**
   * The connection is over.
   * @param reason `ConnectionDone` after a clean end on either side, else the error
   */
  connectionLost(reason: Failure): void;
  /**
   * How many received bytes it has buffered: with any, TLS cannot start.
   * @default {0}
   */
  readonly bufferedBytes?: number | undefined;
  /** Its name for the log. */
  logPrefix?: (() => string) | undefined;
}

/**
 * A protocol that goes on when one half of its connection is closed: Twisted's
 * `IHalfCloseableProtocol`. `connectionLost` follows when both are.
 * @category Protocols
 */
export interface HalfCloseableProtocol extends ProtocolLike {
  /** The peer has half-closed. */
  readConnectionLost(): void;
  /** This side has half-closed. */
  writeConnectionLost(): void;
}

/**
 * Called by ports and connectors.
 * @category Protocols
 */
export interface FactoryLike {
  /** One more port or connector uses it. */
  doStart(): void;
  /** One port or connector less uses it. */
  doStop(): void;
  /** A connection was made, and needs a protocol; nothing closes it. */
  buildProtocol(address: Address): ProtocolLike | null | undefined;
  /** Its name for the log. */
  logPrefix?: (() => string) | undefined;
}

/**
 * Called by a connector: after `startedConnecting`, either `clientConnectionFailed`, or
 * `buildProtocol` and, in the end, `clientConnectionLost`.
 * @category Protocols
 */
export interface ClientFactoryLike extends FactoryLike {
  /** An attempt to connect begins, which the connector can end. */
  startedConnecting(connector: Connector): void;
  /** The attempt has failed. `connector.connect()` tries again. */
  clientConnectionFailed(connector: Connector, reason: Failure): void;
  /**
   * The connection is over, after the protocol's `connectionLost`. `connector.connect()`
   * connects again.
   */
  clientConnectionLost(connector: Connector, reason: Failure): void;
}

/**
 * The state of a {@linkcode Connector}.
 * @category Transports
 */
export type ConnectorState = "disconnected" | "connecting" | "connected";

/**
 * One client connection through all its attempts: returned by `connectTCP`.
 * @category Transports
 */
export interface Connector {
  /** Where it is in its life. */
  readonly state: ConnectorState;
  /** The connection, while there is one. */
  readonly transport: Transport | undefined;
  /**
   * Connects, or connects again.
   * @throws {Error} if it is connecting or connected
   */
  connect(): void;
  /** Ends the attempt or the connection. */
  disconnect(): void;
  /**
   * Ends the attempt; `clientConnectionFailed` is called before this returns.
   * @throws {NotConnectingError} if there is none
   */
  stopConnecting(): void;
  /** Where it connects to, with the host as given. */
  getDestination(): Address;
}
