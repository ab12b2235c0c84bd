// What OpenSSL or rustls said is passed on.

import { CertificateError, ConnectionLost, SSLError } from "../../errors.ts";
import type { TLSOptions } from "../../tls_options.ts";
import { builtin } from "../node/modules.ts";

/** OpenSSL's `reason` stands amid the message. */
interface TLSError extends Error {
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
}

/** OpenSSL's codes for an unverified certificate, and Node's for names. */
const UNVERIFIED =
  /^(CERT|CRL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERROR_IN_C|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME|ERR_TLS_CERT)_?|DID_NOT_RETURN_A_CERTIFICATE/;

/** Alerts of a peer that does not accept this side's certificate. */
const REJECTED = /CERTIFICATE_REQUIRED|ALERT_(UNKNOWN_CA|\w*CERTIFICATE)/;

export function tlsError(
  error: TLSError,
  isHandshakeComplete: boolean,
): ConnectionLost {
  if (error instanceof ConnectionLost) return error;
  const { code = "", reason = error.message } = error;
  const cause = { cause: error };
  if (UNVERIFIED.test(code)) {
    const message = `Cannot verify the peer's certificate: ${reason}`;
    return new CertificateError(message, cause);
  }
  if (REJECTED.test(code)) {
    const message = `The peer has rejected this side's certificate: ${reason}`;
    return new CertificateError(message, cause);
  }
  if (code === "ECONNRESET" && !isHandshakeComplete) {
    return closedInHandshake(cause);
  }
  return new SSLError(`TLS has failed: ${reason}`, cause);
}

export function renegotiated(): SSLError {
  return new SSLError(
    "TLS has failed: the peer has asked for a renegotiation, which is refused",
  );
}

export function closedInHandshake(options?: ErrorOptions): SSLError {
  return new SSLError(
    "TLS has failed: the peer has closed the connection during the handshake",
    options,
  );
}

/** EOF without close_notify: truncation attacks look the same. */
export function truncated(): ConnectionLost {
  return new ConnectionLost(
    "The connection was lost: the peer has closed it without ending TLS, so that something may be missing",
  );
}

/**
 * Runtimes check at the first connection, or never.
 * @throws {TypeError} if a certificate or key cannot be read, or they do not match
 */
export function checkCertificates(
  { cert, key }: TLSOptions,
  roots: readonly string[] = [],
): void {
  const crypto = builtin("node:crypto");
  const certificate = (pem: string) =>
    read("a certificate", () => new crypto.X509Certificate(pem));
  for (const root of roots) certificate(root);
  if (cert === undefined || key === undefined) return;
  const shown = certificate(cert);
  const own = read("a private key", () => crypto.createPrivateKey(key));
  if (shown.checkPrivateKey(own)) return;
  throw new TypeError(
    `The private key is not that of the certificate for ${shown.subject}`,
  );
}

function read<T>(what: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    throw new TypeError(
      `Cannot read ${what}, which has to be a text in the PEM form: ${
        (error as Error).message
      }`,
      { cause: error },
    );
  }
}
