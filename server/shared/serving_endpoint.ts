/**
 * The endpoint that a server under the reactor listens at.
 *
 * @module
 */

import {
  reactor,
  serverFromString,
  SSL4ServerEndpoint,
  type StreamServerEndpoint,
  TCP4ServerEndpoint,
  UNIXServerEndpoint,
} from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { UsageError } from "../../cli/exit.ts";
import { requireNet, requireUnix } from "../../cli/permissions.ts";
import type { ServingValues } from "./serving_options.ts";

/** Node's default; `--listen` may name another. */
const BACKLOG = 511;

/**
 * The endpoint that `--listen`, or `--port` and `--iface`, describe.
 *
 * @throws {UsageError} if it is invalid, or may not be used
 */
export function endpointOf(options: ServingValues): StreamServerEndpoint {
  const { listen, iface, port, "shared-port": sharedPort } = options;
  const named = listen === undefined
    ? new TCP4ServerEndpoint(reactor, port, {
      interface: iface,
      backlog: BACKLOG,
    })
    : readEndpoint(listen);
  // A worker may use the port that the first one found, instead of port 0.
  const endpoint = sharedPort === undefined ? named : shared(named, sharedPort);
  requirePermission(endpoint);
  return endpoint;
}

/**
 * @throws {UsageError} if it is no TCP port: nothing else can be shared
 */
export function sharedAddress(options: ServingValues): Address {
  const address = portOf(endpointOf(options));
  if (address !== undefined) return address;
  throw new UsageError(
    `Workers share a port, and there is none to share: ${options.listen}.`,
  );
}

function readEndpoint(text: string): StreamServerEndpoint {
  try {
    return serverFromString(reactor, text);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`);
  }
}

function requirePermission(endpoint: StreamServerEndpoint): void {
  const address = portOf(endpoint);
  if (address !== undefined) requireNet(address);
  else if (endpoint instanceof UNIXServerEndpoint) {
    requireUnix(endpoint.address);
  }
}

function portOf(endpoint: StreamServerEndpoint): Address | undefined {
  if (!isPort(endpoint)) return undefined;
  const { port, options } = endpoint;
  return { hostname: options.interface || "0.0.0.0", port };
}

function isPort(
  endpoint: StreamServerEndpoint,
): endpoint is TCP4ServerEndpoint | SSL4ServerEndpoint {
  return endpoint instanceof TCP4ServerEndpoint ||
    endpoint instanceof SSL4ServerEndpoint;
}

/** The same endpoint on the port that the workers share. */
function shared(
  endpoint: StreamServerEndpoint,
  port: number,
): StreamServerEndpoint {
  if (endpoint instanceof SSL4ServerEndpoint) {
    const options = { ...endpoint.options, reusePort: true };
    return new SSL4ServerEndpoint(reactor, port, options);
  }
  if (endpoint instanceof TCP4ServerEndpoint) {
    const options = { ...endpoint.options, reusePort: true };
    return new TCP4ServerEndpoint(reactor, port, options);
  }
  return endpoint;
}
