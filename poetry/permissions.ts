/**
 * Permissions, asked for before they are used: left to itself, Deno would stop and ask
 * the user at the terminal, or throw.
 *
 * @module
 */

import { type Address, formatAddress } from "./addresses.ts";
import { UsageError } from "./errors.ts";

/** Throws a {@linkcode UsageError} where the program may not use the network there. */
export function requireNet(address: Address): void {
  const host = formatAddress(address);
  require({ name: "net", host }, `use ${host}`);
}

/** Throws a {@linkcode UsageError} where the program may not read the file. */
export function requireRead(path: string): void {
  require({ name: "read", path }, `read ${path}`);
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
