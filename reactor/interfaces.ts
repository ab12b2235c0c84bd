/**
 * The contracts: what a reactor promises to those who use it, what it asks of
 * those it calls, and what both ask of the runtime beneath them.
 *
 * @module
 */

import type { Failure, Log } from "../defer/mod.ts";
import type { Address, TCPAddress, UNIXAddress } from "./addresses.ts";
import type { DelayedCall } from "./loop/delayed_call.ts";
import type { ConnectionLost } from "./errors.ts";
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

/** Is told once that what it asked for would not wait any more. */
export interface ReadinessObserver {
  /** A read, or an accept, has something to give. */
  readable(): void;
  /** A write has room. */
  writable(): void;
}

/**
 * What can be watched for readiness. That it is open, or watched, does not keep
 * the program alive: whoever waits for it has to, with an alarm.
 */
export interface Pollable {
  /** Tells the observer once, maybe at once, that there is something to read. */
  pollRead(observer: ReadinessObserver): void;
  /** Tells the observer once, maybe at once, that there is room to write. */
  pollWrite(observer: ReadinessObserver): void;
}

// ---------------------------------------------------------------------------
// Backends: what a runtime has to provide

/**
 * One open connection, as a backend gives it out: a non-blocking socket.
 *
 * Nothing is read before somebody polls for it, and nothing more while what was
 * read waits to be taken: so a connection that nobody reads slows its peer down.
 */
