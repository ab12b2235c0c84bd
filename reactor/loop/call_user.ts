import { mustBe } from "../../defer/checks.ts";
import { Failure, type Log } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type { FactoryLike, ProtocolLike } from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";

/**
 * What the function throws, or its promise rejects with, is logged and goes no further. A
 * deferred reports its errors itself.
 * @param what was called, for the log: `"a delayed call"`
 */
export function callUser<R>(
  log: Log,
  what: string,
  fn: () => R,
  onFailure?: (failure: Failure) => void,
): R | undefined {
  try {
    const result = fn();
    catchRejection(log, what, result, onFailure);
    return result;
  } catch (error) {
    report(log, what, error, onFailure);
    return undefined;
  }
}

/** With `onFailure`, an ended connection's reason is not logged. */
export function catchRejection(
  log: Log,
  what: string,
  result: unknown,
  onFailure?: (failure: Failure) => void,
): void {
  if (!(result instanceof Promise)) return;
  result.catch((error) => {
    if (onFailure === undefined || !isReported(error)) {
      return report(log, what, error, onFailure);
    }
    onFailure(new Failure(error, { raised: true }));
  });
}

function report(
  log: Log,
  what: string,
  error: unknown,
  onFailure?: (failure: Failure) => void,
): void {
  const failure = new Failure(error, { raised: true });
  log.err(failure, `Unhandled error in ${what}:`);
  onFailure?.(failure);
}

// The errors of ended web streams. Protocols get the same, so they are not logged again
// where the streams' user rejects with them.

const reported = new WeakSet<object>();

export function markReported(error: unknown): void {
  if (typeof error === "object" && error !== null) reported.add(error);
}

export function isReported(error: unknown): boolean {
  return typeof error === "object" && error !== null && reported.has(error);
}

/** Logs what the factory throws, and a result that is no protocol, like a promise. */
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
