/**
 * Where a server without a reactor listens: at a host and a port, or at an endpoint.
 *
 * @module
 */

import {
  type Address as ListeningAddress,
  type Listener,
  reactor,
  runtimeBackend,
  serverFromString,
  type StreamServerEndpoint,
  TCP4ServerEndpoint,
  UNIXServerEndpoint,
} from "../mod.ts";
import { type Address, formatAddress } from "../cli/addresses.ts";
import type { Connections } from "./connections.ts";
import { reasonOf, UsageError } from "../cli/usage_error.ts";
import { BACKLOG, listen } from "./listen.ts";
import { requireNet } from "../cli/permissions.ts";
import { connectionsOf } from "./stream_connections.ts";

/** Opens a port. Throws a {@linkcode UsageError} where it can't be opened. */
export function listenAt(address: Address): Connections {
  requireNet(address);
  try {
    return listen(address);
  } catch (error) {
    const name = formatAddress(address);
    throw new UsageError(`Cannot listen on ${name}: ${reasonOf(error)}.`);
  }
}

/**
 * Opens what the string of an endpoint says: `tcp:10000`, `unix:/tmp/poetry`. Throws a
 * {@linkcode UsageError} where it can't be opened, or is something else.
 */
export function listenAtEndpoint(text: string): Connections {
  return connectionsOf(orUsage(() => {
    const endpoint = serverFromString(reactor, text);
    const listener = open(endpoint);
    if (listener !== undefined) return listener;
    throw new Error(
      `This program has sockets alone, and cannot listen there: ${text}`,
    );
  }));
}

function open(
  endpoint: StreamServerEndpoint,
): Listener<ListeningAddress> | undefined {
  if (endpoint instanceof UNIXServerEndpoint) {
    const { address: path, options } = endpoint;
    const { backlog = BACKLOG, mode = 0o666, wantPID: lock = false } = options;
    requireNet({ path });
    return runtimeBackend.listenPath?.({ path, backlog, mode, lock });
  }
  if (endpoint instanceof TCP4ServerEndpoint) {
    const { port, options } = endpoint;
    const hostname = options.interface || "0.0.0.0";
    const { backlog = BACKLOG } = options;
    requireNet({ hostname, port });
    return runtimeBackend.listen({ hostname, port, backlog, reusePort: false });
  }
  return undefined;
}

/** What goes wrong in here was written for the user to read. */
function orUsage<T>(fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${(error as Error).message}.`);
  }
}
