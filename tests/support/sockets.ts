// Sockets that are connected to each other, without a reactor.

import {
  type Backend,
  type Listener,
  type Pollable,
  Socket,
  type Stream,
} from "../../mod.ts";

/** How long something is waited for, in seconds. */
const PATIENCE = 20;

/** Two ends of one connection. Disposing of it closes both. */
export interface SocketPair extends AsyncDisposable {
  /** What connects them. */
  backend: Backend;
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
  const accepted = accept(backend, listener);
  const { host: hostname, port } = listener.address;
  const near = await Socket.connect({ hostname, port }, backend);
  const far = await accepted;
  await listener.close();
  return {
    backend,
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

/** Waits until something can be read from, or written to. */
export async function ready(
  backend: Backend,
  way: "pollRead" | "pollWrite",
  pollable: Pollable,
): Promise<void> {
  const forget = backend.setAlarm(PATIENCE, () => {});
  await new Promise<void>((resolve) => {
    pollable[way]({ readable: resolve, writable: resolve });
  });
  forget();
}

async function accept(backend: Backend, listener: Listener): Promise<Stream> {
  await ready(backend, "pollRead", listener);
  const accepted = listener.accept();
  if (accepted === undefined) throw new Error("There was nothing to accept");
  if (accepted instanceof Error) throw accepted;
  return accepted;
}

/** Sends all of the bytes from the far end, however little room there is. */
export async function sendAll(
  { backend, far: stream }: SocketPair,
  data: Uint8Array,
): Promise<void> {
  while (data.length > 0) {
    await ready(backend, "pollWrite", stream);
    const sent = stream.send(data);
    if (sent instanceof Error) throw sent;
    data = data.subarray(sent);
  }
}
