/**
 * Checks permissions before they are used: Deno would prompt at the terminal, or throw.
 * Each `require` throws a {@linkcode UsageError} instead.
 *
 * @module
 */

import { type Address, formatAddress } from "./addresses.ts";
import { UsageError } from "./exit.ts";

export function requireNet(address: Address): void {
  const host = formatAddress(address);
  requireGranted({ name: "net", host }, `use ${host}`);
}

export function requireUnix(path: string): void {
  const host = `unix:${path}`;
  requireGranted({ name: "net", host }, `use ${host}`);
  requireRead(path);
  requireGranted({ name: "write", path }, `write ${path}`);
}

export function requireRead(path: string): void {
  requireGranted({ name: "read", path }, `read ${path}`);
}

export function requireWorkers(): void {
  const missing = [];
  if (!isGranted({ name: "run", command: Deno.execPath() })) {
    missing.push("--allow-run");
  }
  // The flag itself cannot be queried; this function comes with it.
  if (!("listenDatagram" in Deno)) missing.push("--unstable-net");
  if (missing.length === 0) return;
  throw new UsageError(
    `Cannot start workers on one port: deno run needs ${
      missing.join(" and ")
    }.`,
  );
}

/**
 * The permissions of a process that uses that address and reads that file: no more than
 * this program has.
 */
export function flagsFor(address: Address, path: string): string[] {
  const net = isGranted({ name: "net" }) ? "" : `=${formatAddress(address)}`;
  // A comma separates paths; two are a literal comma.
  const file = isGranted({ name: "read" })
    ? ""
    : `=${path.replaceAll(",", ",,")}`;
  return [`--allow-net${net}`, `--allow-read${file}`];
}

function requireGranted(
  permission: Deno.PermissionDescriptor,
  use: string,
): void {
  if (isGranted(permission)) return;
  throw new UsageError(
    `No permission to ${use}: deno run needs --allow-${permission.name}.`,
  );
}

function isGranted(permission: Deno.PermissionDescriptor): boolean {
  try {
    return Deno.permissions.querySync(permission).state === "granted";
  } catch {
    // An invalid host or path: to open it will fail, and say why.
    return true;
  }
}
