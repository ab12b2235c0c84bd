/**
 * A peer that keeps to no rules: a raw socket, and what it may do.
 *
 * It is made of Node's sockets, which Deno has as well, because they alone can
 * reset a connection.
 *
 * @module
 */

import { connect, createServer, type Socket } from "node:net";

/** Where a raw socket connects to, or listens: on TCP, or a UNIX socket. */
export type Place =
  | { readonly host: string; readonly port: number }
  | { readonly path: string };

/** How a connection came to its end, as a peer has seen it. */
export type End = "end" | "reset";

const NOTHING = new Uint8Array(0);

/** One raw connection. It reads all that comes, unless it is told not to. */
export class Peer {
  received: Uint8Array = NOTHING;
  /** How the connection came to its end: once nothing can be received any more. */
  readonly ended: Promise<End>;
  readonly closed: Promise<void>;
  /** The socket whose bytes are on the network. */
  readonly raw: Socket;
  /** What is read from and written to: the same, unless TLS lies over it. */
  protected socket: Socket;
  #changed: () => void = () => {};

  /**
   * @param raw the socket whose bytes are on the network
   * @param socket what lies over it
   */
  constructor(raw: Socket, socket = raw) {
    this.raw = raw;
    this.socket = socket;
    this.ended = new Promise((resolve) => {
      socket.on("end", () => resolve("end"));
      for (const each of [raw, socket]) {
        // Whatever the error is: the connection was not ended, it broke.
        each.on("error", () => resolve("reset"));
        each.on("close", () => resolve("reset"));
      }
    });
    this.closed = new Promise((resolve) => raw.on("close", () => resolve()));
    socket.on("data", (piece: Uint8Array) => {
      this.received = joined(this.received, piece);
      this.#changed();
    });
    raw.on("close", () => this.#changed());
  }

  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (bytes.length === 0 || !this.socket.writable) resolve();
      else this.socket.write(bytes, () => resolve());
      // What is never read is never taken.
      this.closed.then(resolve);
    });
  }

  /** Waits until so many bytes have come, or none can any more. */
  async got(count: number): Promise<void> {
    while (this.received.length < count && !this.raw.destroyed) {
      await new Promise<void>((resolve) => this.#changed = resolve);
    }
  }

  end(): void {
    this.socket.end();
  }

  /** Closes its half of the connection below, whatever lies over it. */
  cut(): void {
    this.raw.end();
  }

  /**
   * Breaks the connection. A UNIX socket breaks when it is closed with something
   * unread, and is closed else.
   */
  reset(): void {
    if (isTCP(this.raw)) this.raw.resetAndDestroy();
    else this.raw.destroy();
  }

  deafen(): void {
    this.raw.pause();
  }
}

/** A socket of a path has no port. */
function isTCP(socket: Socket): boolean {
  return socket.localPort !== undefined || socket.remotePort !== undefined;
}

export function joined(...pieces: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export function connectRaw(place: Place): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...place, allowHalfOpen: true, noDelay: true });
    socket.on("connect", () => resolve(socket)).on("error", reject);
  });
}

/** Raw connections that come to a place. Disposing of it closes it. */
export class RawServer implements AsyncDisposable {
  readonly place: Place;
  #server: ReturnType<typeof createServer>;
  #sockets: Socket[] = [];
  #waiting: ((socket: Socket) => void)[] = [];

  private constructor(server: ReturnType<typeof createServer>, place: Place) {
    this.#server = server;
    this.place = place;
    server.on("connection", (socket: Socket) => {
      // Who it is for may break it before anybody listens to its errors.
      socket.on("error", () => {});
      const waits = this.#waiting.shift();
      if (waits === undefined) this.#sockets.push(socket);
      else waits(socket);
    });
  }

  /** Listens, on a free port of TCP's unless there is a path. */
  static start(path?: string): Promise<RawServer> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const host = "127.0.0.1";
    return new Promise((resolve, reject) => {
      server.on("error", reject);
      server.listen(path === undefined ? { host, port: 0 } : { path }, () => {
        const address = server.address();
        const place = address !== null && typeof address === "object"
          ? { host, port: address.port }
          : { path: path ?? "" };
        resolve(new RawServer(server, place));
      });
    });
  }

  accept(): Promise<Socket> {
    const socket = this.#sockets.shift();
    if (socket !== undefined) return Promise.resolve(socket);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
