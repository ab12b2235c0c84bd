// What the ends of a TLS connection show of themselves, and what they trust.

/**
 * In seconds.
 * @category TLS
 */
export const DEFAULT_HANDSHAKE_TIMEOUT = 30;

/**
 * What both ends have in common. Certificates and keys are PEM texts.
 * @category TLS
 */
export interface TLSOptions {
  /**
   * The certificate to show, followed by its intermediates.
   * @default {undefined}
   */
  readonly cert?: string | undefined;
  /**
   * The private key of `cert`.
   * @default {undefined}
   */
  readonly key?: string | undefined;
  /**
   * The protocols to offer, in order of preference (ALPN), each of 1 to 255 bytes. If
   * both ends have some, one is chosen, or the handshake fails.
   * @default {undefined}
   */
  readonly alpnProtocols?: readonly string[] | undefined;
  /**
   * How long the handshake may take, in seconds; `null` for no limit. After that the
   * connection is lost with an `SSLError`, even if writes wait to be sent.
   * @default {30}
   */
  readonly handshakeTimeout?: number | null | undefined;
}

/**
 * What a client shows and trusts: Twisted's `optionsForClientTLS`.
 * @category TLS
 */
export interface ClientTLSOptions extends TLSOptions {
  /**
   * The name that the server's certificate must be for.
   * @default {undefined} the host connected to
   */
  readonly hostname?: string | undefined;
  /**
   * The root certificates to trust, instead of the runtime's.
   * @default {undefined}
   */
  readonly caCerts?: readonly string[] | undefined;
  /**
   * Whether to verify the server's certificate and its name. Without that a man in the
   * middle can read and change all that is sent.
   * @default {true}
   */
  readonly verify?: boolean | undefined;
}

/**
 * What a server shows and trusts: Twisted's `CertificateOptions`.
 * @category TLS
 */
export interface ServerTLSOptions extends TLSOptions {
  /** The certificate to show, followed by its intermediates. */
  readonly cert: string;
  /** The private key of `cert`. */
  readonly key: string;
  /**
   * The root certificates to trust with clients, which must show one signed by them;
   * without any, clients need none.
   * @default {undefined}
   */
  readonly clientCaCerts?: readonly string[] | undefined;
}
