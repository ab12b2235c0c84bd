/** Means something else in a URL, and occurs in no name. */
const NOT_IN_NAMES = /[\s/?#@:%\\[\]]/;

/**
 * Encodes a name as IDNA: `bücher.example` is `xn--bcher-kva.example`. ASCII and
 * addresses stay; what is no host name becomes `undefined`.
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
 * What a certificate must be for: an encoded name, or an address without brackets and
 * zone.
 * @throws {TypeError} if it is not a host name
 */
export function certifiedHost(host: string): string {
  if (host.includes(":")) {
    return host.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  }
  const encoded = encodeHostName(host);
  if (encoded !== undefined) return encoded;
  throw new TypeError(
    `Cannot check a certificate for ${
      JSON.stringify(host)
    }: it is not the name of a host`,
  );
}
