// The contract for runtimes.

import type { Address, TCPAddress, UNIXAddress } from "./addresses.ts";
import type { ConnectionLost } from "./errors.ts";
import type { PeerCertificate } from "./interfaces.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "./tls_options.ts";

/**
 * Called once for each poll.
 * @category Backends
 */
export interface ReadinessObserver {
  /** There is something to receive or accept. */
  readable(): void;
  /** There is room to send. */
  writable(): void;
}

/**
 * Can be polled for readiness. Unref'd while no loop runs: open or polled, it keeps no
 * program alive; the reactor's alarm does.
 * @category Backends
 */
export interface Pollable {
  /** Calls `readable` once, maybe now. */
  pollRead(observer: ReadinessObserver): void;
  /** Calls `writable` once, maybe now. */
  pollWrite(observer: ReadinessObserver): void;
}

/**
 * A connection: a non-blocking socket. It reads nothing before a poll, and no more while
 * what was read waits: backpressure on the peer.
 * @category Backends
 */
export interface Stream extends Pollable {
  /** This end's address. */
  readonly localAddress: Address;
  /** The other end's address. */
  readonly remoteAddress: Address;
  /**
   * Takes at most `max` bytes, which the caller may keep and change.
   * @returns empty at EOF, `undefined` if there is nothing yet, an error if the
   *   connection broke
   */
  receive(max: number): Uint8Array | ConnectionLost | undefined;
  /** Gives the last `receive`'s bytes back. */
  release?(): void;
  /** Why something sent was lost, as far as known. */
  readonly lost?: ConnectionLost | undefined;
  /**
   * Starts to send bytes, which must not change until the stream is writable again.
   * @returns how many it took, 0 without room; an error if the connection broke
   */
  send(bytes: Uint8Array): number | ConnectionLost;
  /**
   * Finds out whether a peer that is gone has refused what was sent, which no pending
   * read would report: writable when that is known, with the result in `lost`. Called
   * when writable, and before `endWrite`.
   */
  checkSent?(): void;
  /** Half-closes, behind what was sent. Called when writable; nothing is sent after it. */
  endWrite?(): void;
  /** Whether small writes are sent at once. */
  setNoDelay?(enabled: boolean): void;
  /** Whether to probe a silent peer. */
  setKeepAlive?(enabled: boolean): void;
  /** What is on its way may be lost. Settles when closed. */
  close(): void | Promise<void>;
  /** Resets the connection, if possible. */
  abort(): void;
}

/**
 * Over TLS: with nothing to receive and no room to send until the handshake is complete;
 * if that fails, the stream breaks with the reason.
 * @category Backends
 */
export interface SecureStream extends Stream {
  /** Whether it is complete. */
  readonly secured: boolean;
  /** Calls `fn` once it is. */
  onHandshake(fn: () => void): void;
  /**
   * In seconds; `null` for none. Enforced by the reactor.
   * @default {30}
   */
  handshakeTimeout?: number | null | undefined;
  /** Of the `alpnProtocols`. */
  readonly negotiatedProtocol: string | undefined;
  /** The peer's, if it has shown one. */
  readonly peerCertificate: PeerCertificate | undefined;
}

/**
 * An open port.
 * @category Backends
 */
export interface Listener<A extends Address = TCPAddress> extends Pollable {
  /** The local address. */
  readonly address: A;
  /**
   * Takes a connection; none that was reset while it waited, whose address is unknown.
   * @returns `undefined` if there is none yet, an error if descriptors have run out
   */
  accept(): Stream | Error | undefined;
  /** Closes the port alone. Settles when it is free. */
  close(): void | Promise<void>;
}

/**
 * Where to connect to.
 * @category Backends
 */
export interface ConnectOptions {
  /** A name or an address. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** By default the system's choice. */
  readonly bindAddress?: readonly [host: string, port: number] | undefined;
}

