/**
 * Looking up host names, as the operating system does: what Node has for it, and
 * Deno as well.
 *
 * @module
 */

import * as dns from "node:dns";
import type { Attempt } from "../interfaces.ts";
import { lookupError } from "./node_errors.ts";

/** Looks the addresses of a host's name up. */
export function lookup(
  hostname: string,
  done: (outcome: readonly string[] | Error) => void,
): Attempt {
  let cancelled = false;
  // The system cannot be stopped any more: its answer is dropped.
  dns.lookup(hostname, { all: true, verbatim: true }, (error, found) => {
    if (cancelled) return;
    done(
      error === null || error === undefined
        ? found.map(({ address }) => address)
        : lookupError(hostname, error),
    );
  });
  return { cancel: () => void (cancelled = true) };
}
