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
import { type Reference, register } from "../host_time.ts";
import { builtin, reasonOf, runtimeName, type SystemError } from "./system.ts";
import { type NodeStream, NodeTCPStream, SOCKET_OPTIONS } from "./stream.ts";

export interface NodeHandle {
  close(): void;
}

/** With -1 for a path's port and family. Returns the socket, or an error's number. */
type Bind = (
  address: string,
  port: number,
  family: number,
) => number | NodeHandle;

/**
 * Node's `server.listen` looks up even an address, and binds after it has returned: by
 * this function, whose result it takes in place of a port. Undocumented, but Node's
 * cluster is built on it, unchanged since Node 0.12.
 * @returns nothing on Bun, whose `server.listen` binds at once
 */
export function bindNow(): Bind | undefined {
  const net: object = builtin("node:net");
  return (net as { _createServerHandle?: Bind })._createServerHandle;
}

type BunAddress =
  | { readonly hostname: string; readonly port: number }
  | { readonly unix: string };

interface BunHost {
  listen(options: BunAddress & { socket: { data(): void } }): { stop(): void };
}

/** @throws Bun's error if it cannot listen */
export function listenOnBun(
  server: net.Server,
  address: BunAddress,
  backlog: number,
): void {
  const bun: BunHost | undefined = Reflect.get(globalThis, "Bun");
  if (bun === undefined) {
    throw new Error(
      "a port cannot be opened at once on this version of Node.js",
    );
  }
  server.on("error", () => {});
  const where = "unix" in address
    ? { path: address.unix }
    : { host: address.hostname, port: address.port };
  server.listen({ ...where, backlog });
  if (server.listening) return;
  // The server's error, the same, comes too late.
  bun.listen({ ...address, socket: { data() {} } }).stop();
  const error = new Error("address already in use");
  throw Object.assign(error, { code: "EADDRINUSE" });
}

function openServer(options: ListenOptions): net.Server {
  const { hostname, port, backlog, reusePort } = options;
  const fail = (error: unknown) => listenError(options, reasonOf(error));
  const address = addressFor(hostname);
  const family = builtin("node:net").isIP(address);
  if (family === 0) {
    const why =
      `a name cannot be looked up at once on ${runtimeName()}, which needs an address`;
    throw fail(new Error(why));
  }
  if (reusePort) {
    const why =
      `a port cannot be shared with other processes on ${runtimeName()} (reusePort)`;
    throw fail(new Error(why));
  }
  const server = createServer();
  const bind = bindNow();
  try {
    if (bind === undefined) {
      listenOnBun(server, { hostname: address, port }, backlog);
    } else {
      const bound = bind(address, port, family);
      if (typeof bound === "number") throw boundError(bound);
      startServer(server, bound, backlog);
    }
  } catch (error) {
    throw fail(error);
  }
  return server;
}

export function createServer(): net.Server {
  return builtin("node:net").createServer({
    allowHalfOpen: SOCKET_OPTIONS.allowHalfOpen,
    highWaterMark: SOCKET_OPTIONS.readableHighWaterMark,
    pauseOnConnect: true,
  });
}

export function boundError(number: number): SystemError {
  return systemError("bind", builtin("node:util").getSystemErrorName(number));
}

export function systemError(call: string, code: string): SystemError {
  return Object.assign(new Error(`${call} ${code}`), { code });
}

/**
 * @throws {Error} if it does not listen. Node reports why too late; but after `bind` the
 *   system can object only to an address in use
 */
export function startServer(
  server: net.Server,
  handle: NodeHandle,
  backlog: number,
): void {
  server.on("error", () => {});
  server.listen(handle, backlog);
  if (!server.listening) throw systemError("listen", "EADDRINUSE");
}

function addressFor(hostname: string): string {
  if (hostname === "localhost") return "127.0.0.1";
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Node accepts unasked: connections are queued, and not read. */
export class NodeListener<A extends Address> implements Listener<A> {
  readonly address: A;
  readonly #server: net.Server;
  readonly #reference: Reference;
  readonly #readiness = new Readiness();
  readonly #accepted = new LinkedList<Stream | Error>();

  /** @param toStream returns nothing if the peer is gone */
  constructor(
    server: net.Server,
    address: A,
    toStream: (socket: net.Socket) => NodeStream | undefined,
  ) {
    this.address = address;
    this.#server = server;
    this.#reference = register(server);
    server.on("connection", (socket) => {
      const stream = toStream(socket);
      if (stream !== undefined) this.#enqueue(stream);
    });
    server.on("error", (error) => this.#enqueue(error));
  }

  pollRead(observer: ReadinessObserver): void {
    this.#readiness.pollRead(observer, this.#accepted.size > 0);
  }

  /** Never written to. */
  pollWrite(): void {}

  accept(): Stream | Error | undefined {
    return this.#accepted.shift()?.value;
  }

  close(): void | Promise<void> {
    this.#readiness.clear();
    this.#reference?.remove();
    this.#server.close();
    while (this.#accepted.size > 0) {
      const accepted = this.accept();
      // As the system with its backlog.
      if (!(accepted instanceof Error)) accepted?.abort();
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
  const local = ["0.0.0.0", "::"].includes(host) ? undefined : address;
  return new NodeListener(server, address, (socket) => {
    const stream = new NodeTCPStream(socket, { local });
    if (socket.remoteAddress !== undefined) return stream;
    // The peer has reset it, and its address is lost.
    stream.abort();
  });
}
