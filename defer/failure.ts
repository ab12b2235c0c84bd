import { brand, isFailure, printAsText } from "./identity.ts";
import { log } from "./log.ts";
import {
  classesOf,
  classNameOf,
  framesOf,
  messageOf,
  nameOfFunction,
} from "./text.ts";

/**
 * A class, or its name, for {@linkcode Failure.check}.
 * @category Deferred
 */
// deno-lint-ignore ban-types -- what `instanceof` takes on its right, abstract classes included
export type ErrorClass = Function | string;

/**
 * The instances of a class.
 * @category Deferred
 */
export type ErrorOf<Type> = Type extends
  abstract new (...args: never[]) => infer E ? E
  : unknown;

/**
 * A class from which {@linkcode Failure.check} infers the error's type.
 * @category Deferred
 */
export type ErrorClassOf<E> = abstract new (...args: never[]) => E;

function hasClassNamed(value: unknown, name: string): boolean {
  return [...classesOf(value)].some((known) => nameOfFunction(known) === name);
}

function isInstance(value: unknown, type: ErrorClass): boolean {
  if (typeof type === "string") return hasClassNamed(value, type);
  try {
    return Object(value) instanceof type;
  } catch {
    // An invalid type throws again; else `value` is a revoked proxy.
    return Object.create(null) instanceof type;
  }
}

interface Texts {
  readonly name: string;
  readonly message: string;
  readonly frames: string;
}

const NO_FRAMES = "failure with no frames";

const borrowedTexts = new WeakMap<Failure, Texts>();

/** Of another error, with the present texts of `original`. */
export let standIn: (original: Failure, value: unknown) => Failure;

/**
 * An error as a value, which errbacks get: Twisted's `Failure`. JavaScript errors have a
 * stack when made; it is shown only of those that were thrown (`raised`).
 * @example
 * ```ts
 * import { Failure } from "@deferno/deferno";
 *
 * const failure = new Failure(new RangeError("too many poems"));
 * console.assert(failure.trap(TypeError, RangeError) === RangeError);
 * console.assert(failure.getErrorMessage() === "too many poems");
 * ```
 * @category Deferred
 */
export class Failure {
  /** Not always an `Error`: anything can be thrown. */
  readonly value: unknown;
  /** Whether it was caught from a `throw`. */
  readonly raised: boolean;

  /**
   * Wraps an error, or that of a failure.
   * @param options `raised`: caught from a `throw` (default `false`)
   */
  constructor(value: unknown, options?: { raised?: boolean | undefined }) {
    const inner = isFailure(value) ? value : undefined;
    this.value = inner ? inner.value : value;
    this.raised = options?.raised ?? inner?.raised ?? false;
  }

  /** The error's class, if any. */
  // deno-lint-ignore ban-types -- a class is a function, whatever it constructs
  get type(): Function | undefined {
    return classesOf(this.value).next().value;
  }

  /** What a function returned, or a failure of what it threw. */
  static capture<T>(fn: () => T): T | Failure {
    try {
      return fn();
    } catch (error) {
      return caught(error);
    }
  }

  /**
   * Checks the error's class, or a superclass, and narrows `value`:
   * `if (failure.check(PoetryError)) failure.value.poem`.
   * @returns the first that matches, or `undefined`
   */
  check<Types extends readonly ErrorClassOf<unknown>[]>(
    ...types: Types
  ): this is this & { readonly value: ErrorOf<Types[number]> };
  /** Also by names, which do not narrow. */
  check<Types extends readonly ErrorClass[]>(
    ...types: Types
  ): Types[number] | undefined;
  check(...types: ErrorClass[]): unknown {
    return this.#match(types);
  }

  /** Throws the error if no class matches: for an errback of expected ones only. */
  trap<Types extends readonly ErrorClass[]>(...types: Types): Types[number] {
    const match = this.#match(types);
    if (match === undefined) throw this.value;
    return match;
  }

  /** Throws the error. */
  raiseException(): never {
    throw this.value;
  }

  /** The message, or the text of what is no `Error`. */
  getErrorMessage(): string {
    return borrowedTexts.get(this)?.message ?? messageOf(this.value);
  }

  /** Heading, class, message and, if thrown, the stack. */
  getTraceback(): string {
    const how = this.raised ? "most recent call first" : NO_FRAMES;
    return `Traceback (${how}):\n${this.#titleAndFrames()}`;
  }

  /** As in {@linkcode Failure.toString}. */
  getBriefTraceback(): string {
    const how = this.raised ? "" : ` (${NO_FRAMES})`;
    return `Traceback${how}: ${this.#titleAndFrames()}`;
  }

  /** Logs the failure. */
  printTraceback(): void {
    log.err(this);
  }

  /** `[Failure instance: Traceback: NAME: MESSAGE`, the stack, and `]`. */
  toString(): string {
    return `[Failure instance: ${this.getBriefTraceback()}]`;
  }

  static {
    printAsText(this.prototype);
    brand(this, "Failure");
    standIn = (original, value) => {
      const { raised } = original;
      const failure = new Failure(value, { raised });
      // Another copy's private parts are out of reach.
      const known = #texts in original ? original : new Failure(original);
      borrowedTexts.set(failure, known.#texts());
      return failure;
    };
  }

  #match<Types extends readonly ErrorClass[]>(
    types: Types,
  ): Types[number] | undefined {
    return types.find((type) => isInstance(this.value, type));
  }

  /** Frames only of thrown errors: to write a stack takes long. */
  #texts(): Texts {
    const { value } = this;
    return borrowedTexts.get(this) ?? {
      name: classNameOf(value),
      message: this.getErrorMessage(),
      frames: this.raised ? framesOf(value) : "",
    };
  }

  #titleAndFrames(): string {
    const { name, message, frames } = this.#texts();
    return `${name}: ${message}\n${frames}`;
  }
}

export function caught(error: unknown): Failure {
  return new Failure(error, { raised: true });
}
