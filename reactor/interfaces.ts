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
// Descriptors: what a reactor watches

/** What a `doRead` or `doWrite` says about its connection: nothing, or its end. */
export type DescriptorStatus = Error | null | undefined | void;

/** What is common to all that a reactor watches. */
export interface FileDescriptor {
  /** The number of the open socket beneath; less than 0 if there is none. */
  fileno(): number;
  /**
   * The connection is over. Called once, and last; the reactor has forgotten
   * the descriptor by then.
   *
   * @param reason why
   */
  connectionLost(reason: Failure): void;
  /** Who this is, for the log. */
  logPrefix(): string;
}

/** What a reactor calls when there is something to read. */
export interface ReadDescriptor extends FileDescriptor {
  /**
   * There is something to read: data, or the end.
   *
   * @returns nothing to go on; `CONNECTION_DONE`, `CONNECTION_LOST` or another
   *   error to end the connection; or a promise of either, before which it is not
   *   called again
   */
  doRead(): DescriptorStatus | Promise<DescriptorStatus>;
  /**
   * The half on which data come is over, because `doRead` has returned
   * `CONNECTION_DONE`: the reactor has forgotten the reader, and goes on with it
   * as a writer. Where this is missing, the connection is over as a whole then.
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

/** What is known of the one at the other end of a TLS connection. */
export interface PeerCertificate {
  /** Whom it speaks of: `{ CN: "localhost" }`. */
  readonly subject: Readonly<Record<string, string>>;
  /** Who has signed it. */
  readonly issuer: Readonly<Record<string, string>>;
  /** The certificate itself, in the DER form. */
  readonly raw: Uint8Array;
}

// ---------------------------------------------------------------------------
// Producers

/** What gives out data a piece at a time, each when it is asked for. */
export interface PullProducer {
  /** Asks for the next piece. */
  resumeProducing(): void;
  /** Tells it that nothing more is wanted, ever. */
  stopProducing(): void;
}

/** What gives out data by itself, and can be told to wait. */
export interface PushProducer extends PullProducer {
  /** Tells it to give nothing out until `resumeProducing()`. */
  pauseProducing(): void;
  /** Tells it to go on. */
  resumeProducing(): void;
}

/** What takes data in, and tells a producer how much of it. */
export interface Consumer {
  /**
   * Whether it has no more use for a piece when it asks for the next one, so that
   * a producer that is asked for each may use the same bytes again.
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
   * From now on a producer gives out what is to be taken, and is told to wait
   * when too much has gathered, and to go on when nothing is left of it.
   * Where nothing can be taken any more it is told to stop, and not registered.
   *
   * @param producer what is to be told
   * @param streaming that it gives out data by itself
   * @throws {Error} if there is one already
   */
  registerProducer(producer: PushProducer, streaming: true): void;
  /**
   * From now on a producer is asked for one piece after the other: now for the
   * first, and for the next when nothing is left of the one before.
   *
   * @param producer what is to be asked
   * @param streaming that it has to be asked
   * @throws {Error} if there is one already
   */
  registerProducer(producer: PullProducer, streaming: false): void;
  /** Nothing more comes from the producer. Without one this does nothing. */
  unregisterProducer(): void;
}

// ---------------------------------------------------------------------------
// Protocols, factories, transports

/** One connection, as the protocol at this end of it sees it. */
export interface Transport extends PushProducer, Consumer {
  /** Whether the connection is open. */
  readonly connected: boolean;
  /** Whether it was told to close or to abort, and its end is still to come. */
  readonly disconnecting: boolean;
  /**
   * Sends bytes, behind those of earlier writes. They are not copied: they must
   * not be changed afterwards. On a connection that is over this does nothing.
   *
   * @param data the bytes
   * @throws {TypeError} if `data` is no `Uint8Array`
   */
  write(data: Uint8Array): void;
  /**
   * Sends the bytes of several arrays in a row.
   *
   * @param data the arrays
   * @throws {TypeError} if one is no `Uint8Array`; nothing is sent then
   */
  writeSequence(data: Iterable<Uint8Array>): void;
  /**
   * Closes the connection, after everything that was written has been sent.
   * Nothing more is received from now on. A producer that has to be asked, or
   * was told to wait, goes on first: until it is unregistered.
   */
  loseConnection(): void;
  /**
   * Closes one half of the connection, after everything that was written has
   * been sent: the peer sees the end, and can go on sending. What is written
   * later is not sent.
   */
  loseWriteConnection(): void;
  /** Closes the connection at once. What was written may never be sent. */
  abortConnection(): void;
  /**
   * Chooses whether small pieces are sent at once, or the system may gather them
   * for a moment to send fewer packets, as it does unless told otherwise. Over TLS
   * they are sent at once, until this says otherwise.
   *
   * @param enabled at once
   */
  setTcpNoDelay(enabled: boolean): void;
  /** Whether small pieces are sent at once. */
  getTcpNoDelay(): boolean;
  /**
   * Chooses whether the system asks a peer that has been silent for long whether
   * it is still there. The connection breaks if it is not.
   *
   * @param enabled that it asks
   */
  setTcpKeepAlive(enabled: boolean): void;
  /** Whether the system asks a silent peer whether it is there. */
  getTcpKeepAlive(): boolean;
  /**
   * Goes on with TLS, in the middle of the connection: what is written from now
   * on is encrypted, behind what was written before. The protocol's
   * `handshakeCompleted` is called, if it has one, when both ends have agreed;
   * where they cannot, the connection is lost with an `SSLError` that says why.
   * So it is where they have not agreed after `handshakeTimeout`, and where the
   * protocol holds bytes that came in clear (its `bufferedBytes`): behind the
   * command that has begun TLS, somebody in between could have put in others.
   *
   * The side that has made the connection is the client, who checks the other's
   * certificate against the host that it has connected to.
   *
   * @param options what to show, and what to trust
   * @throws {Error} if TLS was started before, or the runtime cannot do it here
   * @throws {TypeError} if a certificate or key cannot be read
   */
  startTLS(options: ClientTLSOptions | ServerTLSOptions): void;
  /** Which of the `alpnProtocols` was agreed upon; nothing before that. */
  readonly negotiatedProtocol: string | undefined;
  /** The certificate that the peer has shown, over TLS. */
  getPeerCertificate(): PeerCertificate | undefined;
  /**
   * Receives nothing more until `resumeProducing()`: neither data nor the end.
   * A peer that goes on sending has to wait as well, after a while.
   */
  pauseProducing(): void;
  /** Receives again, if `loseConnection()` was not called. */
  resumeProducing(): void;
  /** The same as `loseConnection()`. */
  stopProducing(): void;
  /** Takes nothing more from the producer, and closes the connection. */
  stopConsuming(): void;
  /**
   * What arrives, as a web stream. From the first time on that it is asked for,
   * the pieces go there and no more to the protocol's `dataReceived`: so the
   * place to ask is `connectionMade`. The protocol still gets its
   * `connectionLost`, last.
   *
   * Nothing is received before somebody reads, so that a peer is no faster than
   * its reader; pausing and resuming is the stream's from then on. After a clean
   * end the stream closes. After any other it fails with the error that
   * `connectionLost` gets; where that comes out of a promise that a method of a
   * protocol has returned, it is not logged again.
   *
   * When the peer closes its half, the stream closes. The connection follows when
   * what was written is sent, unless `writable` was asked for, at the latest right
   * behind the end of the loop that reads: then it stays open until `writable` is
   * closed or aborted. (A protocol that has a `readConnectionLost` decides that
   * itself.)
   *
   * To cancel the stream closes the connection, after what was written is sent.
   * Where `writable` is in use, it stays open until that is closed as well, and
   * what arrives meanwhile is thrown away.
   */
  readonly readable: ReadableStream<Uint8Array>;
  /**
   * What is to be sent, as a web stream. It is the transport's producer from the
   * first time on that it is asked for until it is closed: its writer waits while
   * more is to be sent than the transport takes at once. As with `write`, bytes
   * are not copied: they must not be changed afterwards.
   *
   * To close it is `loseWriteConnection()`: it is closed when everything is sent.
   * To abort it is `abortConnection()`, and so is writing what is no `Uint8Array`.
   * When the connection ends before, it fails with the error that
   * `connectionLost` gets, and so does a write that waits.
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
 * What a transport asks of its protocol.
 *
 * `makeConnection` comes first and once, `connectionLost` last and once, and
 * `dataReceived` any number of times between them.
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
   * The peer will send nothing more, but can still be sent to. Where this is
   * missing, the connection is closed as a whole then.
   */
  readConnectionLost?: (() => void) | undefined;
  /** What `loseWriteConnection()` asked for is done. */
  writeConnectionLost?: (() => void) | undefined;
  /**
   * Over TLS: both ends have agreed, and what is written is on its way. Comes
   * before the first data, which do not come where this pauses or ends the
   * connection, or throws. Twisted's `IHandshakeListener`.
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
   * How many bytes it was given that it keeps, to look at them later. A transport
   * that goes on with TLS asks, since nobody knows who has sent those.
   *
   * @default {0}
   */
  readonly bufferedBytes?: number | undefined;
  /** Who this is, for the log; the name of its class, where this is missing. */
  logPrefix?: (() => string) | undefined;
}

/**
 * A protocol that goes on when one half of its connection is closed: Twisted's
 * `IHalfCloseableProtocol`. When both are, `connectionLost` follows.
 */
export interface HalfCloseableProtocol extends ProtocolLike {
  /** The peer will send nothing more, but can still be sent to. */
  readConnectionLost(): void;
  /** What `loseWriteConnection()` asked for is done. */
  writeConnectionLost(): void;
}

/** What a port asks of its factory, and a connector of any. */
export interface FactoryLike {
  /** It is being used by one port or connector more. */
  doStart(): void;
  /** It is being used by one port or connector less. */
  doStop(): void;
  /**
   * A connection was made, and needs a protocol.
   *
   * @param address the address of the other end
   * @returns the protocol, or nothing to close the connection
   */
  buildProtocol(address: Address): ProtocolLike | null | undefined;
  /** Who this is, for the log; the name of its class, where this is missing. */
  logPrefix?: (() => string) | undefined;
}

/**
 * What a connector asks of its factory: after `startedConnecting`, either
 * `clientConnectionFailed`, or `buildProtocol` and, in the end,
 * `clientConnectionLost`.
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
   * The connection is over. The protocol was told already.
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
  /** Where it is. */
  readonly state: ConnectorState;
  /** The connection, while there is one. */
  readonly transport: Transport | undefined;
  /**
   * Connects, or connects again.
   *
   * @throws {Error} if it is connecting or connected
   */
  connect(): void;
  /** Ends what is: the attempt, or the connection. */
  disconnect(): void;
  /**
   * Ends the attempt; the factory is told before this returns.
   *
   * @throws {NotConnectingError} if there is none
   */
  stopConnecting(): void;
  /** Where it connects to, with the host as it was given. */
  getDestination(): Address;
}