export interface Stream extends Pollable {
  /** The address of this end. */
  readonly localAddress: Address;
  /** The address of the other end. */
  readonly remoteAddress: Address;
  /**
   * Takes what has arrived, but no more than `max` bytes. The bytes are the
   * caller's to keep.
   *
   * @returns an empty array at the end, `undefined` if there is nothing yet, an
   *   error if the connection broke
   */
  receive(max: number): Uint8Array | ConnectionLost | undefined;
  /**
   * Starts sending bytes, which must not change until the stream is writable
   * again. With no bytes it only tells whether those before were lost.
   *
   * @returns how many bytes it took, from the front; 0 if there is no room yet;
   *   an error if the connection broke
   */
  send(bytes: Uint8Array): number | ConnectionLost;
  /**
   * Finds out whether the peer has refused what was sent to it, because it is gone,
   * where no read is under way that would be told: there is room to write when that
   * is known, and `send` tells what came of it. Called when there is room to write,
   * and before `endWrite`. Missing where `send` always knows.
   */
  checkSent?(): void;
  /**
   * Sends the end, behind what was sent: the peer sees it, and can go on sending.
   * Called when there is room to write, and nothing is sent afterwards. Missing
   * where a connection can only be closed as a whole.
   */
  endWrite?(): void;
  /** Whether small pieces are sent at once. Missing where nothing is gathered. */
  setNoDelay?(enabled: boolean): void;
  /** Whether a silent peer is asked for life. Missing where it cannot vanish. */
  setKeepAlive?(enabled: boolean): void;
  /**
   * Closes the connection. What is still on its way out may be lost.
   *
   * @returns settles when it is closed, if that takes a while
   */
  close(): void | Promise<void>;
  /** Closes the connection so that the peer sees it break, where that can be. */
  abort(): void;
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

/**
 * A connection that TLS has been laid over. It has nothing to give, and no room
 * to take anything, before the two ends have agreed: the handshake. Where they
 * cannot, it breaks with the reason.
 */
export interface SecureStream extends Stream {
  /** Whether the handshake is over, and went well. */
  readonly secured: boolean;
  /** Calls `fn` once when the handshake is over and went well. */
  onSecured(fn: () => void): void;
  /**
   * How long the handshake may take, in seconds, and `null` for no limit: set by
   * whoever has laid TLS over the connection. It is the reactor that keeps the time.
   *
   * @default {30}
   */
  handshakeTimeout?: number | null | undefined;
  /** The protocol that was agreed upon, of those in `alpnProtocols`. */
  readonly negotiatedProtocol: string | undefined;
  /** The certificate of the other end, if it has shown one. */
  readonly peerCertificate: PeerCertificate | undefined;
}

/** An open port, as a backend gives it out. */
export interface Listener<A extends Address = TCPAddress> extends Pollable {
  /** The address it listens on. */
  readonly address: A;
  /**
   * Takes a connection that has been made. Those that were reset while they
   * waited, and of which nobody knows the address any more, are left out.
   *
   * @returns `undefined` if there is none yet, an error if none can be accepted
   *   for now: descriptors have run out
   */
  accept(): Stream | Error | undefined;
  /**
   * Closes the port. Connections live on.
   *
   * @returns what settles when the port is free again; nothing, if it is already
   */
  close(): void | Promise<void>;
}

/** Where to connect to. */
export interface ConnectOptions {
  /** A host name or an address. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** The local host and port to connect from; the system's choice unless given. */
  readonly bindAddress?: readonly [host: string, port: number] | undefined;
}

/** Where to listen. */
export interface ListenOptions {
  /** The local address; all of them unless given. */
  readonly hostname: string;
  /** The port; 0 for one that is free. */
  readonly port: number;
  /** How many connections may wait to be accepted. */
  readonly backlog: number;
  /** Whether other processes may listen on the same port. */
  readonly reusePort: boolean;
}

/** Which UNIX socket to connect to. */
export interface ConnectPathOptions {
  /** The path of the socket's file. */
  readonly path: string;
  /** Whether the socket must be locked by the server that listens on it. */
  readonly mustBeLocked: boolean;
}

/** Which UNIX socket to listen on. */
export interface ListenPathOptions {
  /** The path of the socket's file, which is made, and removed at the end. */
  readonly path: string;
  /** How many connections may wait to be accepted. */
  readonly backlog: number;
  /** Who may connect, as the permissions of a file: `0o660`. */
  readonly mode: number;
  /**
   * Whether to lock the socket with a file beside it, and take over a socket whose
   * lock was left by a server that is dead.
   */
  readonly lock: boolean;
}

/** The side that a TLS handshake is made from, and with what. */
export type PrepareTLSOptions =
  | { readonly side: "client"; readonly tls: ClientTLSOptions }
  | { readonly side: "server"; readonly tls: ServerTLSOptions };

/**
 * Lays TLS over a connection, which is the new stream's from now on and is closed
 * with it. What it has received and nobody has taken is the beginning of the
 * handshake.
 */
export type TLSLayer = (stream: Stream) => SecureStream;

/** An attempt to connect that is under way. */
export interface Attempt {
  /** Gives up; the outcome is not told any more. */
  cancel(): void;
}

/** A signal that the operating system sends to a program to end it. */
export type StopSignal = "SIGINT" | "SIGTERM";

/**
 * What a reactor needs of the runtime: connections, ports, time and signals.
 * The one place that a new runtime has to fill in.
 */
export interface Backend {
  /** The name of the backend, for messages. */
  readonly name: string;
  /** The time: seconds since the epoch that never jump. */
  seconds(): number;
  /**
   * Starts to connect.
   *
   * @param options where to
   * @param done told once, never before this returns: the stream, or an error
   *   of this library's that says why there is none
   */
  connect(
    options: ConnectOptions,
    done: (outcome: Stream | Error) => void,
  ): Attempt;
  /**
   * Opens a port.
   *
   * @throws {CannotListenError} if it cannot
   */
  listen(options: ListenOptions): Listener;
  /**
   * Starts to connect to a UNIX socket, as `connect` does. Missing where there
   * are none.
   *
   * @param options which one
   * @param done as in `connect`
   */
  connectPath?(
    options: ConnectPathOptions,
    done: (outcome: Stream | Error) => void,
  ): Attempt;
  /**
   * Opens a UNIX socket. Missing where there are none.
   *
   * @throws {CannotListenError} if it cannot
   */
  listenPath?(options: ListenPathOptions): Listener<UNIXAddress>;
  /**
   * Gets all ready for TLS: the certificates are read now. Missing where there
   * is no TLS.
   *
   * @param options which side this is, and what it shows and trusts
   * @throws {TypeError} if a certificate or key cannot be read
   */
  prepareTLS?(options: PrepareTLSOptions): TLSLayer;
  /**
   * Looks the addresses of a host's name up. Missing where there are no names.
   *
   * @param hostname the name; an address is its own
   * @param done told once, never before this returns: the addresses in the order
   *   in which the system would try them, or a `DNSLookupError`
   */
  lookup?(
    hostname: string,
    done: (outcome: readonly string[] | Error) => void,
  ): Attempt;
  /**
   * Reads a text file, like one with a certificate. Missing where there are no
   * files.
   *
   * @param path which one
   * @throws {Error} if it cannot be read; the message says why
   */
  readTextFile?(path: string): string;
  /**
   * Lists the names of the files in a folder, sorted. Missing where there are no
   * files.
   *
   * @param path which one
   * @throws {Error} if it cannot be read; the message says why
   */
  listFolder?(path: string): string[];
  /**
   * Calls `fn` so many seconds from now, and keeps the program alive until then.
   *
   * @returns what takes the call back
   */
  setAlarm(seconds: number, fn: () => void): () => void;
  /** Calls `fn` when the runtime has seen to its own events once. */
  nextTurn(fn: () => void): void;
  /**
   * Calls `fn` whenever one of the signals comes.
   *
   * @returns what takes it away again
   */
  onSignal(signals: readonly StopSignal[], fn: () => void): () => void;
  /**
   * Chooses the exit status that the program has when it ends. Missing where
   * there is no program to end.
   *
   * @param code 0, which means that all went well, to 255
   */
  setExitStatus?(code: number): void;
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
export interface AnyProtocol {
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
export interface HalfCloseableProtocol extends AnyProtocol {
  /** The peer will send nothing more, but can still be sent to. */
  readConnectionLost(): void;
  /** What `loseWriteConnection()` asked for is done. */
  writeConnectionLost(): void;
}

/** What a port asks of its factory, and a connector of any. */
export interface AnyFactory {
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
  buildProtocol(address: Address): AnyProtocol | null | undefined;
  /** Who this is, for the log; the name of its class, where this is missing. */
  logPrefix?: (() => string) | undefined;
}

/**
 * What a connector asks of its factory: after `startedConnecting`, either
 * `clientConnectionFailed`, or `buildProtocol` and, in the end,
 * `clientConnectionLost`.
 */
export interface AnyClientFactory extends AnyFactory {
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

/** Something that a reactor has to end when it stops. */
export interface Disconnectable {
  /**
   * Ends it now, and tells all who are to be told.
   *
   * @returns nothing, or what settles when the runtime has ended it as well
   */
  disconnectNow(reason: Failure): void | Promise<void>;
}

/** The place of what is open, among all that a reactor has to end. */
export interface OpenPlace {
  /** It is not open any more: there is nothing to end. */
  leave(): void;
}

/** What the parts of a reactor ask of it; no concern of its users. */
export interface ReactorCore extends ReactorTime {
  /** What opens connections and ports. */
  readonly backend: Backend;
  /** Where errors go. */
  readonly log: Log;
  /** Watches for something to read. */
  addReader(reader: ReadDescriptor): void;
  /** Watches no more for something to read. */
  removeReader(reader: ReadDescriptor): void;
  /** Watches for room to write. */
  addWriter(writer: WriteDescriptor): void;
  /** Watches no more for room to write. */
  removeWriter(writer: WriteDescriptor): void;
  /** Calls `fn` with `args` on the next turn of the loop. */
  callFromThread<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): void;
  /**
   * Something was opened that is to be ended when the reactor stops.
   *
   * @returns the place that it leaves when it has come to its end before
   */
  opened(thing: Disconnectable, kind: "port" | "connection"): OpenPlace;
  /** Something takes a while to close: the loop does not end before it is. */
  closing(closed: Promise<void>): void;
}
