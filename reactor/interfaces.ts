/**
 * The contracts for users: what a reactor promises to those who use it, and what it
 * asks of those it calls. What it asks of a runtime stands in `backend.ts`.
 *
 * @module
 */

import type { Failure, ScheduledCall } from "../defer/mod.ts";
import type { Address } from "./addresses.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "./tls_options.ts";

// ---------------------------------------------------------------------------
// Time

/** What keeps the time: a reactor, or the `Clock` of a test. */
export interface ReactorTime {
  /** The time, in seconds since some fixed moment. It never goes back. */
  seconds(): number;
  /**
   * Calls `fn` with `args` so many seconds from now, never before this returns.
   *
   * @param seconds from now
   * @param fn what to call
   * @param args what to call it with
   */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): DelayedCall;
  /** The calls that are still to come, the next one first. */
  getDelayedCalls(): DelayedCall[];
}

/** A call that is to be made later, as `callLater` returns it: Twisted's `IDelayedCall`. */
export interface DelayedCall extends ScheduledCall {
  /** Whether the call was made. */
  readonly called: boolean;
  /** Whether the call was cancelled. */
  readonly cancelled: boolean;
  /** Whether the call is still to come. */
  active(): boolean;
  /** When the call is due, or was: seconds on the clock that makes it. */
  getTime(): number;
  /**
   * Cancels the call.
   *
   * @throws {AlreadyCalled} if it was made
   * @throws {AlreadyCancelled} if it was cancelled before
   */
  cancel(): void;
  /**
   * Moves the call: it is due so long from now.
   *
   * @param seconds from now; less than 0 counts as 0
   * @throws {AlreadyCalled} if it was made
   * @throws {AlreadyCancelled} if it was cancelled
   */
  reset(seconds: number): void;
  /**
   * Moves the call by so long from when it was due.
   *
   * @param seconds how much later; less than 0 makes it earlier
   * @throws {AlreadyCalled} if it was made
   * @throws {AlreadyCancelled} if it was cancelled
   */
  delay(seconds: number): void;
  /** Which call it is, for the log. */
  toString(): string;
}

// ---------------------------------------------------------------------------
// Descriptors: what a reactor polls

/** What a `doRead` or `doWrite` says about its connection: nothing, or its end. */
export type DescriptorStatus = Error | null | undefined | void;

/** What readers and writers have in common. */
export interface FileDescriptor {
  /** The number of the open socket beneath; less than 0 if there is none. */
  fileno(): number;
  /**
   * The connection is over. Called once, and last, when the reactor has removed the
   * descriptor.
   *
   * @param reason why
   */
  connectionLost(reason: Failure): void;
  /** Its name for the log. */
  logPrefix(): string;
}

/** What a reactor calls when there is something to read. */
export interface ReadDescriptor extends FileDescriptor {
  /**
   * There is something to read: data, or EOF.
   *
   * @returns nothing to go on; `CONNECTION_DONE`, `CONNECTION_LOST` or another
   *   error to end the connection; or a promise of either, before which it is not
   *   called again
   */
  doRead(): DescriptorStatus | Promise<DescriptorStatus>;
  /**
   * `doRead` has returned `CONNECTION_DONE`: the reactor has removed the reader, and
   * keeps it as a writer. Where this is missing, the whole connection is over then.
   *
   * @param reason why
   */
  readConnectionLost?(reason: Failure): void;
}

/** What a reactor calls when there is room to write. */
export interface WriteDescriptor extends FileDescriptor {
  /**
   * There is room to write.
   *
   * @returns as `doRead`
   */
  doWrite(): DescriptorStatus | Promise<DescriptorStatus>;
}

/** The certificate of the other end of a TLS connection. */
export interface PeerCertificate {
  /** Whose it is: `{ CN: "localhost" }`. */
  readonly subject: Readonly<Record<string, string>>;
  /** Who has signed it. */
  readonly issuer: Readonly<Record<string, string>>;
  /** The certificate itself, as DER. */
  readonly raw: Uint8Array;
}

// ---------------------------------------------------------------------------
// Producers

/** A producer that writes a piece each time it is asked. */
export interface PullProducer {
  /** Asks for the next piece. */
  resumeProducing(): void;
  /** Ends it: nothing more can be written. */
  stopProducing(): void;
}

/** A producer that writes by itself, and can be paused. */
export interface PushProducer extends PullProducer {
  /** Has it write nothing until `resumeProducing()`. */
  pauseProducing(): void;
  /** Has it write again. */
  resumeProducing(): void;
}

