/**
 * A TCP connection of Deno's.
 *
 * @module
 */

import { type Address, addressOf, type TCPAddress } from "../../addresses.ts";
import { DenoStream } from "./stream.ts";

/** The zone of an address: `eth0` of `fe80::1%eth0`, also in brackets. */
export function zoneOf(host: string): string | undefined {
  return /:.*%([^\]]+)/.exec(host)?.[1];
}

/**
 * The address object for an address of Deno's.
 *
 * @param zone where a link-local address is valid, as far as that is known: Deno
 *   does not tell. Both ends of a connection have the same.
 */
export function toAddress(
  { hostname, port }: Deno.NetAddr,
  zone?: string,
): TCPAddress {
  const isLocal = zone !== undefined && /^fe[89ab]/i.test(hostname);
  return addressOf(isLocal ? `${hostname}%${zone}` : hostname, port);
}

/** A stream over TCP, which alone can choose how pieces are sent. */
export class DenoTCPStream extends DenoStream {
  readonly #conn: Deno.TcpConn;
  #localAddress: Address | undefined;
  #remoteAddress: Address | undefined;

  readonly #zone: string | undefined;

  /**
   * @param conn the connection
   * @param zone that of its addresses, where they are link-local and it is known
   */
  constructor(conn: Deno.TcpConn, zone?: string) {
    super(conn);
    this.#conn = conn;
    this.#zone = zone;
  }

  get localAddress(): Address {
    return this.#localAddress ??= toAddress(this.#conn.localAddr, this.#zone);
  }

  get remoteAddress(): Address {
    return this.#remoteAddress ??= toAddress(this.#conn.remoteAddr, this.#zone);
  }

  checkSent(): void {
    this.writeNothing();
  }

  setNoDelay(enabled: boolean): void {
    this.configure(() => this.#conn.setNoDelay(enabled));
  }

  setKeepAlive(enabled: boolean): void {
    this.configure(() => this.#conn.setKeepAlive(enabled));
  }
}
