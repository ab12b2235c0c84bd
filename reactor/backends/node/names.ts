// Looked up by the system; for Deno as well.

import type { Attempt } from "../../backend.ts";
import { encodeHostName } from "../../addresses.ts";
import { lookupError } from "../errors.ts";
import { reasonOf, type SystemError } from "./errors.ts";
import { builtin } from "./modules.ts";

export function lookup(
  hostname: string,
  done: (outcome: readonly string[] | Error) => void,
): Attempt {
  return lookupAddresses(hostname, (outcome) => {
    const isError = outcome instanceof Error;
    done(isError ? lookupError(hostname, reasonOf(outcome)) : outcome);
  });
}

/** With Node's own error. */
export function lookupAddresses(
  hostname: string,
  done: (outcome: readonly string[] | SystemError) => void,
): Attempt {
  let cancelled = false;
  const finish = (outcome: readonly string[] | SystemError) => {
    if (!cancelled) done(outcome);
  };
  const name = encodeHostName(hostname);
  // Node takes an empty name for localhost.
  if (!name) {
    const error = nameError(hostname);
    queueMicrotask(() => finish(error));
  } else {
    // getaddrinfo cannot be cancelled.
    builtin("node:dns").lookup(
      name,
      { all: true, verbatim: true },
      (error, found) => {
        const addresses = found?.map(({ address }) => address) ?? [];
        const isEmpty = addresses.length === 0;
        finish(error ?? (isEmpty ? nameError(hostname) : addresses));
      },
    );
  }
  return { cancel: () => void (cancelled = true) };
}

function nameError(hostname: string): SystemError {
  const why = hostname === "" ? "Invalid empty host: ''" : "Invalid host name";
  return Object.assign(new Error(why), { syscall: "getaddrinfo" });
}
