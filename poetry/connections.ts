/**
 * Connections without a reactor, whichever runtime gives them out.
 *
 * @module
 */

import type { SocketAddress } from "../cli/addresses.ts";

/** An open connection. */
export interface Connection {
  /** The other end. */
  readonly remoteAddr: SocketAddress;
  /** Reads into `into`, and gives how many bytes came; `null` at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes what there is room for, and gives how many bytes that was. */
  write(bytes: Uint8Array): Promise<number>;
  /** Closes it. */
  close(): void;
  /** Gives it up: the other end is not to take what it has for all there is. */
  abort(): void;
}

/** An open port, and the connections that come in. */
export interface Connections extends AsyncIterable<Connection> {
  /** Where it listens. */
  readonly addr: SocketAddress;
}
