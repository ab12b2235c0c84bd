/**
 * The types of the assertions, which npm's copy of the Deno standard library comes
 * without: as much of them as the tests use.
 *
 * @module
 */

/** A class whose instances an assertion asks for, abstract ones included. */
type ClassOf<T> = abstract new (...args: never[]) => T;

/** What counts as false. */
type Falsy = false | 0 | 0n | "" | null | undefined;

export function assert(expr: unknown, msg?: string): asserts expr;

export function assertFalse(expr: unknown, msg?: string): asserts expr is Falsy;

export function assertEquals<T>(actual: T, expected: T, msg?: string): void;

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T;

export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void;

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void;

export function assertLess<T>(actual: T, expected: T, msg?: string): void;

export function assertInstanceOf<C extends ClassOf<unknown>>(
  actual: unknown,
  expectedType: C,
  msg?: string,
): asserts actual is InstanceType<C>;

export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void;

export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void;

export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void;

export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  errorClass: ClassOf<E>,
  msgIncludes?: string,
  msg?: string,
): E;

export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
export function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ClassOf<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
