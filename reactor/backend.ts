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

/**
 * A connection that TLS has been laid over. It has nothing to give, and no room
 * to take anything, before the two ends have agreed: the handshake. Where they
 * cannot, it breaks with the reason.
 */
export interface SecureStream extends Stream {
  /** Whether the handshake is over, and went well. */
  readonly secured: boolean;
  /** Calls `fn` once when the handshake is over and went well. */
  onHandshake(fn: () => void): void;
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
