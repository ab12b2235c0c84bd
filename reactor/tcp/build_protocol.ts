/**
 * The protocol of a connection that a factory builds.
 *
 * @module
 */

import { kindOf } from "../../defer/checks.ts";
import type { Failure, Log } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import { guard } from "../guard.ts";
import type { AnyFactory, AnyProtocol } from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";

/**
 * Has a factory build a protocol. What it throws is logged, and so is that it gave
 * something that is no protocol, as an async function does.
 *
 * @param onFailure told of the failure after it was logged
 * @returns nothing where there is no protocol
 */
export function buildProtocol(
  log: Log,
  factory: AnyFactory,
  address: Address,
  onFailure?: (failure: Failure) => void,
): AnyProtocol | undefined {
  const what = `buildProtocol of ${logPrefixOf(factory)}`;
  const built = guard(
    log,
    what,
    () => factory.buildProtocol(address),
    onFailure,
  );
  if (!built) return undefined;
  return guard(log, what, () => checked(built), onFailure);
}

function checked(built: AnyProtocol): AnyProtocol {
  if (typeof built.makeConnection === "function") return built;
  throw new TypeError(
    `buildProtocol must give a protocol, or nothing, and this is ${
      kindOf(built)
    }`,
  );
}
