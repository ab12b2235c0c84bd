// The strings that describe endpoints: `tcp:poems.test:port=10000`.

import type { Reactor } from "../reactor.ts";

export interface Description {
  readonly type: string;
  readonly positional: readonly string[];
  readonly named: readonly (readonly [name: string, value: string])[];
}

export interface ArgumentNames {
  readonly positional: readonly string[];
  /** Which must be named. */
  readonly named?: readonly string[];
}

export interface EndpointType<E> {
  names(description: Description): ArgumentNames;
  make(reactor: Reactor, args: Arguments): E;
}

/** @throws an error of the same class, whose message begins with the string */
export function fromString<E>(
  reactor: Reactor,
  text: string,
  types: Readonly<Record<string, EndpointType<E>>>,
): E {
  try {
    const description = parseDescription(text);
    const type = Object.hasOwn(types, description.type)
      ? types[description.type]
      : undefined;
    if (type === undefined) throw unknownType(Object.keys(types));
    const args = bindArguments(description, type.names(description));
    return type.make(reactor, args);
  } catch (error) {
    throw explained(text, error as Error);
  }
}

function unknownType(known: string[]): SyntaxError {
  const beginnings = known.map((type) => `${type}:`);
  return new SyntaxError(`it must begin with ${beginnings.join(", ")}`);
}

function explained(text: string, error: Error): Error {
  const { message } = error;
  const why = message.charAt(0).toLowerCase() + message.slice(1);
  const classes = [SyntaxError, RangeError, TypeError];
  const Same = classes.find((one) => error instanceof one) ?? Error;
  return new Same(`Cannot read the endpoint ${JSON.stringify(text)}: ${why}`, {
    cause: error.cause,
  });
}

/**
 * Quotes text for an endpoint's string, like a path or an IPv6 address: Twisted's
 * `quoteStringArgument`. `::1` becomes `\:\:1`.
 * @category Endpoints
 */
export function quoteStringArgument(argument: string): string {
  return argument.replace(/[\\:]/g, "\\$&");
}

/**
 * Splits a string at its colons, and parts at their first `=`; a backslash escapes.
 * @throws {SyntaxError} if nothing follows a backslash
 */
function parseDescription(text: string): Description {
  const [type = [""], ...parts] = split(text);
  const positional: string[] = [];
  const named: [string, string][] = [];
  for (const [first, value] of parts) {
    if (value === undefined) positional.push(first);
    else named.push([first, value]);
  }
  return { type: type.join("="), positional, named };
}

type Part = [first: string, value?: string];

function split(text: string): Part[] {
  let part: Part = [""];
  const parts: Part[] = [part];
  const characters = text[Symbol.iterator]();
  for (const character of characters) {
    if (character === ":") parts.push(part = [""]);
    else if (character === "=" && part.length === 1) part.push("");
    else append(part, character === "\\" ? escaped(characters) : character);
  }
  return parts;
}

function append(part: Part, text: string): void {
  if (part.length === 1) part[0] += text;
  else part[1] += text;
}

function escaped(characters: Iterator<string>): string {
  const next = characters.next();
  if (!next.done) return next.value;
  throw new SyntaxError("nothing follows the backslash at its end");
}

/** @throws {TypeError} if there are too many, an unknown one, or one twice */
function bindArguments(
  { type, positional, named }: Description,
  names: ArgumentNames,
): Arguments {
  const known = [...names.positional, ...names.named ?? []];
  const takes = `${type}: takes ${known.join(", ")}`;
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

/** Checked when read. */
export class Arguments {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  optional(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws {TypeError} if it is missing */
  required(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    throw new TypeError(`the ${name} is missing`);
  }

  /** The endpoint checks its range. */
  port(): number {
    return readNumber("port", this.required("port"), INTEGER);
  }

  backlog(): number | undefined {
    return this.#number("backlog", INTEGER);
  }

  /** In seconds. */
  timeout(): number | undefined {
    const timeout = this.#number("timeout", DECIMAL);
    if (timeout === undefined || timeout >= 0) return timeout;
    const message = `the timeout must be 0 or more seconds, got ${timeout}`;
    throw new RangeError(message);
  }

  /** In seconds; `null` for any time. */
  handshakeTimeout(): number | null | undefined {
    const name = "handshakeTimeout";
    if (this.optional(name) === "null") return null;
    return this.#number(name, DECIMAL);
  }

  bindAddress(): readonly [host: string, port: number] | undefined {
    const host = this.optional("bindAddress");
    return host === undefined ? undefined : [host, 0];
  }

  mode(): number | undefined {
    const text = this.optional("mode");
    if (text === undefined) return undefined;
    if (/^(0o)?[0-7]+$/.test(text)) return parseInt(text.replace("0o", ""), 8);
    throw new SyntaxError(
      `the mode must be an octal number like 660, got ${JSON.stringify(text)}`,
    );
  }

  flag(name: string): boolean | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (/^(1|yes)$/.test(text)) return true;
    if (/^(0|no)$/.test(text)) return false;
    throw new SyntaxError(
      `${name} must be yes, no, 1 or 0, got ${JSON.stringify(text)}`,
    );
  }

  #number(name: string, form: NumberForm): number | undefined {
    const text = this.optional(name);
    return text === undefined ? undefined : readNumber(name, text, form);
  }
}

interface NumberForm {
  readonly pattern: RegExp;
  readonly is: string;
}

const INTEGER: NumberForm = { pattern: /^-?\d+$/, is: "an integer" };
const DECIMAL: NumberForm = { pattern: /^-?\d+(\.\d+)?$/, is: "a number" };

function readNumber(name: string, text: string, form: NumberForm): number {
  if (form.pattern.test(text)) return Number(text);
  throw new SyntaxError(
    `the ${name} must be ${form.is}, got ${JSON.stringify(text)}`,
  );
}
