/**
 * Addresses of servers: `10000`, `localhost:10000`, `[::1]:10000`.
 *
 * @module
 */

import { UsageError } from "./exit.ts";
import { isInteger } from "./numbers.ts";

export interface Address {
  hostname: string;
  port: number;
}

const DEFAULT_HOST = "127.0.0.1";

/** @throws {UsageError} if it is invalid */
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

/** Formats an address in the form that `parseAddress` takes. */
export function formatAddress({ hostname, port }: Address): string {
  return hostname.includes(":")
    ? `[${hostname}]:${port}`
    : `${hostname}:${port}`;
}
