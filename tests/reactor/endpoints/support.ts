/**
 * What the tests of endpoints share.
 *
 * @module
 */

import { Factory, type NameResolver, Protocol, succeed } from "../../../mod.ts";

/** A factory that says nothing to the log. */
export class QuietFactory extends Factory {
  override protocol = Protocol;
  override noisy = false;
}

/** A resolver that knows one host. */
export function knows(addresses: readonly string[]): NameResolver {
  return { resolveHostName: () => succeed(addresses) };
}
