/**
 * Connections without a reactor, as the library's backend gives them out.
 *
 * @module
 */

import { type Listener, runtimeBackend } from "../mod.ts";
import type { Address } from "../cli/addresses.ts";
import type { Connections } from "./connections.ts";
import { connectionsOf } from "./stream_connections.ts";

/** How many connections may wait until one is accepted, unless that is said. */
export const BACKLOG = 511;

/** Opens a port. Throws where it can't be opened. */
export function listen(address: Address): Connections {
  return connectionsOf(open(address));
}

/** The server says itself where it can't listen: only the reason is wanted here. */
function open({ hostname, port }: Address): Listener {
  const options = { hostname, port, backlog: BACKLOG, reusePort: false };
  try {
    return runtimeBackend.listen(options);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(message.replace(/^Cannot listen on .*?:\d+: /, ""), {
      cause: error,
    });
  }
}
