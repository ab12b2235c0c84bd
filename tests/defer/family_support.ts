// What tests want to know of a deferred, without waiting for anything.

import {
  type Deferred,
  Failure,
  log,
  reportUnhandledErrors,
} from "../../mod.ts";

/** What a deferred gives that has nothing to give yet. */
export const NOTHING = "no result yet";

/** Looks at the result that a chain has now, and leaves it there. */
export function resultOf(d: Deferred<unknown>): unknown {
  let seen: unknown = NOTHING;
  d.addBoth((result) => {
    if (seen === NOTHING) seen = result;
    return result;
  });
  const now = seen;
  // Whatever comes later is not looked at any more.
  seen = undefined;
  return now;
}

/** The error that a chain has now, which is handled by this. */
export function errorOf(d: Deferred<unknown>): unknown {
  let error: unknown = NOTHING;
  d.addErrback((failure) => {
    error = failure.value;
  });
  return error;
}

/** The error of a class that a chain has now, which is handled by this. */
export function failed<E>(
  d: Deferred<unknown>,
  type: new (...args: never[]) => E,
): E {
  const error = errorOf(d);
  if (error instanceof type) return error;
  throw new Error(`There is no ${type.name}: ${error}`);
}

/** The value inside of what should be a failure. */
export function valueIn(failure: unknown): unknown {
  return failure instanceof Failure ? failure.value : "no failure";
}

/** The messages of the errors that nobody has handled when `fn` has run. */
export function unhandledAfter(fn: () => void): string[] {
  const told: string[] = [];
  let forget = log.addObserver(() => {});
  reportUnhandledErrors();
  forget();
  forget = log.addObserver(({ text, failure }) => {
    told.push(failure?.getErrorMessage() ?? text);
  });
  try {
    fn();
    reportUnhandledErrors();
  } finally {
    forget();
  }
  return told;
}
