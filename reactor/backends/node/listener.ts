/**
 * An open port of Node's, as a non-blocking socket.
 *
 * @module
 */

import * as net from "node:net";
import { getSystemErrorName } from "node:util";
import { LinkedList } from "../../../defer/linked_list.ts";
import { type Address, addressOf, type TCPAddress } from "../../addresses.ts";
import type {
  Listener,
  ListenOptions,
  ReadinessObserver,
  Stream,
} from "../../backend.ts";
import { listenError, lostError } from "./errors.ts";
import { type NodeStream, NodeTCPStream, SOCKET_OPTIONS } from "./stream.ts";

/** A socket of Node's that nobody listens on yet. */
export interface NodeHandle {
  close(): void;
}

/**
 * Opens a socket on an address, or on a path, where port and family are -1: the
 * number of an error, or Node's own object for the socket.
 */
type Bind = (
  address: string,
  port: number,
  family: number,
) => number | NodeHandle;

/**
 * `server.listen` looks the host up first, be it an address, so that it can say
 * neither whether the port is free nor which one it is before it returns. This
 * function is what it calls after that, and what it takes in place of a port.
 * It is not documented, but Node's own cluster is built on it, and it has been
 * the same since Node 0.12.
 */
export const bind = (net as { _createServerHandle?: Bind })._createServerHandle;

/** Whoever listens there hears of connections to any address. */
const UNSPECIFIED = ["0.0.0.0", "::"];

/** Waits for connections on an address that a {@linkcode NodeListener} then takes. */
function openServer(options: ListenOptions): net.Server {
  const { hostname, port, backlog, reusePort } = options;
  const fail = (message: string, code?: string) => {
    return listenError(options, Object.assign(new Error(message), { code }));
  };
  const address = addressFor(hostname);
  const family = net.isIP(address);
  if (family === 0) {
    throw fail(
      "a name cannot be looked up at once on Node.js, which needs an address",
    );
  }
  if (reusePort) {
    throw fail(
      "a port cannot be shared with other processes on Node.js (reusePort)",
    );
  }
  if (bind === undefined) {
    throw fail("a port cannot be opened at once on this version of Node.js");
  }
  const bound = bind(address, port, family);
  if (typeof bound === "number") {
    const code = getSystemErrorName(bound);
    throw fail(`bind ${code} ${address}:${port}`, code);
  }
  const server = createServer();
  if (!startServer(server, bound, backlog)) {
    throw fail(`listen EADDRINUSE ${address}:${port}`, "EADDRINUSE");
  }
  return server;
}

/** Makes a server whose connections are as a {@linkcode NodeStream} wants them. */
export function createServer(): net.Server {
  const { allowHalfOpen, readableHighWaterMark: highWaterMark } =
    SOCKET_OPTIONS;
  return net.createServer({
    allowHalfOpen,
    highWaterMark,
    pauseOnConnect: true,
  });
}

/**
 * Has a server listen.
 *
 * @returns whether it does. Where it cannot, Node says why on its next turn, which
 *   is too late; the system keeps nothing back until here but that the address is
 *   in use
 */
export function startServer(
  server: net.Server,
  handle: NodeHandle,
  backlog: number,
): boolean {
  server.on("error", () => {});
  server.listen(handle, backlog);
  return server.listening;
}

/** The address for a host, where no name has to be looked up for it. */
function addressFor(hostname: string): string {
  if (hostname === "localhost") return "127.0.0.1";
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/**
 * A {@linkcode Listener} over a port of Node's. Node accepts whatever comes: it
 * is kept until it is taken, and nothing is read from it before.
 */
export class NodeListener<A extends Address> implements Listener<A> {
  readonly address: A;
  readonly #server: net.Server;
  /** What has been accepted, or could not be, and nobody has taken. */
  readonly #accepted = new LinkedList<Stream | Error>();
  #observer: ReadinessObserver | undefined;

  /**
   * @param server Node's own
   * @param address what it listens on
   * @param toStream makes streams of the connections that come, but of those that
   *   are gone already
   */
  constructor(
    server: net.Server,
    address: A,
    toStream: (socket: net.Socket) => NodeStream | undefined,
  ) {
    this.address = address;
    this.#server = server;
    server.on("connection", (socket) => {
      const stream = toStream(socket);
      if (stream !== undefined) this.#accepts(stream);
    });
    server.on("error", (error) => this.#accepts(error));
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#accepted.size > 0) observer.readable();
    else this.#observer = observer;
  }

  /** A port has nothing to write to. */
  pollWrite(): void {}

  accept(): Stream | Error | undefined {
    return this.#accepted.shift()?.value;
  }

  close(): void | Promise<void> {
    this.#observer = undefined;
    this.#server.close();
    for (
      let accepted = this.accept();
      accepted !== undefined;
      accepted = this.accept()
    ) {
      // As the system does with those that it has not given out.
      if (!(accepted instanceof Error)) accepted.abort();
    }
    return Promise.resolve();
  }

  #accepts(accepted: Stream | Error): void {
    this.#accepted.push(accepted);
    const observer = this.#observer;
    this.#observer = undefined;
    observer?.readable();
  }
}

/**
 * Opens a port.
 *
 * @throws {CannotListenError} if it cannot
 */
export function listenTCP(options: ListenOptions): NodeListener<TCPAddress> {
  const server = openServer(options);
  const { address: host, port } = server.address() as net.AddressInfo;
  const address = addressOf(host, port);
  const local = UNSPECIFIED.includes(host) ? undefined : address;
  return new NodeListener(
    server,
    address,
    (socket) => {
      const stream = new NodeTCPStream(socket, { local, explain: lostError });
      if (socket.remoteAddress !== undefined) return stream;
      // Its peer has given it up, and nobody can tell any more who that was.
      stream.abort();
    },
  );
}
