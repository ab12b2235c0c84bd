/**
 * The command line of a client whose servers are strings of endpoints.
 *
 * @module
 */

import {
  clientFromString,
  reactor,
  type StreamClientEndpoint,
  TCP4ClientEndpoint,
  UNIXClientEndpoint,
} from "../../mod.ts";
import {
  type ClientArguments,
  type ClientOptions,
  type Operands,
  parseOperands,
} from "../../cli/client_arguments.ts";
import { requireNet, requireUnix } from "../../cli/permissions.ts";
import { UsageError } from "../../cli/exit.ts";

const ENDPOINTS: Operands<StreamClientEndpoint> = {
  name: "endpoint",
  parse: parseEndpoint,
  requirePermission,
};

/** Like `parseArguments`, for endpoints: `tcp:localhost:10000`, `unix:/tmp/poetry`. */
export function parseEndpointArguments(
  about: string,
  options: ClientOptions = {},
): ClientArguments<StreamClientEndpoint> {
  return parseOperands(ENDPOINTS, about, options);
}

/**
 * Parses the string of an endpoint.
 *
 * @throws {UsageError} if it is invalid
 */
export function parseEndpoint(text: string): StreamClientEndpoint {
  try {
    return clientFromString(reactor, text);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`);
  }
}

/** Other endpoints know themselves what they need: without it, the attempt fails. */
function requirePermission(endpoint: StreamClientEndpoint): void {
  if (endpoint instanceof UNIXClientEndpoint) requireUnix(endpoint.path);
  if (endpoint instanceof TCP4ClientEndpoint) {
    requireNet({ hostname: endpoint.host, port: endpoint.port });
  }
}
