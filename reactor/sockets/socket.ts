import type { Address } from "../addresses.ts";
import { defaultBackend } from "../default.ts";
import { checkBytes } from "../checks.ts";
import { closeDescriptor, openDescriptor } from "../loop/descriptors.ts";
import { WouldBlock } from "../errors.ts";
import type { Backend, ConnectOptions, Stream } from "../backend.ts";
import { checkPort } from "../checks.ts";
import { unixDialer } from "../transport/unix.ts";

/**
 * A UNIX socket to connect to.
 * @category Sockets
 */
export interface SocketPath {
  /** Of the socket's file. */
  readonly path: string;
}

/**
 * A connected socket that never blocks: with nothing to receive, or no room to send, it
 * throws a {@linkcode WouldBlock}. `select`, or a reactor, tells when it is ready.
 * @category Sockets
 */
export class Socket {
  #stream: Stream;
  #fileno: number;

  private constructor(stream: Stream) {
    this.#stream = stream;
    this.#fileno = openDescriptor(stream);
  }

  /**
   * Connects to a port, or to a UNIX socket.
   * @param backend by default the default reactor's
   * @throws {ConnectError} if it cannot, or a `DNSLookupError` if the host has no address
   * @throws {RangeError} if the port is out of range
   * @throws {TypeError} if the path is empty
   * @throws {Error} if the backend has no UNIX sockets
   */
  static connect(
    options: ConnectOptions | SocketPath,
    backend: Backend = defaultBackend(),
  ): Promise<Socket> {
    return new Promise((resolve, reject) => {
      dial(options, backend, (outcome) => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(new Socket(outcome));
      });
    });
  }

  /** The descriptor, for `select` and reactors; -1 when closed. */
  fileno(): number {
    return this.#fileno;
  }

  /**
   * Receives what has arrived, up to `max` bytes; none at EOF.
   * @throws {WouldBlock} if nothing has arrived
   * @throws {ConnectionLost} if the connection broke
   * @throws {RangeError} if `max` is not 1 or more
   */
  recv(max: number): Uint8Array {
    this.#assertOpen("receive from");
    if (!Number.isInteger(max) || max < 1) {
      throw new RangeError(`recv: max must be 1 byte or more, got ${max}`);
    }
    const received = this.#stream.receive(max);
    if (received instanceof Error) throw received;
    if (received === undefined) {
      throw new WouldBlock("Nothing has arrived that could be received now");
    }
    return received;
  }

  /**
   * Sends what it can without waiting; returns how many bytes, from the front.
   * @param data not to be changed until the socket is writable again
   * @throws {WouldBlock} if none were sent
   * @throws {ConnectionLost} if the connection broke
   * @throws {TypeError} if `data` is not a `Uint8Array`
   */
  send(data: Uint8Array): number {
    checkBytes("send", data);
    this.#assertOpen("send to");
    const sent = this.#stream.send(data);
    if (sent instanceof Error) throw sent;
    if (sent === 0 && data.length > 0) {
      throw new WouldBlock("There is no room to send anything now");
    }
    return sent;
  }

  /** Idempotent. */
  close(): void {
    if (this.#fileno < 0) return;
    closeDescriptor(this.#fileno);
    this.#fileno = -1;
    this.#stream.close();
  }

  /** The other end's address. */
  getpeername(): Address {
    return this.#stream.remoteAddress;
  }

  #assertOpen(wish: string): void {
    if (this.#fileno < 0) throw new Error(`Cannot ${wish} a closed socket`);
  }
}

function dial(
  options: ConnectOptions | SocketPath,
  backend: Backend,
  done: (outcome: Stream | Error) => void,
): void {
  if ("path" in options) {
    unixDialer(backend, options.path, {}).connect(done);
  } else {
    checkPort(options.port, 1);
    backend.connect(options, done);
  }
}
