/**
 * TLS over a connection of Deno's, by Deno's own TLS, which is the fastest there
 * is: but only for clients, and it does not tell whose certificate it has seen.
 *
 * @module
 */

import type { PeerCertificate, Stream } from "../interfaces.ts";
import type { ClientTLSOptions } from "../tls/options.ts";
import { lostError } from "./deno_errors.ts";
import { AddressedDenoStream } from "./deno_stream.ts";
import { SecuringStream } from "./securing_stream.ts";

/** A read brings what one record of TLS holds, which is this at most. */
const RECORD_SIZE = 16 * 1024;

/** Whether Deno's own TLS can do what is wanted. */
export function isForDeno(
  { cert, caCerts, verify = true }: ClientTLSOptions,
): boolean {
  // It trusts roots of the program's own beside the usual ones, not instead.
  return cert === undefined && caCerts === undefined && verify;
}

/** A connection over TLS that is one of Deno's when both ends have agreed. */
export class DenoTLSStream extends SecuringStream {
  readonly peerCertificate: PeerCertificate | undefined = undefined;
  #negotiatedProtocol: string | undefined;
  /** The connection, first without TLS, then with it. */
  #conn: Deno.Conn;
  #closed = false;

  /**
   * Begins the handshake.
   *
   * @param below the connection, which nobody has read from
   * @param conn what it is in Deno
   * @param options what to show, and what to trust
   */
  constructor(below: Stream, conn: Deno.TcpConn, options: ClientTLSOptions) {
    super(below);
    this.#conn = conn;
    this.#begin(conn, options).catch((error) => {
      this.#close();
      this.fail(lostError(error));
    });
  }

  get negotiatedProtocol(): string | undefined {
    return this.#negotiatedProtocol;
  }

  protected override closeNow(): void {
    this.#close();
  }

  protected override abortNow(): void {
    this.#close();
  }

  async #begin(
    below: Deno.TcpConn,
    { hostname = "", alpnProtocols = [] }: ClientTLSOptions,
  ): Promise<void> {
    const conn = await Deno.startTls(below, {
      hostname,
      alpnProtocols: [...alpnProtocols],
    });
    this.#conn = conn;
    if (this.#closed) return conn.close();
    const { alpnProtocol } = await conn.handshake();
    this.#negotiatedProtocol = alpnProtocol ?? undefined;
    const addresses = { local: this.localAddress, remote: this.remoteAddress };
    this.secure(() => new AddressedDenoStream(conn, addresses, RECORD_SIZE));
  }

  #close(): void {
    this.#closed = true;
    try {
      this.#conn.close();
    } catch {
      // Closed already, or on its way to be another: then that one is closed.
    }
  }
}
