// Servers inside the test, most of which misbehave.

import { createServer, type Socket } from "node:net";
import { createServer as createTLSServer } from "node:tls";
import type { Certified } from "./certificates.ts";

/** What a server does to whoever connects. */
export type Behaviour = (socket: Socket) => void;

/** Closes the connection, having sent nothing. */
export function closesAtOnce(socket: Socket): void {
  socket.end();
}

/** Resets the connection, having sent the beginning of a poem. */
export function resets(socket: Socket): void {
  socket.write("Science! true daughter", () => socket.resetAndDestroy());
}

/** Keeps the connection open, and silent. */
export function neverSends(_socket: Socket): void {}

/** Sends these bytes, then closes the connection. */
export function sends(bytes: Uint8Array | string): Behaviour {
  return (socket) => socket.end(bytes);
}

/** A server inside the test. Disposing of it closes it, and its connections. */
export interface TestServer extends AsyncDisposable {
  /** The port it listens on. */
  port: number;
  /** Where clients find it. */
  address: string;
  /** Settles when the first client has connected. */
  connected: Promise<void>;
  /** Settles when the first client's connection is closed. */
  closed: Promise<void>;
}

/** Starts a server that treats each client to `behaviour`; over TLS with a certificate. */
export async function startServer(
  behaviour: Behaviour,
  certified?: Certified,
): Promise<TestServer> {
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const welcome = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => closed.resolve());
    // Without a listener, a client that resets the connection would end the test run.
    socket.on("error", () => {});
    // Only a socket that is read from finds out that the client has closed it.
    socket.resume();
    behaviour(socket);
    connected.resolve();
  };
  const server = certified === undefined
    ? createServer(welcome)
    : createTLSServer({ cert: certified.cert, key: certified.key }, welcome);
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const bound = server.address();
  const port = typeof bound === "object" ? bound?.port ?? 0 : 0;
  return {
    port,
    address: `127.0.0.1:${port}`,
    connected: connected.promise,
    closed: closed.promise,
    async [Symbol.asyncDispose]() {
      const over = Promise.withResolvers<void>();
      server.close(() => over.resolve());
      sockets.forEach((socket) => socket.destroy());
      await over.promise;
    },
  };
}

/** An address where every connection is refused, for as long as it is not disposed of. */
export interface RefusingAddress extends Disposable {
  /** The port nobody listens on. */
  port: number;
  /** The same, with its host. */
  address: string;
}

/**
 * Finds an address where nobody listens, and keeps it so. It is the near end of an open
 * connection: nothing else can be given that port while it is open.
 */
export async function refusingAddress(): Promise<RefusingAddress> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port: listening } = listener.addr;
  const near = await Deno.connect({ hostname, port: listening });
  const far = await listener.accept();
  const { port } = near.localAddr;
  return {
    port,
    address: `127.0.0.1:${port}`,
    [Symbol.dispose]() {
      for (const open of [near, far, listener]) open.close();
    },
  };
}
