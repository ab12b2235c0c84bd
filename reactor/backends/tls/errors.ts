/**
 * The errors of TLS, in the terms of this library.
 *
 * @module
 */

import { CertificateError, ConnectionLost, SSLError } from "../../errors.ts";

/** What Node tells beside the message. */
interface CodedError extends Error {
  readonly code?: string | undefined;
}

/** What stands against the peer's certificate, by the code of the error. */
const CERTIFICATES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  CERT_REVOKED: "it was revoked",
  CERT_SIGNATURE_FAILURE: "its signature is wrong",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself, and is no root",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another name",
  INVALID_CA: "one that leads to it may not sign others",
  INVALID_PURPOSE: "it is for another purpose",
  SELF_SIGNED_CERT_IN_CHAIN: "it is signed by somebody who is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "it is signed by somebody who is not known",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "it is signed by somebody who is not known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "it is signed by somebody who is not known",
};

/**
 * What can go wrong at any time, by a part of the code of the error, or of its
 * message where runtimes have no code for it.
 */
const BREAKS: readonly [part: RegExp, reason: string][] = [
  [
    /BAD_RECORD_MAC|DECRYPTION_FAILED|cipher operation failed|cannot decrypt/,
    "what was sent was changed on its way: it cannot be decrypted",
  ],
  [/RENEGOTIATION/, "the peer has asked for a renegotiation, which is refused"],
];

/** What both ends could not agree upon, in the same way. */
const DISAGREEMENTS: readonly [part: RegExp, reason: string][] = [
  [
    /NO_APPLICATION_PROTOCOL/,
    "there is no protocol that both ends know (ALPN)",
  ],
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|RECORD_LAYER|UNKNOWN_PROTOCOL/,
    "the peer does not speak TLS",
  ],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/,
    "there is no version of it that both ends know",
  ],
  [
    /HANDSHAKE_FAILURE|NO_SHARED_CIPHER/,
    "there is no cipher that both ends know",
  ],
  [/ECONNRESET/, "the peer has closed the connection during the handshake"],
];

/** What the peer says of the certificate that it was shown, or was not. */
const ALERTS: readonly [part: RegExp, reason: string][] = [
  [/CERTIFICATE_REQUIRED/, "it wants one, and was shown none"],
  [/ALERT_UNKNOWN_CA/, "it does not know who has signed it"],
  [/ALERT_CERTIFICATE_EXPIRED/, "it has expired"],
  [/ALERT_\w*CERTIFICATE/, "it does not take it"],
];

/** Why two ends could not agree, or do not any more. */
function tlsError(error: CodedError, haveAgreed: boolean): SSLError {
  const { code = "", message } = error;
  const options = { cause: error };
  const certificate = CERTIFICATES[code];
  if (certificate !== undefined) {
    const [, names] = /.*altnames: (.*)/s.exec(message) ?? [];
    const which = names === undefined ? "" : `: ${names}`;
    return badCertificate(certificate + which, options);
  }
  if (code.includes("DID_NOT_RETURN_A_CERTIFICATE")) {
    return new CertificateError("The peer has shown no certificate", options);
  }
  const alert = ALERTS.find(([part]) => part.test(code));
  if (alert !== undefined) return refused(alert[1], options);
  const reasons = haveAgreed ? BREAKS : [...BREAKS, ...DISAGREEMENTS];
  const known = reasons.find(([part]) => part.test(`${code} ${message}`));
  return tlsFailed(known?.[1] ?? message, options);
}

/** The certificate that the peer has shown does not fit. */
export function badCertificate(
  why: string,
  options: ErrorOptions,
): CertificateError {
  return new CertificateError(
    `The peer's certificate does not fit: ${why}`,
    options,
  );
}

/** The peer does not take the certificate that it was shown. */
export function refused(why: string, options: ErrorOptions): CertificateError {
  return new CertificateError(
    `The peer does not take this side's certificate: ${why}`,
    options,
  );
}

/** Both ends could not agree. */
export function tlsFailed(why: string, options?: ErrorOptions): SSLError {
  return new SSLError(`TLS has failed: ${why}`, options);
}

/** The peer has had the two ends agree a second time. */
export function renegotiated(options?: ErrorOptions): SSLError {
  return tlsFailed(
    "the peer has asked for a renegotiation, which is refused",
    options,
  );
}

/**
 * Why a connection over TLS broke.
 *
 * @param error what was told
 * @param haveAgreed whether the handshake was over, and went well
 */
export function lostError(
  error: CodedError,
  haveAgreed: boolean,
): ConnectionLost {
  // What lies below has said why already.
  return error instanceof ConnectionLost ? error : tlsError(error, haveAgreed);
}

/** The peer has gone away before both ends had agreed. */
export function hungUp(options?: ErrorOptions): SSLError {
  return tlsFailed(
    "the peer has closed the connection during the handshake",
    options,
  );
}

/** The peer has gone away without a goodbye. */
export function cutOff(options?: ErrorOptions): ConnectionLost {
  return new ConnectionLost(
    "The connection was lost: the peer has closed it without ending TLS, so that something may be missing",
    options,
  );
}
