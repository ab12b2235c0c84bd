import type { TLSOptions } from "../../tls_options.ts";
import { builtin } from "../node/modules.ts";

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
