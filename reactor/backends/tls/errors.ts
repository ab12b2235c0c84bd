// The errors of TLS: a classification. What OpenSSL or rustls said is passed
// on.

import { CertificateError, ConnectionLost, SSLError } from "../../errors.ts";

/** What Node tells beside the message, which OpenSSL's `reason` stands amid. */
interface TLSError extends Error {
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
}

/** OpenSSL's codes for a certificate that fails verification, and Node's for names. */
const UNVERIFIED =
  /^(CERT|CRL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERROR_IN_C|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME|ERR_TLS_CERT)_?|DID_NOT_RETURN_A_CERTIFICATE/;

/** The alerts of a peer that does not accept the certificate of this side. */
const REJECTED = /CERTIFICATE_REQUIRED|ALERT_(UNKNOWN_CA|\w*CERTIFICATE)/;

export function tlsError(
  error: TLSError,
  isHandshakeComplete: boolean,
): ConnectionLost {
  // The connection below has said why already.
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

/** The peer has started a second handshake. */
export function renegotiated(): SSLError {
  return new SSLError(
    "TLS has failed: the peer has asked for a renegotiation, which is refused",
  );
}

/** The peer has closed the connection before the handshake was complete. */
export function closedInHandshake(options?: ErrorOptions): SSLError {
  return new SSLError(
    "TLS has failed: the peer has closed the connection during the handshake",
    options,
  );
}

/** EOF without close_notify: a truncation attack looks the same. */
export function truncated(): ConnectionLost {
  return new ConnectionLost(
    "The connection was lost: the peer has closed it without ending TLS, so that something may be missing",
  );
}
