/**
 * Connections without a reactor, as Deno gives them out. On Node `listen_node.ts`
 * stands in.
 *
 * @module
 */

import type { Address } from "./addresses.ts";
import type { Connections } from "./connections.ts";

/** Opens a port. Throws where it can't be opened. */
export function listen(address: Address): Connections {
  return Deno.listen(address);
}
