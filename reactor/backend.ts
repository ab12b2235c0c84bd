// The contract for runtimes: Deno, Node, or a network in memory.

import type { Address, TCPAddress, UNIXAddress } from "./addresses.ts";
import type { ConnectionLost } from "./errors.ts";
import type { PeerCertificate } from "./interfaces.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "./tls_options.ts";

/**
 * Called once when what was polled is ready.
 * @category Backends
 */
export interface ReadinessObserver {
  /** There is something to receive or accept. */
  readable(): void;
  /** There is room to send. */
  writable(): void;
}

/**
 * Can be polled for readiness. It is unref'd while no loop runs: open or polled, it does
 * not keep the program alive; the reactor's alarm does.
 * @category Backends
 */
export interface Pollable {
  /** Calls `readable` once, maybe at once. */
  pollRead(observer: ReadinessObserver): void;
  /** Calls `writable` once, maybe at once. */
  pollWrite(observer: ReadinessObserver): void;
}

/**
 * One open connection: a non-blocking socket. It reads nothing before it is polled, and
 * nothing more while what was read waits to be received: backpressure on the peer.
 * @category Backends
 */
export interface Stream extends Pollable {
  /** The address of this end. */
  readonly localAddress: Address;
  /** The address of the other end. */
  readonly remoteAddress: Address;
  /**
   * Takes what has arrived, at most `max` bytes, which the caller may keep, and change.
   * @returns an empty array at EOF, `undefined` if there is nothing yet, an error if the
   *   connection broke
   */
  receive(max: number): Uint8Array | ConnectionLost | undefined;
  /** Gives the bytes of the last `receive` back: the stream may read into them again. */
  release?(): void;
  /** Why something sent was lost, as far as known. */
  readonly lost?: ConnectionLost | undefined;
  /**
   * Starts sending bytes, which must not change until the stream is writable again.
   * @returns how many it took, from the front, 0 without room; an error if the connection
   *   broke
   */
  send(bytes: Uint8Array): number | ConnectionLost;
  /**
   * Finds out whether the peer, being gone, has refused what was sent, where no pending
   * read would report it: the stream is writable when that is known, and `lost` has the
   * result. Called when writable, and before `endWrite`.
   */
  checkSent?(): void;
  /**
   * Half-closes the connection, behind what was sent: the peer sees EOF, and can go on
   * sending. Called when writable, and nothing is sent afterwards.
   */
  endWrite?(): void;
  /** Whether small writes are sent at once. */
  setNoDelay?(enabled: boolean): void;
  /** Whether to probe a silent peer. */
  setKeepAlive?(enabled: boolean): void;
  /**
   * Closes the connection; what is still on its way may be lost. Settles when it is
   * closed, if that takes a while.
   */
  close(): void | Promise<void>;
  /** Resets the connection, if the runtime can: the peer sees it break. */
  abort(): void;
}

/**
 * A connection with TLS. Until the handshake is complete it has nothing to receive and no
 * room to send; if it fails, the stream breaks with the reason.
 * @category Backends
 */
export interface SecureStream extends Stream {
  /** Whether the handshake is complete. */
  readonly secured: boolean;
  /** Calls `fn` once, when the handshake is complete. */
  onHandshake(fn: () => void): void;
  /**
   * In seconds; `null` for no limit. Enforced by the reactor.
   * @default {30}
   */
  handshakeTimeout?: number | null | undefined;
  /** The negotiated one of the `alpnProtocols`. */
  readonly negotiatedProtocol: string | undefined;
  /** The peer's certificate, if it has shown one. */
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
   * Takes a connection. Those that were reset while they waited, so that their address is
   * unknown, are left out.
   * @returns `undefined` if there is none yet, an error if descriptors have run out
   */
  accept(): Stream | Error | undefined;
  /** Closes the port, not its connections. Settles when the port is free again. */
  close(): void | Promise<void>;
}

/**
 * Where to connect to.
 * @category Backends
 */
export interface ConnectOptions {
  /** A host name or an address. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** The local address to connect from; by default the system's choice. */
  readonly bindAddress?: readonly [host: string, port: number] | undefined;
}

