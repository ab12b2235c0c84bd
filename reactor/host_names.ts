/**
 * The names of hosts, in the form in which the network knows them.
 *
 * @module
 */

/** What a URL has another meaning for, and no name contains. */
const NOT_IN_NAMES = /[\s/?#@:%\\[\]]/;

/**
 * Encodes a name as IDNA: `bücher.example` is `xn--bcher-kva.example` to name
 * servers, and in certificates. What is ASCII already stays as it is, addresses
 * included.
 *
 * @returns nothing if it is no name of a host
 */
export function encodeHostName(host: string): string | undefined {
  if (/^\p{ASCII}*$/u.test(host)) return host;
  if (NOT_IN_NAMES.test(host)) return undefined;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

/**
 * The host that a certificate has to be for: a name as it is encoded, an address
 * without its brackets and its zone.
 *
 * @throws {TypeError} if it is no name of a host
 */
export function certifiedHost(host: string): string {
  if (host.includes(":")) {
    return host.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  }
  const encoded = encodeHostName(host);
  if (encoded !== undefined) return encoded;
  throw new TypeError(
    `A certificate cannot be checked for ${
      JSON.stringify(host)
    }: it is no name of a host`,
  );
}
