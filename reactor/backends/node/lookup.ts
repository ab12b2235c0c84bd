/**
 * Looking up host names, as the operating system does: what Node has for it, and
 * Deno as well.
 *
 * @module
 */

// As a whole: programs put functions of their own in the place of its own.
import dns from "node:dns";
import { encodeHostName } from "../../host_names.ts";
import type { Attempt } from "../../backend.ts";
import { lookupError, type SystemError } from "./errors.ts";

/**
 * Looks the addresses of a host's name up.
 *
 * @param done never told before this returns
 */
export function lookup(
  hostname: string,
  done: (outcome: readonly string[] | Error) => void,
): Attempt {
  return lookupAddresses(hostname, (outcome) => {
    done(outcome instanceof Error ? lookupError(hostname, outcome) : outcome);
  });
}

/** The same, with the error as Node has it. */
export function lookupAddresses(
  hostname: string,
  done: (outcome: readonly string[] | SystemError) => void,
): Attempt {
  let cancelled = false;
  const finish = (outcome: readonly string[] | SystemError) => {
    if (!cancelled) done(outcome);
  };
  const name = encodeHostName(hostname);
  // To Node no name at all is localhost.
  if (!name) {
    const error = nameError(hostname);
    queueMicrotask(() => finish(error));
  } else {
    // The system cannot be stopped any more: its answer is dropped.
    dns.lookup(name, { all: true, verbatim: true }, (error, found) => {
      const addresses = found?.map(({ address }) => address) ?? [];
      const isNone = addresses.length === 0;
      finish(error ?? (isNone ? nameError(hostname) : addresses));
    });
  }
  return { cancel: () => void (cancelled = true) };
}

function nameError(hostname: string): SystemError {
  const why = hostname === "" ? "Invalid empty host: ''" : "Invalid host name";
  return Object.assign(new Error(why), { syscall: "getaddrinfo" });
}
