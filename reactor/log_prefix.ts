export interface Loggable {
  logPrefix?: (() => string) | undefined;
}

/**
 * The class's name without a `logPrefix()`, whose error must not hide the one to be
 * logged.
 */
export function logPrefixOf(named: Loggable): string {
  try {
    const prefix: unknown = named.logPrefix?.();
    if (typeof prefix === "string") return prefix;
  } catch {
    // The class's name has to do.
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
