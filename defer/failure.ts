/**
 * An error on its way down a chain of callbacks.
 *
 * @module
 */

import { printAsText } from "./inspect.ts";
import { log } from "./log.ts";

/** A class, or the name of one, as {@linkcode Failure.check} takes it. */
// deno-lint-ignore ban-types -- what `instanceof` takes on its right, abstract classes included
export type ErrorClass = Function | string;

/** The classes of `value`, its own first and `Object` last. */
// deno-lint-ignore ban-types -- a class is a function, whatever it constructs
function* classesOf(value: unknown): Generator<Function> {
  if (value === undefined || value === null) return;
  let prototype = Object.getPrototypeOf(Object(value));
  while (prototype !== null) {
    const { constructor } = prototype;
    if (typeof constructor === "function") yield constructor;
    prototype = Object.getPrototypeOf(prototype);
  }
}

/** Whether one of the classes of `value` has this name. */
function hasClassNamed(value: unknown, name: string): boolean {
  for (const known of classesOf(value)) if (known.name === name) return true;
  return false;
}

/** The text of any value, even of one that fails when asked for it. */
function textOf(value: unknown): string {
  try {
    return value instanceof Error ? value.message : String(value);
  } catch {
    return "(a value that cannot be written as text)";
  }
}

/** The frames of an error's stack as V8 writes them, one a line. */
function framesOf(value: unknown): string {
  if (!(value instanceof Error) || typeof value.stack !== "string") return "";
  const start = value.stack.search(/^ +at /m);
  return start < 0 ? "" : `${value.stack.slice(start).trimEnd()}\n`;
}

/**
 * An error, held as a value: it can be stored, handed on and asked what it is,
 * outside of any `catch`. Errbacks are called with one.
 *
 * This is Twisted's `twisted.python.failure.Failure`. JavaScript errors know
 * their stack from the moment they are made, so a failure says itself, by
 * `raised`, whether its error was ever thrown; only then is the stack shown.
 *
 * @example
 * ```ts
 * import { Failure } from "@deferno/deferno";
 *
 * const failure = new Failure(new RangeError("too many poems"));
 * console.assert(failure.check(TypeError, RangeError) === RangeError);
 * console.assert(failure.getErrorMessage() === "too many poems");
 * ```
 */
export class Failure {
  /** The error itself; by custom an `Error`, but anything can be thrown. */
  readonly value: unknown;
  /** Whether the error was caught from a `throw`. */
  readonly raised: boolean;

  /**
   * Holds an error.
   *
   * @param value the error; another failure gives a new one of the same error
   * @param options `raised` says that the error was caught from a `throw`
   *   (`false` unless given)
   */
  constructor(value: unknown, options?: { raised?: boolean | undefined }) {
    const inner = value instanceof Failure ? value : undefined;
    this.value = inner ? inner.value : value;
    this.raised = options?.raised ?? inner?.raised ?? false;
  }

  /** The class of the error; `undefined` where the value has none. */
  // deno-lint-ignore ban-types -- a class is a function, whatever it constructs
  get type(): Function | undefined {
    return classesOf(this.value).next().value;
  }

  /**
   * Calls a function and catches what it throws.
   *
   * @param fn what to call
   * @returns what `fn` returned, or the failure of what it threw
   */
  static capture<T>(fn: () => T): T | Failure {
    try {
      return fn();
    } catch (error) {
      return new Failure(error, { raised: true });
    }
  }

  /**
   * Asks whether the error is of one of some classes.
   *
   * @param types classes, or names of classes; a superclass matches too
   * @returns the first of `types` that matches, or `undefined`
   */
  check<Types extends readonly ErrorClass[]>(
    ...types: Types
  ): Types[number] | undefined {
    const boxed = Object(this.value);
    return types.find((type) =>
      typeof type === "string"
        ? hasClassNamed(this.value, type)
        : boxed instanceof type
    );
  }

  /**
   * Like {@linkcode Failure.check}, but throws the error itself where none of
   * the classes matches. In an errback that lets only the expected errors
   * through to the lines below.
   *
   * @param types classes, or names of classes; a superclass matches too
   * @returns the first of `types` that matches
   */
  trap<Types extends readonly ErrorClass[]>(...types: Types): Types[number] {
    const match = this.check(...types);
    if (match === undefined) throw this.value;
    return match;
  }

  /** Throws the error itself. */
  raiseException(): never {
    throw this.value;
  }

  /** The error's message, or the text of a value that is no `Error`. */
  getErrorMessage(): string {
    return textOf(this.value);
  }

  /** Heading, class, message and, where the error was thrown, its stack. */
  getTraceback(): string {
    if (!this.raised) {
      return `Traceback (failure with no frames):\n${this.#title()}\n`;
    }
    return `Traceback (most recent call first):\n${this.#title()}\n${
      framesOf(this.value)
    }`;
  }

  /** The same in the form that {@linkcode Failure.toString} puts in brackets. */
  getBriefTraceback(): string {
    if (!this.raised) {
      return `Traceback (failure with no frames): ${this.#title()}\n`;
    }
    return `Traceback: ${this.#title()}\n${framesOf(this.value)}`;
  }

  /** Writes the traceback to the log, as an error. */
  printTraceback(): void {
    log.err(this);
  }

  /** `[Failure instance: Traceback: NAME: MESSAGE`, the stack, and `]`. */
  toString(): string {
    return `[Failure instance: ${this.getBriefTraceback()}]`;
  }

  static {
    printAsText(this.prototype);
  }

  /** `NAME: MESSAGE`, where NAME is the error's class. */
  #title(): string {
    return `${this.type?.name ?? typeof this.value}: ${this.getErrorMessage()}`;
  }
}
