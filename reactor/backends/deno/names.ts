// `Deno.resolveDns` asks name servers alone, which do not know `localhost`: so Node's way
// is taken.

import type { Attempt } from "../../backend.ts";
import { lookupError } from "../errors.ts";

export function lookup(
  hostname: string,
  done: (outcome: readonly string[] | Error) => void,
): Attempt {
  let cancelled = false;
  const finish = (outcome: readonly string[] | Error) => {
    if (!cancelled) done(outcome);
  };
  // At first use: most programs never need it.
  import("../node/names.ts").then((node) => {
    node.lookup(hostname, (outcome) => {
      const isError = outcome instanceof Error;
      finish(isError ? namePermission(hostname, outcome) : outcome);
    });
  }, finish);
  return { cancel: () => void (cancelled = true) };
}

/** Node's look-up knows no permissions. */
function namePermission(hostname: string, error: Error): Error {
  const { cause } = error;
  const isForbidden = cause instanceof Error && "code" in cause &&
    cause.code === "EPERM";
  if (!isForbidden) return error;
  const text =
    `requires net access to "${hostname}", run again with the --allow-net flag`;
  return lookupError(hostname, { kind: "other", text, error: cause });
}
