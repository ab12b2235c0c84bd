import { mustBe } from "../../defer/checks.ts";
import type { Failure, Log } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import { callUser } from "../loop/call_user.ts";
import type { FactoryLike, ProtocolLike } from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";

/**
 * What the factory throws is logged, and so is a result that is not a protocol, like an
 * async function's.
 * @param onFailure called after that
 */
export function buildProtocol(
  log: Log,
  factory: FactoryLike,
  address: Address,
  onFailure?: (failure: Failure) => void,
): ProtocolLike | undefined {
  const what = `buildProtocol of ${logPrefixOf(factory)}`;
  const built = callUser(
    log,
    what,
    () => factory.buildProtocol(address),
    onFailure,
  );
  if (!built) return undefined;
  return callUser(log, what, () => checked(built), onFailure);
}

function checked(built: ProtocolLike): ProtocolLike {
  if (typeof built.makeConnection === "function") return built;
  throw new TypeError(
    mustBe("What buildProtocol returns", "a protocol or nothing", built),
  );
}
