/**
 * Looking up host names, on Deno: what it has of its own asks name servers alone,
 * who know nothing of `localhost`, so that Node's way is taken.
 *
 * @module
 */

import type { Attempt } from "../../backend.ts";
import { lookupError } from "./errors.ts";

/** Looks the addresses of a host's name up. */
export function lookup(
  hostname: string,
  done: (outcome: readonly string[] | Error) => void,
): Attempt {
  let cancelled = false;
  const finish = (outcome: readonly string[] | Error) => {
    if (!cancelled) done(outcome);
  };
  // Loaded by the first who needs it: most programs never do.
  import("../node/lookup.ts").then((node) => {
    node.lookup(hostname, (outcome) => {
      const isError = outcome instanceof Error;
      finish(isError ? lookupError(hostname, outcome) : outcome);
    });
  }, finish);
  return { cancel: () => void (cancelled = true) };
}
