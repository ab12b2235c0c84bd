/**
 * The arguments in the string of an endpoint, and what they stand for.
 *
 * @module
 */

import type { Description } from "./description.ts";

/** Which arguments there can be. */
export interface ArgumentNames {
  /** Those that need no name, in their order. */
  readonly positional: readonly string[];
  /**
   * Those that need one.
   *
   * @default {[]}
   */
  readonly named?: readonly string[] | undefined;
}

/** The arguments of one string. What is wrong with one is told as it is read. */
export class Arguments {
  readonly #values: ReadonlyMap<string, string>;

  /** @param values the arguments, by their names */
  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** An argument that may be missing. */
  optional(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws {TypeError} if it is missing */
  required(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    throw new TypeError(`the ${name} is missing`);
  }

  /**
   * A port.
   *
   * @throws {TypeError} if it is missing
   * @throws {SyntaxError} if it is no integer
   */
  port(): number {
    return readNumber("port", this.required("port"), INTEGER);
  }

  /** How many connections may wait to be accepted, if that is said. */
  backlog(): number | undefined {
    return this.#number("backlog", INTEGER);
  }

  /** How long to try, in seconds, if that is said. */
  timeout(): number | undefined {
    const timeout = this.#number("timeout", DECIMAL);
    if (timeout === undefined || timeout >= 0) return timeout;
    throw new RangeError(
      `the timeout must be 0 or more seconds: it is ${timeout}`,
    );
  }

  /**
   * How long a handshake may take, in seconds, if that is said; `null` stands for
   * as long as it likes.
   *
   * @throws {SyntaxError} if it is neither
   */
  handshakeTimeout(): number | null | undefined {
    const name = "handshakeTimeout";
    if (this.optional(name) === "null") return null;
    return this.#number(name, DECIMAL);
  }

  /** Where to connect from, if that is said. */
  bindAddress(): readonly [host: string, port: number] | undefined {
    const host = this.optional("bindAddress");
    return host === undefined ? undefined : [host, 0];
  }

  /**
   * Permissions of a file, if they are said.
   *
   * @throws {SyntaxError} if they are no octal number
   */
  mode(): number | undefined {
    const text = this.optional("mode");
    if (text === undefined) return undefined;
    if (/^(0o)?[0-7]+$/.test(text)) return parseInt(text.replace("0o", ""), 8);
    throw new SyntaxError(
      `the mode must be an octal number, like 660: it is ${text}`,
    );
  }

  /**
   * Whether something is wanted, if that is said: 1 or yes, 0 or no.
   *
   * @throws {SyntaxError} if it is something else
   */
  flag(name: string): boolean | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (/^(1|yes)$/.test(text)) return true;
    if (/^(0|no)$/.test(text)) return false;
    throw new SyntaxError(`${name} must be yes or no, 1 or 0: it is ${text}`);
  }

  #number(name: string, form: NumberForm): number | undefined {
    const text = this.optional(name);
    return text === undefined ? undefined : readNumber(name, text, form);
  }
}

/** What a number is to look like. */
interface NumberForm {
  readonly pattern: RegExp;
  readonly is: string;
}

const INTEGER: NumberForm = { pattern: /^-?\d+$/, is: "an integer" };
const DECIMAL: NumberForm = { pattern: /^-?\d+(\.\d+)?$/, is: "a number" };

function readNumber(name: string, text: string, form: NumberForm): number {
  if (form.pattern.test(text)) return Number(text);
  throw new SyntaxError(
    `the ${name} must be ${form.is}: it is ${JSON.stringify(text)}`,
  );
}

/**
 * Gives each argument of a string its name.
 *
 * @param description the string, taken apart
 * @param names which arguments there can be
 * @throws {TypeError} if there are too many, or one that there cannot be, or one
 *   twice
 */
export function nameArguments(
  { kind, positional, named }: Description,
  names: ArgumentNames,
): Arguments {
  const known = [...names.positional, ...names.named ?? []];
  const takes = `${kind}: takes ${known.join(", ")}`;
  if (positional.length > names.positional.length) {
    const value = JSON.stringify(positional[names.positional.length]);
    throw new TypeError(`the argument ${value} needs a name: ${takes}`);
  }
  const values = new Map<string, string>();
  const given = positional.map((value, i) =>
    [names.positional[i] ?? "", value] as const
  );
  for (const [name, value] of [...given, ...named]) {
    if (!known.includes(name)) {
      throw new TypeError(`there is no argument ${name}: ${takes}`);
    }
    if (values.has(name)) throw new TypeError(`the ${name} is there twice`);
    values.set(name, value);
  }
  return new Arguments(values);
}