/**
 * Where to listen.
 * @category Backends
 */
export interface ListenOptions {
  /** The local address; empty for all of them. */
  readonly hostname: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The most connections that wait to be accepted. */
  readonly backlog: number;
  /** Whether other processes may listen on the same port. */
  readonly reusePort: boolean;
}

/**
 * Which UNIX socket to connect to.
 * @category Backends
 */
export interface ConnectPathOptions {
  /** The path of the socket's file. */
  readonly path: string;
  /** Whether the socket must be locked by the server that listens on it. */
  readonly mustBeLocked: boolean;
}

/**
 * Which UNIX socket to listen on.
 * @category Backends
 */
export interface ListenPathOptions {
  /** The path of the socket's file, removed at the end. */
  readonly path: string;
  /** The most connections that wait to be accepted. */
  readonly backlog: number;
  /** The permissions of the file: `0o660`. */
  readonly mode: number;
  /** Whether to lock it with a file beside it, and take over a stale one. */
  readonly lock: boolean;
}

/**
 * A side of a TLS handshake, and its options.
 * @category Backends
 */
export type PrepareTLSOptions =
  | { readonly side: "client"; readonly tls: ClientTLSOptions }
  | { readonly side: "server"; readonly tls: ServerTLSOptions };

/**
 * Lays TLS over a connection, which the new stream owns from then on, and closes. What
 * has arrived and was not received begins the handshake.
 * @category Backends
 */
export type TLSLayer = (stream: Stream) => SecureStream;

/**
 * An attempt to connect, or a lookup, under way.
 * @category Backends
 */
export interface Attempt {
  /** Cancels it: `done` is not called any more. */
  cancel(): void;
}

/**
 * A signal that ends a program.
 * @category Backends
 */
export type StopSignal = "SIGINT" | "SIGTERM";

/**
 * All that a reactor needs of a runtime: connections, ports, time and signals. What a
 * runtime does not have is missing.
 * @category Backends
 */
export interface Backend {
  /** For messages. */
  readonly name: string;
  /** Seconds since the epoch, which never jump. */
  seconds(): number;
  /**
   * Starts to connect. `done` is called once, never before this returns, with the stream,
   * or the library's error that says why there is none.
   */
  connect(
    options: ConnectOptions,
    done: (outcome: Stream | Error) => void,
  ): Attempt;
  /**
   * Opens a port.
   * @throws {CannotListenError} if it cannot
   */
  listen(options: ListenOptions): Listener;
  /** Starts to connect to a UNIX socket, as `connect`. */
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
   * Prepares TLS, and reads the certificates.
   * @throws {TypeError} if a certificate or key cannot be read
   */
  prepareTLS?(options: PrepareTLSOptions): TLSLayer;
  /**
   * Looks up the addresses of a host; an address is its own.
   * @param done called once, never before this returns, with the addresses in the order
   *   in which the system would try them, or a `DNSLookupError`
   */
  lookup?(
    hostname: string,
    done: (outcome: readonly string[] | Error) => void,
  ): Attempt;
  /**
   * Reads a text file.
   * @throws {Error} if it cannot be read; the message says why
   */
  readTextFile?(path: string): string;
  /**
   * Lists the names of the files in a folder, sorted.
   * @throws {Error} if it cannot be read; the message says why
   */
  listFolder?(path: string): string[];
  /**
   * Calls `fn` so many seconds later, and keeps the program alive until then. Returns
   * what cancels the call.
   */
  setAlarm(seconds: number, fn: () => void): () => void;
  /** Calls `fn` after one turn of the runtime's loop: its I/O, timers, signals. */
  nextTurn(fn: () => void): void;
  /** Calls `fn` on each of the signals. Returns what removes the handler. */
  onSignal(signals: readonly StopSignal[], fn: () => void): () => void;
  /**
   * A loop begins to run, whose alarms keep the program alive.
   * @returns called when the loop has ended: nothing may keep the program alive any more
   */
  enterLoop?(): () => void;
  /** Chooses the program's exit status, 0 (success) to 255. */
  setExitStatus?(code: number): void;
}
