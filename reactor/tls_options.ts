/**
 * What the two ends of a TLS connection show of themselves, and what they trust.
 *
 * @module
 */

/** How long a handshake may take unless told otherwise, in seconds. */
export const DEFAULT_HANDSHAKE_TIMEOUT = 30;

/** What is common to both ends. Certificates and keys are texts in the PEM form. */
export interface TLSOptions {
  /**
   * The certificate to show, and behind it those that lead from it to a root.
   *
   * @default {undefined}
   */
  readonly cert?: string | undefined;
  /**
   * The private key of `cert`.
   *
   * @default {undefined}
   */
  readonly key?: string | undefined;
  /**
   * The protocols that are spoken over the connection, the best one first (ALPN).
   * Where both ends name some, they agree upon one, or there is no connection.
   * Each has 1 to 255 bytes.
   *
   * @default {undefined}
   */
  readonly alpnProtocols?: readonly string[] | undefined;
  /**
   * How long the handshake may take, in seconds; `null` for as long as the peer
   * likes. When it is over, so is the connection, with an `SSLError`, also where
   * `loseConnection()` waits for what was written to be sent.
   *
   * @default {30}
   */
  readonly handshakeTimeout?: number | null | undefined;
}

/** What a client shows and trusts: Twisted's `optionsForClientTLS`. */
export interface ClientTLSOptions extends TLSOptions {
  /**
   * The name that the server's certificate has to be for; the host that is
   * connected to unless given.
   *
   * @default {undefined}
   */
  readonly hostname?: string | undefined;
  /**
   * The roots to trust instead of those of the runtime: one of them must have
   * signed the server's certificate.
   *
   * @default {undefined}
   */
  readonly caCerts?: readonly string[] | undefined;
  /**
   * Whether the server's certificate and its name are checked. Without that
   * anybody in between can read and change all that is sent.
   *
   * @default {true}
   */
  readonly verify?: boolean | undefined;
}

/** What a server shows and trusts: Twisted's `CertificateOptions`. */
export interface ServerTLSOptions extends TLSOptions {
  /** The certificate to show, and behind it those that lead from it to a root. */
  readonly cert: string;
  /** The private key of `cert`. */
  readonly key: string;
  /**
   * The roots to trust with clients: each client must show a certificate that
   * one of them has signed. Without any, clients need none.
   *
   * @default {undefined}
   */
  readonly clientCaCerts?: readonly string[] | undefined;
}
