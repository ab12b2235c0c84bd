/**
 * Classes whose objects are recognised in every copy of the library: two packages of a
 * program may each bring one.
 * @module
 */

const KIND = Symbol.for("deferno.kind");

/**
 * Marks the objects of a class, and has `instanceof` go by that; subclasses stay as they
 * are.
 */
export function brand(
  type: abstract new (...args: never[]) => object,
  kind: string,
): void {
  Object.defineProperty(type.prototype, KIND, { value: kind });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: typeof type, value: object) {
      return brandOf(value) === kind &&
        (this === type ||
          Object.prototype.isPrototypeOf.call(this.prototype, value));
    },
  });
}

/** The kind of a marked object. A revoked proxy, which throws, has none. */
export function brandOf(value: unknown): unknown {
  try {
    return (value as { [KIND]?: unknown } | null | undefined)?.[KIND];
  } catch {
    return undefined;
  }
}
