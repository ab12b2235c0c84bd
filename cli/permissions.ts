/**
 * Permissions, asked for before they are used: left to itself, Deno would stop and ask
 * the user at the terminal, or throw.
 *
 * @module
 */

import {
  type Address,
  formatAddress,
  type SocketAddress,
} from "./addresses.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Throws a {@linkcode UsageError} where the program may not use the network there. A UNIX
 * socket is a file as well.
 */
export function requireNet(address: SocketAddress): void {
  const host = formatAddress(address);
  require({ name: "net", host }, `use ${host}`);
  if (!("path" in address)) return;
  const { path } = address;
  require({ name: "read", path }, `read ${path}`);
  require({ name: "write", path }, `write ${path}`);
}

/** Throws a {@linkcode UsageError} where the program may not read the file. */
export function requireRead(path: string): void {
  require({ name: "read", path }, `read ${path}`);
}

/** Throws a {@linkcode UsageError} where the program may not start itself again. */
export function requireWorkers(): void {
  const missing = [];
  if (!isGranted({ name: "run", command: Deno.execPath() })) {
    missing.push("--allow-run");
  }
  // What else the flag brings tells whether it was given.
  if (!("listenDatagram" in Deno)) missing.push("--unstable-net");
  if (missing.length === 0) return;
  throw new UsageError(
    `Cannot start workers on one port: deno run needs ${
      missing.join(" and ")
    }.`,
  );
}

/**
 * The flags for a process that is to use that address and read that file. It may do
 * anything with the network and with files where this program may.
 */
export function flagsFor(address: Address, path: string): string[] {
  const net = isGranted({ name: "net" }) ? "" : `=${formatAddress(address)}`;
  // A comma would end the name.
  const file = isGranted({ name: "read" })
    ? ""
    : `=${path.replaceAll(",", ",,")}`;
  return [`--allow-net${net}`, `--allow-read${file}`];
}

function require(permission: Deno.PermissionDescriptor, use: string): void {
  if (isGranted(permission)) return;
  throw new UsageError(
    `No permission to ${use}: deno run needs --allow-${permission.name}.`,
  );
}

function isGranted(permission: Deno.PermissionDescriptor): boolean {
  try {
    return Deno.permissions.querySync(permission).state === "granted";
  } catch {
    // It isn't a host or a path at all. Whoever opens it gets to know why.
    return true;
  }
}
