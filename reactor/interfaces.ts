// What a reactor promises, and asks of the code that it calls.

import type { Failure, ScheduledCall } from "../defer/mod.ts";
import type { Address } from "./addresses.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "./tls_options.ts";

// --- Time

/**
 * A reactor, or a test's `Clock`.
 * @category Tasks
 */
export interface ReactorTime {
  /** Since some moment; never goes back. */
  seconds(): number;
  /** Calls `fn(...args)` so many seconds from now, never before this returns. */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): DelayedCall;
  /** The pending calls, the next one first. */
  getDelayedCalls(): DelayedCall[];
}

/**
 * From `callLater`: Twisted's `IDelayedCall`.
 * @category Tasks
 */
export interface DelayedCall extends ScheduledCall {
  /** Whether it was made. */
  readonly called: boolean;
  /** Whether it was cancelled. */
  readonly cancelled: boolean;
  /** Whether it is to come. */
  active(): boolean;
  /** When it is or was due, in its clock's seconds. */
  getTime(): number;
  /**
   * Cancels it.
   * @throws {AlreadyCalled} if it was made
   * @throws {AlreadyCancelled} if it was cancelled
   */
  cancel(): void;
  /** Moves it to so many seconds from now; throws as `cancel()`. */
  reset(seconds: number): void;
  /** Moves it by so many seconds; throws as `cancel()`. */
  delay(seconds: number): void;
  /** For the log. */
  toString(): string;
}

// --- Descriptors

/**
 * Nothing, or why the connection is over.
 * @category Sockets
 */
export type DescriptorStatus = Error | null | undefined | void;

/**
 * A reader or a writer.
 * @category Sockets
 */
export interface FileDescriptor {
  /** Of the open socket; less than 0 if there is none. */
  fileno(): number;
  /** Called once and last. */
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
   * @returns nothing to go on; an error, like `CONNECTION_DONE`, to end the connection;
   *   or a promise of either, until which it is not called again
   */
  doRead(): DescriptorStatus | Promise<DescriptorStatus>;
  /**
   * After `CONNECTION_DONE` from `doRead`, with the reader removed; the writer stays.
   * Without this method the whole connection is over.
   */
  readConnectionLost?(reason: Failure): void;
}

/**
 * Called when there is room to write.
 * @category Sockets
 */
export interface WriteDescriptor extends FileDescriptor {
  /** Returns as `doRead`. */
  doWrite(): DescriptorStatus | Promise<DescriptorStatus>;
}

/**
 * Watches descriptors: Twisted's `IReactorFDSet`.
 * @category Reactor
 */
export interface ReactorFDSet {
  /**
   * Calls `doRead` whenever there is something to read. Idempotent.
   * @throws {RangeError} if its `fileno()` is not an open socket's
   */
  addReader(reader: ReadDescriptor): void;
  /**
   * Calls `doWrite` whenever there is room to write. Idempotent.
   * @throws {RangeError} if its `fileno()` is not an open socket's
   */
  addWriter(writer: WriteDescriptor): void;
  /** Removes it. Idempotent. */
  removeReader(reader: ReadDescriptor): void;
  /** Removes it. Idempotent. */
  removeWriter(writer: WriteDescriptor): void;
  /** Removes all, without calling them; returns each once. */
  removeAll(): FileDescriptor[];
  /** All readers, with transports and ports. */
  getReaders(): ReadDescriptor[];
  /** All writers, with transports. */
  getWriters(): WriteDescriptor[];
}

/**
 * The certificate of a TLS connection's other end.
 * @category TLS
 */
export interface PeerCertificate {
  /** Its owner: `{ CN: "localhost" }`. */
  readonly subject: Readonly<Record<string, string>>;
  /** Its signer. */
  readonly issuer: Readonly<Record<string, string>>;
  /** As DER. */
  readonly raw: Uint8Array;
}

// --- Producers

/**
 * Writes a piece when it is asked.
 * @category Transports
 */
export interface PullProducer {
  /** Asks for the next piece. */
  resumeProducing(): void;
  /** Nothing more can be written. */
  stopProducing(): void;
}

