/**
 * What both ends have in common. Certificates and keys are PEM texts.
 * @category TLS
 */
export interface TLSOptions {
  /**
   * To show, followed by its intermediates.
   * @default {undefined}
   */
  readonly cert?: string | undefined;
  /**
   * The private key of `cert`.
   * @default {undefined}
   */
  readonly key?: string | undefined;
  /**
   * The protocols to offer (ALPN), the preferred first, each of 1 to 255 bytes. If both
   * ends have some, one is chosen, or the handshake fails.
   * @default {undefined}
   */
  readonly alpnProtocols?: readonly string[] | undefined;
  /**
   * For the handshake, in seconds; `null` for no limit. Then the connection is lost with
   * an `SSLError`, even if writes wait to be sent.
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
   * What the server's certificate must be for.
   * @default {undefined} the host connected to
   */
  readonly hostname?: string | undefined;
  /**
   * Roots to trust instead of the runtime's.
   * @default {undefined}
   */
  readonly caCerts?: readonly string[] | undefined;
  /**
   * Whether to verify the server's certificate and its name. Otherwise a man in the
   * middle can read and change everything.
   * @default {true}
   */
  readonly verify?: boolean | undefined;
}

/**
 * What a server shows and trusts: Twisted's `CertificateOptions`.
 * @category TLS
 */
export interface ServerTLSOptions extends TLSOptions {
  /** To show, followed by its intermediates. */
  readonly cert: string;
  /** The private key of `cert`. */
  readonly key: string;
  /**
   * The roots for clients, which must show a certificate signed by one; without any, they
   * need none.
   * @default {undefined}
   */
  readonly clientCaCerts?: readonly string[] | undefined;
}
