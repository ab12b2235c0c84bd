export interface Loggable {
  logPrefix?: (() => string) | undefined;
}

/** The class's name if `logPrefix()` is missing or throws: that must hide no error. */
export function logPrefixOf(named: Loggable): string {
  try {
    const prefix: unknown = named.logPrefix?.();
    if (typeof prefix === "string") return prefix;
  } catch {
    // As without one.
  }
  return classNameOf(named);
}

/** `Poet (TimeoutProtocol)`. */
export function wrappedLogPrefix(
  wrapper: Loggable,
  wrapped: Loggable | undefined,
): string {
  const name = classNameOf(wrapper);
  return wrapped === undefined ? name : `${logPrefixOf(wrapped)} (${name})`;
}

function classNameOf(named: object): string {
  // Without a prototype it has none.
  const { constructor }: { constructor?: unknown } = named;
  return typeof constructor === "function" ? constructor.name : "an object";
}
