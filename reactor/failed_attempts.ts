/**
 * Why none of several attempts has succeeded.
 *
 * @module
 */

/** The first error, with the others as its cause. */
export function withOthers([first, ...others]: readonly unknown[]): unknown {
  if (others.length > 0 && first instanceof Error) {
    first.cause = new AggregateError(
      others,
      "The attempts at the other addresses failed as well",
      { cause: first.cause },
    );
  }
  return first;
}
