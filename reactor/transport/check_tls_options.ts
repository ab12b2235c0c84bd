/**
 * Whether options of TLS are what they have to be, asked when they are given: to
 * runtimes some of that matters at the first connection only, or never.
 *
 * @module
 */

import type { PrepareTLSOptions } from "../backend.ts";

/** The most bytes that the name of a protocol can have (RFC 7301). */
const MAX_PROTOCOL_SIZE = 255;

/** The most bytes that all of them can have, each with one for its length. */
const MAX_PROTOCOLS_SIZE = 65_535;

const encoder = new TextEncoder();

/**
 * Checks what does not depend on the runtime.
 *
 * @throws {TypeError} if a protocol has no name or too long a one, nobody at all is
 *   trusted, or a client has no name to check
 * @throws {RangeError} if `handshakeTimeout` is no time
 */
export function checkTLSOptions({ side, tls }: PrepareTLSOptions): void {
  checkProtocols(tls.alpnProtocols ?? []);
  checkTimeout(tls.handshakeTimeout ?? null);
  if (side === "server") {
    checkRoots("clientCaCerts", tls.clientCaCerts);
    return;
  }
  checkRoots("caCerts", tls.caCerts);
  if (tls.hostname || tls.verify === false) return;
  throw new TypeError(
    "The hostname that the server's certificate has to be for must not be empty: over a UNIX socket it has to be given",
  );
}

function checkProtocols(names: readonly string[]): void {
  if (!Array.isArray(names)) {
    throw new TypeError(`alpnProtocols must be an array, got ${typeof names}`);
  }
  let total = 0;
  for (const name of names) {
    const size = typeof name === "string" ? encoder.encode(name).length : 0;
    total += 1 + size;
    if (size >= 1 && size <= MAX_PROTOCOL_SIZE) continue;
    throw new TypeError(
      `Each of alpnProtocols must be a text of 1 to ${MAX_PROTOCOL_SIZE} bytes, got ${
        typeof name === "string" ? `one of ${size}` : typeof name
      }`,
    );
  }
  if (total <= MAX_PROTOCOLS_SIZE) return;
  throw new TypeError(
    `alpnProtocols must have ${MAX_PROTOCOLS_SIZE} bytes at most, got ${total}`,
  );
}

/** To trust nobody at all would be to connect to nobody, or what a runtime makes of it. */
function checkRoots(name: string, roots: readonly string[] | undefined): void {
  if (roots === undefined) return;
  if (!Array.isArray(roots)) {
    throw new TypeError(`${name} must be an array, got ${typeof roots}`);
  }
  if (roots.length > 0) return;
  throw new TypeError(
    `${name} must hold one certificate or more, got an empty array`,
  );
}

function checkTimeout(seconds: number | null): void {
  if (seconds === null || seconds >= 0) return;
  throw new RangeError(
    `handshakeTimeout must be 0 or more seconds, or null, got ${seconds}`,
  );
}
