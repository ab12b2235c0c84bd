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
   * To offer (ALPN), the preferred first, each of 1 to 255 bytes. If both ends have some,
   * one is chosen, or the handshake fails.
   * @default {undefined}
   */
  readonly alpnProtocols?: readonly string[] | undefined;
  /**
   * In seconds; `null` for none. Then the connection is lost with an `SSLError`, even if
   * writes wait.
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
   * Whether to verify the server's certificate and its name; if not, a man in the middle
   * can read and change everything.
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
   * The roots for clients' certificates, which are then required.
   * @default {undefined}
   */
  readonly clientCaCerts?: readonly string[] | undefined;
}