/**
 * Writes by itself, and can be paused.
 * @category Transports
 */
export interface PushProducer extends PullProducer {
  /** Pauses writing until `resumeProducing()`. */
  pauseProducing(): void;
}

/**
 * Takes data, and applies backpressure to a producer.
 * @category Transports
 */
export interface Consumer {
  /**
   * Whether a pull producer may reuse a piece's bytes when asked for the next.
   * @default {false}
   */
  readonly releasesPieces?: boolean | undefined;
  /** Takes bytes, not to be changed afterwards. */
  write(data: Uint8Array): void;
  /**
   * A push producer is paused when too much waits to be sent, resumed when nothing does,
   * stopped when nothing can be sent any more.
   * @throws {Error} if there is a producer
   */
  registerProducer(producer: PushProducer, streaming: true): void;
  /** A pull producer is asked for a piece now, and when nothing waits; throws likewise. */
  registerProducer(producer: PullProducer, streaming: false): void;
  /** It has written everything; if any. */
  unregisterProducer(): void;
}

// --- Protocols, factories, transports

/**
 * A connection, as its protocol sees it.
 * @category Transports
 */
export interface Transport extends PushProducer, Consumer {
  /** Whether it is open. */
  readonly connected: boolean;
  /** Closing or aborting: the end is still to come. */
  readonly disconnecting: boolean;
  /**
   * Sends bytes, behind earlier writes; nothing, once the connection is over.
   * @param data not copied: not to be changed afterwards
   * @throws {TypeError} if not a `Uint8Array`
   */
  write(data: Uint8Array): void;
  /** Sends several arrays, or none if it throws as `write`. */
  writeSequence(data: Iterable<Uint8Array>): void;
  /**
   * Receives no more, and closes the connection when everything written is handed to the
   * system. A pull producer, or a paused one, is first resumed until unregistered. Unread
   * bytes make most systems reset the connection, as in Twisted, and what is on its way is
   * lost: `loseWriteConnection()`, and reading until the peer closes, avoids that.
   */
  loseConnection(): void;
  /** Half-closes when everything is sent: the peer sees EOF. Later writes are not sent. */
  loseWriteConnection(): void;
  /** Closes at once; what was written may be lost. */
  abortConnection(): void;
  /** Whether to send small writes at once, as TLS does, without Nagle's algorithm. */
  setTcpNoDelay(enabled: boolean): void;
  /** Whether small writes are sent at once. */
  getTcpNoDelay(): boolean;
  /** Has the system probe a silent peer: without an answer the connection breaks. */
  setTcpKeepAlive(enabled: boolean): void;
  /** Whether the system probes. */
  getTcpKeepAlive(): boolean;
  /**
   * Starts TLS on the connection: later writes are encrypted, and `handshakeCompleted`
   * follows. If the handshake fails, or exceeds `handshakeTimeout`, the connection is
   * lost with an `SSLError`; also if the protocol has buffered bytes that came in clear
   * (`bufferedBytes`), which a man in the middle could have added. The connecting side is
   * the client, and verifies the certificate for the host.
   * @throws {Error} if TLS was started before, or is not possible here
   * @throws {TypeError} if a certificate or key cannot be read
   */
  startTLS(options: ClientTLSOptions | ServerTLSOptions): void;
  /** Of the `alpnProtocols`, after the handshake. */
  readonly negotiatedProtocol: string | undefined;
  /** The peer's certificate, over TLS. */
  getPeerCertificate(): PeerCertificate | undefined;
  /** Pauses data and EOF: backpressure on the peer. */
  pauseProducing(): void;
  /** Receives again, unless `loseConnection()` was called. */
  resumeProducing(): void;
  /** As `loseConnection()`. */
  stopProducing(): void;
  /** Unregisters the producer, and closes the connection. */
  stopConsuming(): void;
  /**
   * What arrives, as a web stream. From the first use on, best in `connectionMade`, data
   * go there instead of to `dataReceived`, and the transport is paused unless a read is
   * pending. The protocol still gets `connectionLost`, last.
   *
   * After an unclean end it fails with the error of `connectionLost`, not logged again
   * where it rejects a promise of the protocol's. At EOF it closes, and then the
   * connection, when what was written is sent; if `writable` is in use by then, or right
   * behind the loop that reads, only when that is closed or aborted. (A protocol with a
   * `readConnectionLost` decides itself.)
   *
   * Cancelling it discards what arrives, and closes the connection when what was written
   * is sent; with `writable` in use only when that is closed as well.
   */
  readonly readable: ReadableStream<Uint8Array>;
  /**
   * What to send, as a web stream: the transport's producer from its first use until it
   * is closed. A write waits while too much waits to be sent; its bytes are not copied.
   *
   * Closing it is `loseWriteConnection()`, and takes until everything is sent. Aborting
   * it, or writing anything but a `Uint8Array`, is `abortConnection()`. If the connection
   * ends before, it and a pending write fail with the error of `connectionLost`.
   * @throws {Error} if the transport has a producer
   */
  readonly writable: WritableStream<Uint8Array>;
  /** The pieces of `readable`; leaving a `for await` loop cancels it. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
  /** The other end's address. */
  getPeer(): Address;
  /** This end's address. */
  getHost(): Address;
}

