/**
 * The contract for runtimes: what a reactor needs of Deno, of Node, or of a network
 * in memory.
 *
 * @module
 */

import type { Address, TCPAddress, UNIXAddress } from "./addresses.ts";
import type { ConnectionLost } from "./errors.ts";
import type { PeerCertificate } from "./interfaces.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "./tls_options.ts";

/** What is called once when what was polled has become ready. */
export interface ReadinessObserver {
  /** There is something to receive, or to accept. */
  readable(): void;
  /** There is room to send. */
  writable(): void;
}

/**
 * What can be polled for readiness. It is unref'd: whether open or polled, it does not
 * keep the program alive. Whoever waits for it does, with an alarm.
 */
export interface Pollable {
  /** Calls `readable` once, maybe at once, when there is something to read. */
  pollRead(observer: ReadinessObserver): void;
  /** Calls `writable` once, maybe at once, when there is room to write. */
  pollWrite(observer: ReadinessObserver): void;
}

/**
 * One open connection: a non-blocking socket.
 *
 * Nothing is read before it is polled for, and nothing more while what was read waits
 * to be received: that is backpressure, which slows the peer down.
 */
export interface Stream extends Pollable {
  /** The address of this end. */
  readonly localAddress: Address;
  /** The address of the other end. */
  readonly remoteAddress: Address;
  /**
   * Takes what has arrived, but no more than `max` bytes. They are the caller's to
   * keep.
   *
   * @returns an empty array at EOF, `undefined` if there is nothing yet, an error if
   *   the connection broke
   */
  receive(max: number): Uint8Array | ConnectionLost | undefined;
  /**
   * Why something that was sent is lost, as far as that is known. Missing where
   * nothing ever is.
   */
  readonly lost?: ConnectionLost | undefined;
  /**
   * Starts sending bytes, which must not change until the stream is writable again.
   *
   * @returns how many bytes it took, from the front; 0 if there is no room yet;
   *   an error if the connection broke
   */
  send(bytes: Uint8Array): number | ConnectionLost;
  /**
   * Finds out whether the peer has refused what was sent, because it is gone, where no
   * read is under way that would report it: there is room to write when that is known,
   * and `lost` says what came of it. Called when there is room to write, and before
   * `endWrite`. Missing where `lost` always knows.
   */
  checkSent?(): void;
  /**
   * Closes this half, behind what was sent: the peer sees EOF, and can go on sending.
   * Called when there is room to write, and nothing is sent afterwards. Missing where
   * a connection can only be closed as a whole.
   */
  endWrite?(): void;
  /** Whether small writes are sent at once. Missing where nothing is gathered. */
  setNoDelay?(enabled: boolean): void;
  /** Whether a silent peer is probed. Missing where it cannot vanish. */
  setKeepAlive?(enabled: boolean): void;
  /**
   * Closes the connection. What is still on its way out may be lost.
   *
   * @returns settles when it is closed, if that takes a while
   */
  close(): void | Promise<void>;
  /** Resets the connection, where the runtime can: the peer sees it break. */
  abort(): void;
}

/**
 * A connection that TLS has been laid over. Until the handshake is complete it has
 * nothing to receive and no room to send; where it fails, the stream breaks with the
 * reason.
 */
export interface SecureStream extends Stream {
  /** Whether the handshake is complete. */
  readonly secured: boolean;
  /** Calls `fn` once when the handshake is complete. */
  onHandshake(fn: () => void): void;
  /**
   * How long the handshake may take, in seconds, and `null` for no limit. Set by
   * whoever lays TLS over the connection, and kept by the reactor.
   *
   * @default {30}
   */
  handshakeTimeout?: number | null | undefined;
  /** Which of the `alpnProtocols` was chosen. */
  readonly negotiatedProtocol: string | undefined;
  /** The certificate of the other end, if it has shown one. */
  readonly peerCertificate: PeerCertificate | undefined;
}

/** An open port. */
export interface Listener<A extends Address = TCPAddress> extends Pollable {
  /** The address that it listens on. */
  readonly address: A;
  /**
   * Takes a connection that has been made. Those that were reset while they waited,
   * so that their address is unknown, are left out.
   *
   * @returns `undefined` if there is none yet, an error if none can be accepted for
   *   now: descriptors have run out
   */
  accept(): Stream | Error | undefined;
  /**
   * Closes the port. Connections live on.
   *
   * @returns settles when the port is free again, if that takes a while
   */
  close(): void | Promise<void>;
}

/** Where to connect to. */
export interface ConnectOptions {
  /** A host name or an address. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** The local host and port to connect from; by default the system's choice. */
  readonly bindAddress?: readonly [host: string, port: number] | undefined;
}

/** Where to listen. */
export interface ListenOptions {
  /** The local address; empty for all of them. */
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
  /** The path of the socket's file, which is removed at the end. */
  readonly path: string;
  /** How many connections may wait to be accepted. */
  readonly backlog: number;
  /** Who may connect, as the permissions of a file: `0o660`. */
  readonly mode: number;
  /** Whether to lock the socket with a file beside it, and take over a stale one. */
  readonly lock: boolean;
}

/** A side of a TLS handshake, and its options. */
export type PrepareTLSOptions =
  | { readonly side: "client"; readonly tls: ClientTLSOptions }
  | { readonly side: "server"; readonly tls: ServerTLSOptions };

/**
 * Lays TLS over a connection, which the new stream owns from now on, and closes. What
 * has arrived and was not received is the beginning of the handshake.
 */
export type TLSLayer = (stream: Stream) => SecureStream;

/** An attempt to connect, or a lookup, that is under way. */
export interface Attempt {
  /** Cancels the attempt: `done` is not called any more. */
  cancel(): void;
}

/** A signal that the operating system sends to a program to end it. */
export type StopSignal = "SIGINT" | "SIGTERM";

/**
 * What a reactor needs of the runtime: connections, ports, time and signals. All that
 * a new runtime has to implement.
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
   * @param done called once, never before this returns, with the stream, or an error
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
   * Starts to connect to a UNIX socket. Missing where there are none.
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
   * Prepares TLS, and reads the certificates. Missing where there is no TLS.
   *
   * @param options which side this is, and what it shows and trusts
   * @throws {TypeError} if a certificate or key cannot be read
   */
  prepareTLS?(options: PrepareTLSOptions): TLSLayer;
  /**
   * Looks up the addresses of a host. Missing where there are no names.
   *
   * @param hostname the name; an address is its own
   * @param done called once, never before this returns, with the addresses in the
   *   order in which the system would try them, or a `DNSLookupError`
   */
  lookup?(
    hostname: string,
    done: (outcome: readonly string[] | Error) => void,
  ): Attempt;
  /**
   * Reads a text file. Missing where there are no files.
   *
   * @param path which one
   * @throws {Error} if it cannot be read; the message says why
   */
  readTextFile?(path: string): string;
  /**
   * Lists the names of the files in a folder, sorted. Missing where there are none.
   *
   * @param path which one
   * @throws {Error} if it cannot be read; the message says why
   */
  listFolder?(path: string): string[];
  /**
   * Calls `fn` so many seconds from now, and keeps the program alive until then.
   *
   * @returns cancels the call
   */
  setAlarm(seconds: number, fn: () => void): () => void;
  /** Calls `fn` after one turn of the runtime's own loop: its I/O, timers, signals. */
  nextTurn(fn: () => void): void;
  /**
   * Calls `fn` whenever one of the signals comes.
   *
   * @returns removes the handler
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
