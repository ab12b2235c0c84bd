/**
 * Where a poem is to be had: `10000`, `localhost:10000`, `[::1]:10000`.
 *
 * @module
 */

import { UsageError } from "./usage_error.ts";
import { isInteger } from "./numbers.ts";

/** The address of a server. */
export interface Address {
  hostname: string;
  port: number;
}

/** A server on this machine, at the path of its UNIX socket. */
export interface UnixAddress {
  path: string;
}

/** A server that a socket can be connected to. */
export type SocketAddress = Address | UnixAddress;

/** Where a server is taken to be that is given by its port alone. */
const DEFAULT_HOST = "127.0.0.1";

/** Reads an address. Throws a {@linkcode UsageError} where it cannot. */
export function parseAddress(text: string): Address {
  const [, ipv6, host, port = ""] =
    /^(?:\[(.*)\]:|(.*):)?([^:]*)$/.exec(text) ?? [];
  if (!isInteger(port)) {
    throw new UsageError(`Ports must be integers, got "${text}".`);
  }
  if (Number(port) < 1 || Number(port) > 65535) {
    throw new UsageError(`Ports must be from 1 to 65535, got "${text}".`);
  }
  if (host?.includes(":")) {
    throw new UsageError(
      `IPv6 addresses need brackets, as in [::1]:10000: ${text}.`,
    );
  }
  return { hostname: ipv6 || host || DEFAULT_HOST, port: Number(port) };
}

/** Writes an address the way it is read. */
export function formatAddress(address: SocketAddress): string {
  if ("path" in address) return `unix:${address.path}`;
  const { hostname, port } = address;
  return hostname.includes(":")
    ? `[${hostname}]:${port}`
    : `${hostname}:${port}`;
}
