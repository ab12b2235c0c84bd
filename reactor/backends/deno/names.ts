// `Deno.resolveDns` asks name servers alone, which do not know `localhost`: so Node's way
// is taken.

import type { Attempt } from "../../backend.ts";
import { lookupError } from "../errors.ts";
import { lookup as lookupWithNode } from "../node/names.ts";

export function lookup(
  hostname: string,
  done: (outcome: readonly string[] | Error) => void,
): Attempt {
  return lookupWithNode(hostname, (outcome) => {
    const isError = outcome instanceof Error;
    done(isError ? namePermission(hostname, outcome) : outcome);
  });
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
