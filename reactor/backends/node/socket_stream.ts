// Apart from `NodeStream`, which TLS needs on Deno as well: the words for errors load a
// part of Node.

import type { Socket } from "node:net";
import { type Address, addressOf } from "../../addresses.ts";
import type { ConnectionLost } from "../../errors.ts";
import { lostError } from "../errors.ts";
import { reasonOf } from "./errors.ts";
import { NodeStream } from "./stream.ts";

/** Node stops reading at each chunk. */
export const SOCKET_OPTIONS = {
  allowHalfOpen: true,
  readableHighWaterMark: 0,
} as const;

export const SOCKET_STREAM = {
  explain: (error: Error): ConnectionLost => lostError(reasonOf(error)),
  chunkwise: true,
} as const;

export class NodeTCPStream extends NodeStream {
  readonly #socket: Socket;

  constructor(
    socket: Socket,
    known: {
      local?: Address | undefined;
      remote?: Address | undefined;
    } = {},
  ) {
    // Now, since Node forgets them with the connection.
    super(socket, {
      local: known.local ??
        addressOf(socket.localAddress ?? "", socket.localPort ?? 0),
      remote: known.remote ??
        addressOf(socket.remoteAddress ?? "", socket.remotePort ?? 0),
      ...SOCKET_STREAM,
    });
    this.#socket = socket;
  }

  checkSent(): void {
    this.writeNothing();
  }

  setNoDelay(enabled: boolean): void {
    this.#socket.setNoDelay(enabled);
  }

  setKeepAlive(enabled: boolean): void {
    this.#socket.setKeepAlive(enabled);
  }

  /** With the FIN unsent, Node cannot reset, and would keep the socket. */
  override abort(): void {
    this.forget();
    const socket = this.#socket;
    if (!socket.writableEnded || socket.writableFinished) {
      socket.resetAndDestroy();
    } else socket.once("finish", () => socket.resetAndDestroy());
  }
}
