// How protocols and factories are called in the log.

export interface Loggable {
  logPrefix?: (() => string) | undefined;
}

/**
 * The `logPrefix()`, else the name of the class. An error in `logPrefix()`, which is user
 * code, must not hide the one that is to be logged.
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

/** The name of a wrapper, behind what it wraps: `Poet (TimeoutProtocol)`. */
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
