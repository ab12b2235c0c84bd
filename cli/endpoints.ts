/**
 * Addresses that are strings of endpoints: `tcp:localhost:10000`, `unix:/tmp/poetry`,
 * `tls:poems.example:10000`.
 *
 * @module
 */

import {
  clientFromString,
  reactor,
  type StreamClientEndpoint,
  TCP4ClientEndpoint,
  UNIXClientEndpoint,
} from "../mod.ts";
import {
  type Address,
  parseAddress,
  type SocketAddress,
  type UnixAddress,
} from "./addresses.ts";
import { UsageError } from "./usage_error.ts";

/** A server that is found by an endpoint. */
export interface EndpointAddress {
  /** The string, as the user wrote it. */
  text: string;
  /** What connects to it. */
  endpoint: StreamClientEndpoint;
  /** The address, where it is a UNIX socket's. */
  socket: UnixAddress | undefined;
}

/** With nothing but a port behind it, such a word is the name of a host. */
const ENDPOINT = /^(tcp6?|unix|ssl|tls):(?!\d*$)/;

/**
 * Reads an address: of TCP, or else an endpoint. Throws a {@linkcode UsageError} where
 * it cannot.
 */
export function parseEndpoint(text: string): Address | EndpointAddress {
  if (!ENDPOINT.test(text)) return parseAddress(text);
  const endpoint = readEndpoint(text);
  const socket = endpoint instanceof UNIXClientEndpoint
    ? { path: endpoint.path }
    : undefined;
  return plainAddress(endpoint) ?? { text, endpoint, socket };
}

/** The same for those who can do with sockets alone. */
export function parseSocketAddress(text: string): SocketAddress {
  if (!ENDPOINT.test(text)) return parseAddress(text);
  const endpoint = readEndpoint(text);
  const address = plainAddress(endpoint) ?? plainPath(endpoint);
  if (address !== undefined) return address;
  throw new UsageError(
    /^(ssl|tls):/.test(text)
      ? `TLS is nothing for this program, which has sockets alone: ${text}.`
      : `This program takes tcp:HOST:PORT and unix:PATH, and nothing more: ${text}.`,
  );
}

/** The same for those who know TCP and nothing else. */
export function parseTCPAddress(text: string): Address {
  const address = parseEndpoint(text);
  if (!("endpoint" in address)) return address;
  throw new UsageError(`This program takes tcp:HOST:PORT alone: ${text}.`);
}

function readEndpoint(text: string): StreamClientEndpoint {
  try {
    return clientFromString(reactor, text);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`);
  }
}

/** The host and the port, where nothing else is said of how to connect. */
function plainAddress(endpoint: StreamClientEndpoint): Address | undefined {
  if (!(endpoint instanceof TCP4ClientEndpoint)) return undefined;
  const { host: hostname, port, options } = endpoint;
  return isEmpty(options) ? { hostname, port } : undefined;
}

function plainPath(endpoint: StreamClientEndpoint): UnixAddress | undefined {
  if (!(endpoint instanceof UNIXClientEndpoint)) return undefined;
  const { path, options } = endpoint;
  return isEmpty(options) ? { path } : undefined;
}

function isEmpty(options: object): boolean {
  return Object.values(options).every((value) => value === undefined);
}
