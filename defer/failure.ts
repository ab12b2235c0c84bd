/**
 * An error on its way down a chain of callbacks.
 *
 * @module
 */

import { printAsText } from "./inspect.ts";
import { log } from "./log.ts";
import {
  classesOf,
  classNameOf,
  framesOf,
  messageOf,
  nameOfFunction,
} from "./text.ts";

/** A class, or the name of one, as {@linkcode Failure.check} takes it. */
// deno-lint-ignore ban-types -- what `instanceof` takes on its right, abstract classes included
export type ErrorClass = Function | string;

/** The type of an error that {@linkcode Failure.check} finds to be of the class `Type`. */
export type ErrorOf<Type> = Type extends
  abstract new (...args: never[]) => infer E ? E
  : unknown;

/** A class by which {@linkcode Failure.check} tells the compiler what the error is. */
export type ErrorClassOf<E> = abstract new (...args: never[]) => E;

/** Whether one of the classes of `value` has this name. */
function hasClassNamed(value: unknown, name: string): boolean {
  for (const known of classesOf(value)) {
    if (nameOfFunction(known) === name) return true;
  }
  return false;
}

/** Whether `value` is of a class, or of one that extends it. */
function isInstance(value: unknown, type: ErrorClass): boolean {
  if (typeof type === "string") return hasClassNamed(value, type);
  try {
    return Object(value) instanceof type;
  } catch {
    // A type that `instanceof` does not take throws here as well; what is left
    // is a value that cannot be asked for its classes.
    return Object.create(null) instanceof type;
  }
}

/** What is written about an error. */
interface Texts {
  readonly name: string;
  readonly message: string;
  readonly frames: string;
}

/** The texts of failures that stand in for others. */
const borrowedTexts = new WeakMap<Failure, Texts>();

// What the class below lets this folder's other files see and do.
/** A failure of another error that is written as `original` is written now. */
export let standIn: (original: Failure, value: unknown) => Failure;

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
 * console.assert(failure.trap(TypeError, RangeError) === RangeError);
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
    const inner = isFailure(value) ? value : undefined;
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
   * Asks whether the error is of one of some classes. Where it is, the compiler
   * knows it from `value`: `if (failure.check(PoetryError)) failure.value.poem`.
   *
   * @param types classes; a superclass matches too
   * @returns the first of `types` that matches, which is true, or `undefined`;
   *   {@linkcode Failure.trap} is typed as what it returns
   */
  check<Types extends readonly ErrorClassOf<unknown>[]>(
    ...types: Types
  ): this is this & { readonly value: ErrorOf<Types[number]> };
  /**
   * Asks the same with names of classes as well, from which the compiler knows
   * nothing.
   *
   * @param types classes, or names of classes; a superclass matches too
   * @returns the first of `types` that matches, or `undefined`
   */
  check<Types extends readonly ErrorClass[]>(
    ...types: Types
  ): Types[number] | undefined;
  check(...types: ErrorClass[]): unknown {
    return types.find((type) => isInstance(this.value, type));
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
    const match: Types[number] | undefined = types.find((type) =>
      isInstance(this.value, type)
    );
    if (match === undefined) throw this.value;
    return match;
  }

  /** Throws the error itself. */
  raiseException(): never {
    throw this.value;
  }

  /** The error's message, or the text of a value that is no `Error`. */
  getErrorMessage(): string {
    return borrowedTexts.get(this)?.message ?? messageOf(this.value);
  }

  /** Heading, class, message and, where the error was thrown, its stack. */
  getTraceback(): string {
    if (!this.raised) {
      return `Traceback (failure with no frames):\n${this.#title()}\n`;
    }
    return `Traceback (most recent call first):\n${this.#title()}\n${this.#frames()}`;
  }

  /** The same in the form that {@linkcode Failure.toString} puts in brackets. */
  getBriefTraceback(): string {
    if (!this.raised) {
      return `Traceback (failure with no frames): ${this.#title()}\n`;
    }
    return `Traceback: ${this.#title()}\n${this.#frames()}`;
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
    standIn = (original, value) => {
      const failure = new Failure(value, { raised: original.raised });
      borrowedTexts.set(failure, {
        name: original.#name(),
        message: original.getErrorMessage(),
        frames: original.raised ? original.#frames() : "",
      });
      return failure;
    };
  }

  /** `NAME: MESSAGE`, where NAME is the error's class. */
  #title(): string {
    return `${this.#name()}: ${this.getErrorMessage()}`;
  }

  #name(): string {
    return borrowedTexts.get(this)?.name ?? classNameOf(this.value);
  }

  #frames(): string {
    return borrowedTexts.get(this)?.frames ?? framesOf(this.value);
  }
}

/** Whether a value is a failure; a proxy that was revoked is none. */
export function isFailure(value: unknown): value is Failure {
  try {
    return value instanceof Failure;
  } catch {
    return false;
  }
}
