// An open port of Node's as a non-blocking socket.

import type * as net from "node:net";
import { LinkedList } from "../../../defer/linked_list.ts";
import { type Address, addressOf, type TCPAddress } from "../../addresses.ts";
import type {
  Listener,
  ListenOptions,
  ReadinessObserver,
  Stream,
} from "../../backend.ts";
import { listenError } from "../errors.ts";
import { Readiness } from "../readiness.ts";
import { reasonOf } from "./errors.ts";
import { builtin } from "./modules.ts";
import { NodeTCPStream, SOCKET_OPTIONS } from "./socket_stream.ts";
import type { NodeStream } from "./stream.ts";

export interface NodeHandle {
  close(): void;
}

/**
 * Binds a socket to an address, or to a path, with -1 for port and family. Returns
 * the number of an error, or the socket.
 */
type Bind = (
  address: string,
  port: number,
  family: number,
) => number | NodeHandle;

/**
 * `server.listen` looks up the host first, even if it is an address, so that it
 * tells neither whether the port is free nor its number before it returns. It
 * calls this function then, and takes its result in place of a port. That is
 * undocumented, but Node's cluster is built on it, unchanged since Node 0.12.
 */
export function bindNow(): Bind | undefined {
  const net: object = builtin("node:net");
  return (net as { _createServerHandle?: Bind })._createServerHandle;
}

/** A listener on these gets connections to any address. */
const UNSPECIFIED = ["0.0.0.0", "::"];

function openServer(options: ListenOptions): net.Server {
  const { hostname, port, backlog, reusePort } = options;
  const fail = (message: string, code?: string) => {
    const error = Object.assign(new Error(message), { code });
    return listenError(options, reasonOf(error));
  };
  const address = addressFor(hostname);
  const family = builtin("node:net").isIP(address);
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
  const bind = bindNow();
  if (bind === undefined) {
    throw fail("a port cannot be opened at once on this version of Node.js");
  }
  const bound = bind(address, port, family);
  if (typeof bound === "number") {
    const code = builtin("node:util").getSystemErrorName(bound);
    throw fail(`bind ${code} ${address}:${port}`, code);
  }
  const server = createServer();
  if (!startServer(server, bound, backlog)) {
    throw fail(`listen EADDRINUSE ${address}:${port}`, "EADDRINUSE");
  }
  return server;
}

/** Makes a server whose connections suit {@linkcode NodeStream}. */
export function createServer(): net.Server {
  const { allowHalfOpen, readableHighWaterMark: highWaterMark } =
    SOCKET_OPTIONS;
  return builtin("node:net").createServer({
    allowHalfOpen,
    highWaterMark,
    pauseOnConnect: true,
  });
}

/**
 * Has a server listen.
 *
 * @returns whether it does. Node reports why not in its next turn, too late; but
 *   after `bind` an address in use is all that the system can object to
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

/** The address of a host that needs no look-up. */
function addressFor(hostname: string): string {
  if (hostname === "localhost") return "127.0.0.1";
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Node accepts without being asked: connections are queued, and not read from. */
export class NodeListener<A extends Address> implements Listener<A> {
  readonly address: A;
  readonly #server: net.Server;
  readonly #readiness = new Readiness();
  readonly #accepted = new LinkedList<Stream | Error>();

  /** @param toStream returns nothing where the peer is gone */
  constructor(
    server: net.Server,
    address: A,
    toStream: (socket: net.Socket) => NodeStream | undefined,
  ) {
    this.address = address;
    this.#server = server;
    server.on("connection", (socket) => {
      const stream = toStream(socket);
      if (stream !== undefined) this.#enqueue(stream);
    });
    server.on("error", (error) => this.#enqueue(error));
  }

  pollRead(observer: ReadinessObserver): void {
    this.#readiness.pollRead(observer, this.#accepted.size > 0);
  }

  /** A port is never written to. */
  pollWrite(): void {}

  accept(): Stream | Error | undefined {
    return this.#accepted.shift()?.value;
  }

  close(): void | Promise<void> {
    this.#readiness.clear();
    this.#server.close();
    for (
      let accepted = this.accept();
      accepted !== undefined;
      accepted = this.accept()
    ) {
      // As the system does with its backlog.
      if (!(accepted instanceof Error)) accepted.abort();
    }
    return Promise.resolve();
  }

  #enqueue(accepted: Stream | Error): void {
    this.#accepted.push(accepted);
    this.#readiness.readable();
  }
}

export function listenTCP(options: ListenOptions): NodeListener<TCPAddress> {
  const server = openServer(options);
  const { address: host, port } = server.address() as net.AddressInfo;
  const address = addressOf(host, port);
  const local = UNSPECIFIED.includes(host) ? undefined : address;
  return new NodeListener(
    server,
    address,
    (socket) => {
      const stream = new NodeTCPStream(socket, { local });
      if (socket.remoteAddress !== undefined) return stream;
      // The peer has reset it, and its address is lost.
      stream.abort();
    },
  );
}
