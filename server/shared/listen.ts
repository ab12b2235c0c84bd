/**
 * Opens a port without a reactor.
 *
 * @module
 */

import { type Address, formatAddress } from "../../cli/addresses.ts";
import { requireNet } from "../../cli/permissions.ts";
import { reasonOf, UsageError } from "../../cli/exit.ts";

/** @throws {UsageError} if that is impossible, or not permitted */
export function listen(address: Address): Deno.TcpListener {
  requireNet(address);
  try {
    return Deno.listen(address);
  } catch (error) {
    throw new UsageError(
      `Cannot listen on ${formatAddress(address)}: ${reasonOf(error)}.`,
    );
  }
}
