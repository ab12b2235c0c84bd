/**
 * The errors of Deno's own TLS, in the terms of this library.
 *
 * @module
 */

import type { ConnectionLost } from "../errors.ts";
import {
  badCertificate,
  cutOff,
  hungUp,
  refused,
  tlsFailed,
} from "./tls_errors.ts";

/** What stands against the peer's certificate, by what Deno says of it. */
const CERTIFICATES: readonly [said: RegExp, reason: string][] = [
  [/not valid for name.*only valid for (.*)/, "it is for another name: $1"],
  [/not valid for name/, "it is for another name"],
  [/NotValidYet|not valid yet/, "it is not valid yet"],
  [/Expired/, "it has expired"],
  [/Revoked/, "it was revoked"],
  [/BadSignature/, "its signature is wrong"],
  [/CaUsedAsEndEntity/, "it is signed by itself, and is no root"],
  [/InvalidPurpose/, "it is for another purpose"],
  [/UnknownIssuer/, "it is signed by somebody who is not known"],
];

/** What the peer says of the certificate that it was shown, or was not. */
const ALERTS: readonly [alert: RegExp, reason: string][] = [
  [/CertificateRequired/, "it wants one, and was shown none"],
  [/UnknownCA/, "it does not know who has signed it"],
  [/CertificateExpired/, "it has expired"],
  [/Certificate/, "it does not take it"],
];

/** What both ends could not agree upon. */
const REASONS: readonly [said: RegExp, reason: string][] = [
  [
    /NoApplicationProtocol|known protocol/,
    "there is no protocol that both ends know (ALPN)",
  ],
  [
    /InvalidContentType|InvalidMessage|corrupt message/,
    "the peer does not speak TLS",
  ],
  [
    /ProtocolVersion|PeerIncompatible/,
    "there is no version of it that both ends know",
  ],
  [/HandshakeFailure/, "there is no cipher that both ends know"],
];

/**
 * Why a connection over TLS broke, where it is TLS that an error of Deno's is
 * about.
 */
export function tlsLostError(error: unknown): ConnectionLost | undefined {
  const options = { cause: error };
  if (error instanceof Deno.errors.UnexpectedEof) {
    return /close_notify/.test(error.message)
      ? cutOff(options)
      : hungUp(options);
  }
  if (!(error instanceof Deno.errors.InvalidData)) return undefined;
  const { message } = error;
  const certificate = /^invalid peer certificate: (.*)/s.exec(message)?.[1];
  if (certificate !== undefined) {
    return badCertificate(
      find(CERTIFICATES, certificate)
        // As Node, and OpenSSL, write them.
        .replaceAll(/DnsName\("(.*?)"\)/g, "DNS:$1")
        .replaceAll(/IpAddress\((.*?)\)/g, "IP Address:$1")
        .replaceAll(" or ", ", "),
      options,
    );
  }
  const alert = /^received fatal alert: (.*)/.exec(message)?.[1] ?? "";
  if (/Certificate|UnknownCA/.test(alert)) {
    return refused(find(ALERTS, alert), options);
  }
  return tlsFailed(find(REASONS, message), options);
}

function find(table: readonly [RegExp, string][], said: string): string {
  for (const [pattern, reason] of table) {
    const match = pattern.exec(said);
    if (match !== null) return reason.replace("$1", match[1] ?? "");
  }
  return said;
}
