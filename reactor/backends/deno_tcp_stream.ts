/**
 * A TCP connection of Deno's.
 *
 * @module
 */

import { type Address, addressOf, type TCPAddress } from "../addresses.ts";
import { DenoStream } from "./deno_stream.ts";

/** The address object for an address of Deno's. */
export function toAddress({ hostname, port }: Deno.NetAddr): TCPAddress {
  return addressOf(hostname, port);
}

/** A stream over TCP, which alone can choose how pieces are sent. */
export class DenoTCPStream extends DenoStream {
  readonly #conn: Deno.TcpConn;
  #localAddress: Address | undefined;
  #remoteAddress: Address | undefined;

  constructor(conn: Deno.TcpConn) {
    super(conn);
    this.#conn = conn;
  }

  get localAddress(): Address {
    return this.#localAddress ??= toAddress(this.#conn.localAddr);
  }

  get remoteAddress(): Address {
    return this.#remoteAddress ??= toAddress(this.#conn.remoteAddr);
  }

  setNoDelay(enabled: boolean): void {
    this.configure(() => this.#conn.setNoDelay(enabled));
  }

  setKeepAlive(enabled: boolean): void {
    this.configure(() => this.#conn.setKeepAlive(enabled));
  }
}
