/**
 * In which order the addresses of a host are tried.
 *
 * @module
 */

/**
 * Puts addresses of both families in turn, as RFC 8305 has it: if one of the
 * families leads nowhere, the second attempt already takes the other. Within a
 * family they stay as they are, and the first of all stays the first.
 *
 * @param addresses in the order in which the system would try them
 */
export function inTurn(addresses: readonly string[]): string[] {
  const isFirstKind = (address: string) =>
    isIPv6(address) === isIPv6(addresses[0]);
  const first = addresses.filter(isFirstKind);
  const second = addresses.filter((address) => !isFirstKind(address));
  const pairs = first.flatMap((one, i) => [one, ...second.slice(i, i + 1)]);
  return [...pairs, ...second.slice(first.length)];
}

function isIPv6(address: string | undefined): boolean {
  return address?.includes(":") ?? false;
}
