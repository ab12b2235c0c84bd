/**
 * Who somebody is, for the log.
 *
 * @module
 */

/** What may say who it is, as protocols and factories do. */
export interface Loggable {
  /** Who this is; the name of its class, where this is missing. */
  logPrefix?: (() => string) | undefined;
}

/**
 * Who a protocol or a factory is, for the log: as it says itself, else by the name
 * of its class. What it says is its user's code. An error in there must not hide
 * the one that the log is to be told of, so it is the class's name then, too.
 */
export function logPrefixOf(named: Loggable): string {
  try {
    const prefix: unknown = named.logPrefix?.();
    if (typeof prefix === "string") return prefix;
  } catch {
    // The name of its class has to do.
  }
  return classNameOf(named);
}

/**
 * Who a wrapper is, for the log: first the one that a user has written, then what
 * was laid around it. `Poet (TimeoutProtocol)`.
 */
export function wrappedLogPrefix(
  wrapper: Loggable,
  wrapped: Loggable | undefined,
): string {
  const name = classNameOf(wrapper);
  return wrapped === undefined ? name : `${logPrefixOf(wrapped)} (${name})`;
}

function classNameOf(named: object): string {
  // An object without a prototype has none.
  const { constructor }: { constructor?: unknown } = named;
  return typeof constructor === "function" ? constructor.name : "an object";
}