/**
 * Called by a transport: `makeConnection` first and once, `connectionLost` last and once.
 * @category Protocols
 */
export interface ProtocolLike {
  /** The connection is made. */
  makeConnection(transport: Transport): void;
  /** Bytes, in order, cut anywhere. The protocol may keep them, unless `releasesData`. */
  dataReceived(data: Uint8Array): void;
  /**
   * Whether the transport may receive into the same memory again when `dataReceived`
   * returns. Read before and after each call. What the protocol still needs, or writes
   * on, it must copy (`data.slice()`).
   * @default {false}
   */
  readonly releasesData?: boolean | undefined;
  /** The peer has half-closed. Without this method the connection is closed. */
  readConnectionLost?: (() => void) | undefined;
  /** Half-closed, after `loseWriteConnection()`. */
  writeConnectionLost?: (() => void) | undefined;
  /**
   * The TLS handshake is complete, and what was written is on its way; data follow,
   * unless this ends or pauses the connection, or throws. Twisted's `IHandshakeListener`.
   */
  handshakeCompleted?: (() => void) | undefined;
  /**
   * The last call.
   * @param reason `ConnectionDone` after a clean end on either side, else the error
   */
  connectionLost(reason: Failure): void;
  /**
   * Received, and buffered: with any, TLS cannot start.
   * @default {0}
   */
  readonly bufferedBytes?: number | undefined;
  /** Its name for the log. */
  logPrefix?: (() => string) | undefined;
}

/**
 * Goes on when one half of its connection is closed; `connectionLost` follows when both
 * are. Twisted's `IHalfCloseableProtocol`.
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
  /** One less uses it. */
  doStop(): void;
  /** Builds a protocol; without one the connection is closed. */
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
  /** An attempt begins, which the connector can end. */
  startedConnecting(connector: Connector): void;
  /** The attempt failed; `connector.connect()` tries again. */
  clientConnectionFailed(connector: Connector, reason: Failure): void;
  /** After the protocol's `connectionLost`; `connector.connect()` connects again. */
  clientConnectionLost(connector: Connector, reason: Failure): void;
}

/**
 * A {@linkcode Connector}'s state.
 * @category Transports
 */
export type ConnectorState = "disconnected" | "connecting" | "connected";

/**
 * A client connection through all its attempts, from `connectTCP`.
 * @category Transports
 */
export interface Connector {
  /** In its life. */
  readonly state: ConnectorState;
  /** The connection, if any. */
  readonly transport: Transport | undefined;
  /**
   * Connects, or again.
   * @throws {Error} if it is connecting or connected
   */
  connect(): void;
  /** Ends the attempt or the connection. */
  disconnect(): void;
  /**
   * Ends the attempt, calling `clientConnectionFailed`.
   * @throws {NotConnectingError} if there is none
   */
  stopConnecting(): void;
  /** Where it connects to, with the host as given. */
  getDestination(): Address;
}
