/**
 * Sockets that are connected to each other, without a reactor.
 *
 * @module
 */

import { type Backend, type Listener, Socket, type Stream } from "../../mod.ts";

/** Two ends of one connection. Disposing of it closes both. */
export interface SocketPair extends AsyncDisposable {
  /** The end that connected. */
  near: Socket;
  /** The end that was accepted. */
  far: Stream;
}

/** Connects a socket to a port of this process. */
export async function socketPair(backend: Backend): Promise<SocketPair> {
  const listener = backend.listen({
    hostname: "127.0.0.1",
    port: 0,
    backlog: 1,
    reusePort: false,
  });
  const accepted = accept(listener);
  const { host: hostname, port } = listener.address;
  const near = await Socket.connect({ hostname, port }, backend);
  const far = await accepted;
  await listener.close();
  return {
    near,
    far,
    async [Symbol.asyncDispose]() {
      near.close();
      far.close();
      // Lets the runtime end what was under way.
      await new Promise<void>((resolve) => backend.nextTurn(resolve));
    },
  };
}

function accept(listener: Listener): Promise<Stream> {
  return new Promise((resolve, reject) => {
    listener.pollRead({
      readable() {
        const accepted = listener.accept();
        if (accepted === undefined || accepted instanceof Error) {
          reject(accepted ?? new Error("There was nothing to accept"));
        } else resolve(accepted);
      },
      writable() {},
    });
  });
}

/** Sends all of the bytes, however little room there is. */
export async function sendAll(stream: Stream, data: Uint8Array): Promise<void> {
  while (data.length > 0) {
    await new Promise<void>((resolve) => {
      stream.pollWrite({ readable() {}, writable: resolve });
    });
    const sent = stream.send(data);
    if (sent instanceof Error) throw sent;
    data = data.subarray(sent);
  }
}