/**
 * Where to listen.
 * @category Backends
 */
export interface ListenOptions {
  /** Empty for all local addresses. */
  readonly hostname: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The most that wait to be accepted. */
  readonly backlog: number;
  /** Whether other processes may listen. */
  readonly reusePort: boolean;
}

/**
 * Which UNIX socket to connect to.
 * @category Backends
 */
export interface ConnectPathOptions {
  /** Of the socket's file. */
  readonly path: string;
  /** By the server that listens. */
  readonly mustBeLocked: boolean;
}

/**
 * Which UNIX socket to listen on.
 * @category Backends
 */
export interface ListenPathOptions {
  /** Of the socket's file, removed at the end. */
  readonly path: string;
  /** The most that wait to be accepted. */
  readonly backlog: number;
  /** The file's permissions: `0o660`. */
  readonly mode: number;
  /** With a file beside it; takes over a stale one. */
  readonly lock: boolean;
}

/**
 * A side of a handshake, and its options.
 * @category Backends
 */
export type PrepareTLSOptions =
  | { readonly side: "client"; readonly tls: ClientTLSOptions }
  | { readonly side: "server"; readonly tls: ServerTLSOptions };

/**
 * Lays TLS over a connection, which the new stream owns. What was not received begins the
 * handshake.
 * @category Backends
 */
export type TLSLayer = (stream: Stream) => SecureStream;

/**
 * To connect, or to look up a host.
 * @category Backends
 */
export interface Attempt {
  /** `done` is not called any more. */
  cancel(): void;
}

/**
 * A signal that ends a program.
 * @category Backends
 */
export type StopSignal = "SIGINT" | "SIGTERM";

/**
 * All that a reactor needs; what a runtime does not have is missing.
 * @category Backends
 */
export interface Backend {
  /** For messages. */
  readonly name: string;
  /** Since the epoch, never jumping. */
  seconds(): number;
  /** Calls `done` once, after this returns, with the stream or the library's error. */
  connect(
    options: ConnectOptions,
    done: (outcome: Stream | Error) => void,
  ): Attempt;
  /**
   * Opens a port.
   * @throws {CannotListenError} if it cannot
   */
  listen(options: ListenOptions): Listener;
  /** Connects to a UNIX socket, as `connect`. */
  connectPath?(
    options: ConnectPathOptions,
    done: (outcome: Stream | Error) => void,
  ): Attempt;
  /**
   * Opens a UNIX socket.
   * @throws {CannotListenError} if it cannot
   */
  listenPath?(options: ListenPathOptions): Listener<UNIXAddress>;
  /**
   * Reads the certificates.
   * @throws {TypeError} if one, or a key, cannot be read
   */
  prepareTLS?(options: PrepareTLSOptions): TLSLayer;
  /**
   * Looks up a host's addresses; an address is its own. Calls `done` as `connect`, with
   * the addresses in the system's order, or a `DNSLookupError`.
   */
  lookup?(
    hostname: string,
    done: (outcome: readonly string[] | Error) => void,
  ): Attempt;
  /**
   * Reads a text file.
   * @throws {Error} with the reason
   */
  readTextFile?(path: string): string;
  /**
   * The files in a folder, sorted.
   * @throws {Error} with the reason
   */
  listFolder?(path: string): string[];
  /** Keeps the program alive until it calls `fn`. Returns what cancels it. */
  setAlarm(seconds: number, fn: () => void): () => void;
  /** Calls `fn` after a turn of the runtime's loop: I/O, timers, signals. */
  nextTurn(fn: () => void): void;
  /** Calls `fn` on one. Returns what removes it. */
  onSignal(signals: readonly StopSignal[], fn: () => void): () => void;
  /**
   * A loop begins.
   * @returns called at its end: nothing may keep the program alive any more
   */
  enterLoop?(): () => void;
  /** 0 (success) to 255. */
  setExitStatus?(code: number): void;
}