/** What takes data, and applies backpressure to a producer. */
export interface Consumer {
  /**
   * Whether it has released a piece when it asks for the next one, so that a pull
   * producer may use the same bytes again.
   *
   * @default {false}
   */
  readonly releasesPieces?: boolean | undefined;
  /**
   * Takes bytes.
   *
   * @param data the bytes, which must not be changed afterwards
   */
  write(data: Uint8Array): void;
  /**
   * Registers a push producer: it is paused when too much waits to be sent, and
   * resumed when nothing does. Where nothing can be sent any more, it is stopped
   * instead.
   *
   * @param producer what to pause and resume
   * @param streaming that it writes by itself
   * @throws {Error} if there is one already
   */
  registerProducer(producer: PushProducer, streaming: true): void;
  /**
   * Registers a pull producer: it is asked now for the first piece, and for the next
   * when nothing of the one before waits to be sent.
   *
   * @param producer what to ask
   * @param streaming that it has to be asked
   * @throws {Error} if there is one already
   */
  registerProducer(producer: PullProducer, streaming: false): void;
  /** Removes the producer, if there is one: it has written everything. */
  unregisterProducer(): void;
}

// ---------------------------------------------------------------------------
// Protocols, factories, transports

/** One connection, as the protocol at this end of it sees it. */
export interface Transport extends PushProducer, Consumer {
  /** Whether the connection is open. */
  readonly connected: boolean;
  /** Whether it is to close or to abort, and its end is still to come. */
  readonly disconnecting: boolean;
  /**
   * Sends bytes, behind those of earlier writes. They are not copied: they must
   * not be changed afterwards. On a connection that is over this does nothing.
   *
   * @param data the bytes
   * @throws {TypeError} if `data` is not a `Uint8Array`
   */
  write(data: Uint8Array): void;
  /**
   * Sends the bytes of several arrays in a row.
   *
   * @param data the arrays
   * @throws {TypeError} if one is not a `Uint8Array`; nothing is sent then
   */
  writeSequence(data: Iterable<Uint8Array>): void;
  /**
   * Closes the connection, after everything that was written has been sent. Nothing
   * more is received from now on. A pull producer, or one that is paused, is resumed
   * before that, until it is unregistered.
   */
  loseConnection(): void;
  /**
   * Closes this half of the connection, after everything that was written has been
   * sent: the peer sees EOF, and can go on sending. What is written later is not sent.
   */
  loseWriteConnection(): void;
  /** Closes the connection at once. What was written may never be sent. */
  abortConnection(): void;
  /**
   * Switches Nagle's algorithm off or on: whether small writes are sent at once, or
   * gathered for a moment to send fewer packets. TLS switches it off at its start.
   *
   * @param enabled at once
   */
  setTcpNoDelay(enabled: boolean): void;
  /** Whether small writes are sent at once. */
  getTcpNoDelay(): boolean;
  /**
   * Whether the system probes a peer that has been silent for long. The connection
   * breaks if there is no answer.
   *
   * @param enabled that it does
   */
  setTcpKeepAlive(enabled: boolean): void;
  /** Whether the system probes a silent peer. */
  getTcpKeepAlive(): boolean;
  /**
   * Starts TLS in the middle of the connection: what is written from now on is
   * encrypted. The protocol's `handshakeCompleted` follows; where the handshake fails,
   * or takes longer than `handshakeTimeout`, the connection is lost with an `SSLError`.
   * So it is where the protocol holds bytes that came in clear (its `bufferedBytes`):
   * behind the command that has begun TLS, a man in the middle could have put them in.
   *
   * The side that has made the connection is the client, and checks the other's
   * certificate for the host that it has connected to.
   *
   * @param options what to show, and what to trust
   * @throws {Error} if TLS was started before, or the runtime cannot do it here
   * @throws {TypeError} if a certificate or key cannot be read
   */
  startTLS(options: ClientTLSOptions | ServerTLSOptions): void;
  /** Which of the `alpnProtocols` was chosen; `undefined` before the handshake is complete. */
  readonly negotiatedProtocol: string | undefined;
  /** The certificate that the peer has shown, over TLS. */
  getPeerCertificate(): PeerCertificate | undefined;
  /**
   * Receives nothing more until `resumeProducing()`, neither data nor EOF. That is
   * backpressure: a peer that goes on sending has to wait as well, after a while.
   */
  pauseProducing(): void;
  /** Receives again, if `loseConnection()` was not called. */
  resumeProducing(): void;
  /** The same as `loseConnection()`. */
  stopProducing(): void;
  /** Unregisters the producer, and closes the connection. */
  stopConsuming(): void;
  /**
   * What arrives, as a web stream. From the first use on, best in `connectionMade`,
   * pieces go there instead of to the protocol's `dataReceived`, and the transport is
   * paused while nobody reads. The protocol still gets its `connectionLost`, last.
   *
   * After a clean end the stream closes. After any other it fails with the error that
   * `connectionLost` gets, which is not logged again where a promise of the protocol's
   * is rejected with it.
   *
   * At EOF the stream closes, and the connection follows when what was written is sent;
   * unless `writable` is in use, at the latest right behind the loop that reads: then it
   * stays open until that is closed or aborted. (A protocol that has a
   * `readConnectionLost` decides that itself.)
   *
   * To cancel the stream closes the connection, after what was written is sent. With
   * `writable` in use it stays open until that is closed as well, and what arrives
   * meanwhile is thrown away.
   */
  readonly readable: ReadableStream<Uint8Array>;
  /**
   * What is to be sent, as a web stream. It is the transport's producer from its first
   * use until it is closed: a write waits while too much waits to be sent. Bytes are
   * not copied, as with `write`.
   *
   * To close it is `loseWriteConnection()`, and takes until everything is sent. To abort
   * it is `abortConnection()`, and so is to write anything but a `Uint8Array`. When the
   * connection ends before, the stream and a write that waits fail with the error that
   * `connectionLost` gets.
   *
   * @throws {Error} if the transport has a producer already
   */
  readonly writable: WritableStream<Uint8Array>;
  /**
   * The pieces of `readable`: `for await (const piece of transport)`. Leaving the
   * loop early cancels the stream, which closes the connection.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
  /** The address of the other end. */
  getPeer(): Address;
  /** The address of this end. */
  getHost(): Address;
}

/**
 * What a transport calls: `makeConnection` first and once, `connectionLost` last and
 * once, and `dataReceived` any number of times between them.
 */
export interface ProtocolLike {
  /**
   * The connection is made.
   *
   * @param transport the connection
   */
  makeConnection(transport: Transport): void;
  /**
   * Bytes have come, in order, but cut anywhere.
   *
   * @param data the bytes, the protocol's to keep
   */
  dataReceived(data: Uint8Array): void;
  /**
   * The peer will send nothing more, but can still be sent to. Where this is missing,
   * the whole connection is closed then.
   */
  readConnectionLost?: (() => void) | undefined;
  /** This half is closed, after `loseWriteConnection()`. */
  writeConnectionLost?: (() => void) | undefined;
  /**
   * The TLS handshake is complete, and what is written is on its way. Comes before the
   * first data, which do not come where this pauses or ends the connection, or throws.
   * Twisted's `IHandshakeListener`.
   */
  handshakeCompleted?: (() => void) | undefined;
  /**
   * The connection is over.
   *
   * @param reason `ConnectionDone` after a clean end on either side, else what
   *   went wrong
   */
  connectionLost(reason: Failure): void;
  /**
   * How many of the bytes that it was given it keeps, to look at them later: where
   * there are any, TLS cannot start.
   *
   * @default {0}
   */
  readonly bufferedBytes?: number | undefined;
  /** Its name for the log; that of its class, where this is missing. */
  logPrefix?: (() => string) | undefined;
}

/**
 * A protocol that goes on when one half of its connection is closed: Twisted's
 * `IHalfCloseableProtocol`. When both are, `connectionLost` follows.
 */
export interface HalfCloseableProtocol extends ProtocolLike {
  /** The peer will send nothing more, but can still be sent to. */
  readConnectionLost(): void;
  /** This half is closed, after `loseWriteConnection()`. */
  writeConnectionLost(): void;
}

/** What ports and connectors call. */
export interface FactoryLike {
  /** One more port or connector uses it. */
  doStart(): void;
  /** One port or connector less uses it. */
  doStop(): void;
  /**
   * A connection was made, and needs a protocol.
   *
   * @param address the address of the other end
   * @returns the protocol, or nothing to close the connection
   */
  buildProtocol(address: Address): ProtocolLike | null | undefined;
  /** Its name for the log; that of its class, where this is missing. */
  logPrefix?: (() => string) | undefined;
}

/**
 * What a connector calls: after `startedConnecting`, either `clientConnectionFailed`,
 * or `buildProtocol` and, in the end, `clientConnectionLost`.
 */
export interface ClientFactoryLike extends FactoryLike {
  /**
   * An attempt to connect begins.
   *
   * @param connector can end it
   */
  startedConnecting(connector: Connector): void;
  /**
   * The attempt has failed.
   *
   * @param connector can try again: `connector.connect()`
   * @param reason why
   */
  clientConnectionFailed(connector: Connector, reason: Failure): void;
  /**
   * The connection is over, after `connectionLost` of the protocol.
   *
   * @param connector can connect again: `connector.connect()`
   * @param reason why
   */
  clientConnectionLost(connector: Connector, reason: Failure): void;
}

/** The state of a {@linkcode Connector}. */
export type ConnectorState = "disconnected" | "connecting" | "connected";

/** One client connection through all its attempts: what `connectTCP` returns. */
export interface Connector {
  /** Where it is in its life. */
  readonly state: ConnectorState;
  /** The connection, while there is one. */
  readonly transport: Transport | undefined;
  /**
   * Connects, or connects again.
   *
   * @throws {Error} if it is connecting or connected
   */
  connect(): void;
  /** Ends the attempt, or the connection. */
  disconnect(): void;
  /**
   * Ends the attempt; `clientConnectionFailed` is called before this returns.
   *
   * @throws {NotConnectingError} if there is none
   */
  stopConnecting(): void;
  /** Where it connects to, with the host as it was given. */
  getDestination(): Address;
}
